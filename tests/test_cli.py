"""Facts about the command line."""

import json
import re
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import psutil
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from fifo_live.cli import app
from fifo_live.commands import checks
from fifo_live.commands.bench import Bench
from fifo_live.commands.checks import Verdict
from fifo_live.commands.options import make_config
from fifo_live.errors import ConfigError
from fifo_live.models.names import ADAPTERS
from tests.trees import ROOT

OPTIONS = {
    "serve": [
        "--config",
        "--decoder",
        "--dtype",
        "--host",
        "--init",
        "--lora",
        "--model",
        "--port",
        "--prompt",
        "--ranks",
        "--seed",
        "--set",
        "--text-encoder-device",
        "--token",
    ],
    "generate": [
        "--config",
        "--decoder",
        "--dtype",
        "--frames",
        "--init",
        "--lora",
        "--model",
        "--out",
        "--prompt",
        "--seed",
        "--set",
        "--text-encoder-device",
        "--transition",
        "-o",
    ],
    "steer": ["--config", "--no-wait", "--token", "--transition", "--urgency", "--url", "--wait"],
    "models": ["--json"],
    "bench": [
        "--config",
        "--frames",
        "--joins",
        "--json",
        "--levels",
        "--model",
        "--prompt",
        "--ranks",
        "--seed",
        "--set",
    ],
    "doctor": ["--config"],
    "obs": ["--config", "--host", "--port"],
}
"""What people type. A change here breaks their scripts: say so in the changelog."""


def options_of(command: str) -> list[str]:
    """Return the options of a command, sorted."""
    commands = get_command(app).commands  # type: ignore[attr-defined]
    parameters = [parameter for parameter in commands[command].params if parameter.param_type_name == "option"]
    return sorted(name for parameter in parameters for name in (*parameter.opts, *parameter.secondary_opts))


@pytest.mark.parametrize("command", OPTIONS)
def test_the_options_are_frozen(command: str) -> None:
    """Each command has exactly the options listed above."""
    assert options_of(command) == OPTIONS[command]


def test_the_commands_are_frozen() -> None:
    """There are exactly the commands listed above."""
    assert [info.callback.__name__ for info in app.registered_commands if info.callback] == list(OPTIONS)


@pytest.mark.parametrize("command", OPTIONS)
def test_every_command_and_option_is_explained(command: str) -> None:
    """--help works for each command and has a text for each parameter."""
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    parameters = get_command(app).commands[command].params  # type: ignore[attr-defined]
    assert [parameter.name for parameter in parameters if not getattr(parameter, "help", None)] == []


def test_options_come_over_the_file_and_the_file_over_the_defaults(tmp_path: Path) -> None:
    """The command line wins, an option that was not given changes nothing, and --set reaches every knob."""
    file = tmp_path / "knobs.toml"
    file.write_text("[server]\nport = 9000\nhost = '127.0.0.2'\n[engine]\nranks = 2\n")
    config = make_config(file, {"server": {"port": 9001, "host": None}}, ["engine.threads=3", "model.dtype=float32"])
    assert (config.server.port, config.server.host, config.engine.ranks) == (9001, "127.0.0.2", 2)
    assert (config.engine.threads, config.model.dtype) == (3, "float32")


def test_the_file_in_the_working_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """./fifo-live.toml counts without being named."""
    monkeypatch.chdir(tmp_path)
    assert make_config(None, {}).server.port == 8765
    (tmp_path / "fifo-live.toml").write_text("[server]\nport = 9000\n")
    assert make_config(None, {}).server.port == 9000


@pytest.mark.parametrize("assignment", ["threads=2", "engine.threads", "engine.thread=2", "engin.threads=2"])
def test_a_bad_assignment_is_refused(assignment: str) -> None:
    """--set without a section, without a value or with an unknown key is an error."""
    with pytest.raises(ConfigError):
        make_config(None, {}, [assignment])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["obs", "--config", "none.toml"], "fifo-live: No such configuration file: 'none.toml'."),
        (["serve", "--port", "70000"], "fifo-live: server.port is 70000"),
        (["serve", "--set", "server.prot=1"], "fifo-live: Unknown key 'server.prot'. Known keys of server: host,"),
        (["steer", "a sea", "--url", "http://127.0.0.1:1"], "fifo-live: No answer from http://127.0.0.1:1"),
    ],
)
def test_a_users_error_is_one_sentence(arguments: list[str], sentence: str) -> None:
    """What the user can mend is said on stderr in one line, with exit code 2."""
    command = [sys.executable, "-m", "fifo_live", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
    assert result.returncode == 2
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", Bench)
def test_every_benchmark_is_there(name: Bench) -> None:
    """Each name that `bench` takes is a file with a function to call, and documented."""
    assert callable(import_module(f"fifo_live.bench.{name}").measure)
    assert f"`fifo-live bench {name}`" in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_models_are_listed_as_json() -> None:
    """`models --json` prints the registry."""
    result = CliRunner().invoke(app, ["models", "--json"])
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    assert {"family", "model", "size", "window", "schedule", "weights_gb", "licence", "non_commercial"} <= set(rows[0])
    assert "cerspense/zeroscope_v2_576w" in [row["model"] for row in rows]


def test_models_are_listed_for_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """In 80 columns names, sizes and licences can be read."""
    monkeypatch.setenv("COLUMNS", "80")
    lines = CliRunner().invoke(app, ["models"]).stdout.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("cerspense/zeroscope_v2_576w "))
    assert lines[place].split() == ["cerspense/zeroscope_v2_576w", "576x320", "16", "3.7"]
    assert lines[place + 1].strip() == "CC-BY-NC-4.0, non-commercial use only"
    assert max(map(len, lines)) <= 80
    assert {line.partition(":")[0] for line in lines} >= set(ADAPTERS) - {"bundled"}
    assert "bundled" in [line.strip() for line in lines]


def test_obs_prints_the_addresses() -> None:
    """`obs` prints the browser source, the control page as a dock, and a loader file that exists."""
    result = CliRunner().invoke(app, ["obs", "--port", "9000"])
    assert "http://127.0.0.1:9000/obs/source\n" in result.stdout
    assert "http://127.0.0.1:9000/\n" in result.stdout
    loader = next(line for line in result.stdout.splitlines() if "Local file" in line).split()[-1]
    assert Path(loader).is_file()


def test_obs_gives_the_source_a_token_that_only_watches(tmp_path: Path) -> None:
    """With a token the source gets the one to watch with, and only the dock the one to steer with."""
    file = tmp_path / "knobs.toml"
    file.write_text("[server]\ntoken = 'secret'\n")
    printed = CliRunner().invoke(app, ["obs", "--config", str(file)]).stdout
    source = next(line for line in printed.splitlines() if "/obs/source" in line)
    assert "#token=" in source and "secret" not in source
    assert "/#token=secret" in printed


def test_doctor_finds_what_the_tests_need() -> None:
    """`doctor` goes through all its checks, and finds nothing on this machine that would keep a stream from running."""
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0, result.output
    for subject in (
        "Python",
        "torch",
        "CPU",
        "encoder libx264",
        "encoder libvpx",
        "shared memory",
        "network",
        "WebRTC",
        "port",
    ):
        assert re.search(rf"^(good|note) +{subject}", result.output, re.MULTILINE), result.output


def test_doctor_says_that_there_is_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no address but loopback a browser finds no way; with one the addresses are named."""
    monkeypatch.setattr(psutil, "net_if_stats", dict)
    (finding,) = checks.network()
    assert (finding.verdict, finding.fact) == (Verdict.NOTE, "no address but loopback")
    assert "connect this machine to a network" in finding.advice


def test_doctor_tries_ipv6_as_it_is(tmp_path: Path) -> None:
    """A port of ::1 that is free is said to be free, in brackets; one that is taken is said to be taken."""
    with socket.socket(socket.AF_INET6) as other:
        other.bind(("::1", 0))
        number = other.getsockname()[1]
        other.listen()
        (taken,) = checks.port(make_config(None, {"server": {"host": "::1", "port": number}}))
    (free,) = checks.port(make_config(None, {"server": {"host": "[::1]", "port": number}}))
    assert (free.verdict, free.fact) == (Verdict.GOOD, f"[::1]:{number} is free")
    assert taken.verdict is Verdict.NOTE and taken.fact.startswith(
        f"Cannot listen on [::1]:{number}: Address already in"
    )


@pytest.mark.parametrize("host", ["fd12::5", "fe80::1", "2001:db8::5", "[fd12::5]"])
def test_obs_prints_ipv6_addresses_whole(host: str) -> None:
    """What stands in brackets is no markup."""
    printed = CliRunner().invoke(app, ["obs", "--host", host]).stdout
    assert f"http://[{host.strip('[]')}]:8765/obs/source\n" in printed


def test_obs_prints_any_token(tmp_path: Path) -> None:
    """Percent-encoded, so that nothing in it is markup or ends the address."""
    file = tmp_path / "knobs.toml"
    file.write_text('[server]\ntoken = "[/red] a#b"\n')
    result = CliRunner().invoke(app, ["obs", "--config", str(file)])
    assert result.exit_code == 0
    assert "/#token=%5B%2Fred%5D%20a%23b\n" in result.stdout


def test_obs_knows_no_port_yet() -> None:
    """With port 0 there is nothing to print before the server runs."""
    result = CliRunner().invoke(app, ["obs", "--port", "0"])
    assert "The port is not known yet" in str(result.exception)
