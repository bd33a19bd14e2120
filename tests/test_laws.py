"""Facts about the house: who may import whom, and where torch lives."""

import re
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from fifo_live.models.names import ADAPTERS
from tests.trees import file_of, own_imports, sources

FLOORS = (
    ("fifo_live.errors",),
    ("fifo_live.toml_file",),
    ("fifo_live.ice_server",),
    ("fifo_live.config",),
    ("fifo_live.protocol",),
    ("fifo_live.link", "fifo_live.client"),
    ("fifo_live.bundled",),
    ("fifo_live.models",),
    ("fifo_live.engine", "server"),
    ("fifo_live.training",),
    ("fifo_live.worker",),
    ("fifo_live.bench",),
    ("fifo_live.commands",),
    ("fifo_live.cli",),
    ("fifo_live.__main__",),
)
"""The rooms from the ground up; an import points down, or stays in its room."""

SERVER_MAY_USE = (
    "fifo_live.ice_server",
    "fifo_live.link",
    "fifo_live.protocol",
    "fifo_live.config",
    "fifo_live.errors",
    "server",
)
ENGINE_MAY_USE = (
    "fifo_live.models.contract",
    "fifo_live.config",
    "fifo_live.errors",
    "fifo_live.protocol",
    "fifo_live.engine",
)
MODULES = sorted(sources())
MODULES_OF_ADAPTERS = {adapter.code.partition(":")[0] for adapter in ADAPTERS.values()}
MAX_ADAPTER_LINES = 125


def room(module: str) -> str:
    """Return the room that a module belongs to."""
    rooms = [name for floor in FLOORS for name in floor if is_in(module, name)]
    assert rooms, f"{module} belongs to no room; add it to FLOORS and to docs/architecture.md."
    return rooms[0]


def is_in(module: str, package: str) -> bool:
    """Return whether a module is a package or lies in it."""
    return module == package or module.startswith(package + ".")


def family_folder(module: str) -> str:
    """Return the folder in fifo_live/models that a family's module lies in; empty for all other modules."""
    parts = module.split(".")
    in_folder = len(parts) > 3 and parts[:2] == ["fifo_live", "models"] and parts[2] != "common"
    return parts[2] if in_folder else ""


def floor(module: str) -> int:
    """Return the height of a module's room."""
    return next(height for height, rooms in enumerate(FLOORS) if room(module) in rooms)


@pytest.mark.parametrize("module", [module for module in MODULES if module != "fifo_live"])
def test_imports_point_down(module: str) -> None:
    """A module imports from its own room or from one on a lower floor."""
    for imported in own_imports(module):
        if imported != "fifo_live":
            assert room(imported) == room(module) or floor(imported) < floor(module), f"{module} imports {imported}."


def test_imports_form_no_cycle() -> None:
    """The modules can be put in an order in which each imports only earlier ones."""
    graph = {module: set(own_imports(module)) - {module} for module in MODULES}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("module", [module for module in MODULES if is_in(module, "server")])
def test_the_server_uses_only_the_doorway(module: str) -> None:
    """Of fifo_live the server knows link, config and errors; media knows no HTTP."""
    for imported in own_imports(module):
        assert any(is_in(imported, allowed) for allowed in SERVER_MAY_USE), f"{module} imports {imported}."
        assert not (is_in(module, "server.media") and is_in(imported, "server.http")), f"{module} imports {imported}."


@pytest.mark.parametrize("module", MODULES)
def test_nobody_imports_an_adapter(module: str) -> None:
    """The registry finds adapters by their names, so that adding one touches no other file."""
    assert MODULES_OF_ADAPTERS.isdisjoint(set(own_imports(module)) - {module})


@pytest.mark.parametrize("module", [module for module in MODULES if not is_in(module, "fifo_live.training")])
def test_only_benchmarks_use_the_training(module: str) -> None:
    """The training of the bundled model is not installed with the product: no stream imports any of it."""
    if not is_in(module, "fifo_live.bench"):
        assert not [imported for imported in own_imports(module) if is_in(imported, "fifo_live.training")]


@pytest.mark.parametrize("module", [module for module in MODULES if family_folder(module)])
def test_no_family_imports_another(module: str) -> None:
    """What several families share is in models/common."""
    for imported in own_imports(module):
        assert family_folder(imported) in ("", family_folder(module)), f"{module} imports {imported}."


@pytest.mark.parametrize("module", [module for module in MODULES if is_in(module, "fifo_live.models")])
def test_what_is_shared_imports_no_family(module: str) -> None:
    """The registry and models/common know families by name only."""
    if not family_folder(module):
        assert [imported for imported in own_imports(module) if family_folder(imported)] == []


@pytest.mark.parametrize("module", sorted(MODULES_OF_ADAPTERS))
def test_an_adapter_is_short(module: str) -> None:
    """What is long about a model is in other files, where others can use it."""
    assert len(file_of(module).read_text(encoding="utf-8").splitlines()) <= MAX_ADAPTER_LINES


def test_the_server_starts_without_torch() -> None:
    """Importing the server, or the command line, in a fresh process leaves torch unloaded."""
    script = "import sys, server.app, fifo_live.cli; sys.exit('torch is loaded' if 'torch' in sys.modules else 0)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("module", [module for module in MODULES if is_in(module, "fifo_live.engine")])
def test_the_engine_knows_no_model_by_name(module: str) -> None:
    """No name of the registry is written anywhere in the engine."""
    text = file_of(module).read_text(encoding="utf-8")
    assert [name for name in ADAPTERS if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)] == []


@pytest.mark.parametrize("module", [module for module in MODULES if is_in(module, "fifo_live.engine")])
def test_the_engine_knows_only_the_contract(module: str) -> None:
    """The engine can be embedded: it needs the contract of models, settings and errors, and no line to a server."""
    for imported in own_imports(module):
        assert any(is_in(imported, allowed) for allowed in ENGINE_MAY_USE), f"{module} imports {imported}."


def test_the_engine_is_loaded_alone() -> None:
    """Importing the engine in a fresh process loads no link, no server, and none of the libraries of a server."""
    script = (
        "import sys, fifo_live.engine.engine, fifo_live.engine.decode_thread, fifo_live.engine.clip\n"
        "unwanted = ('fifo_live.link', 'fifo_live.worker', 'server', 'starlette', 'uvicorn', 'aiortc', 'websockets')\n"
        "sys.exit(' '.join(name for name in unwanted if name in sys.modules) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=False)
    assert result.returncode == 0, result.stderr
