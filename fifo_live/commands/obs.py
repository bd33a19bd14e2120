"""`fifo-live obs`: prints the addresses to enter in OBS."""

from pathlib import Path

import fifo_live
from fifo_live.commands.options import ConfigFile, Host, Port, make_config
from fifo_live.config import ServerConfig
from fifo_live.errors import ConfigError

OBS_PLUGIN = Path(fifo_live.__file__).parent.parent / "obs_plugin"
LINE = "{:28} {}"


def obs(config: ConfigFile = None, host: Host = None, port: Port = None) -> None:
    """Print the addresses and files that OBS wants."""
    server = make_config(config, {"server": {"host": host, "port": port}}).server
    if not server.port:
        raise ConfigError("The port is not known yet: port 0 takes a free one, which `fifo-live serve` prints.")
    _print_addresses(server)
    print(LINE.format("Browser source, Local file:", OBS_PLUGIN / "loader.html"))
    print("Make the source as large as your canvas. The local file waits for the server, so OBS may start first.")
    print("If + has no Browser, this OBS lacks it; that of obsproject.com has it. More in obs_plugin/README.md.")


def _print_addresses(server: ServerConfig) -> None:
    from server.http.access import is_loopback
    from server.http.addresses import Entrance, local_host, others_hosts

    for host in (local_host(server.host), *others_hosts(server.host)):
        entrance = Entrance(host, server.port, server.token)
        print(LINE.format("Browser source, URL:", entrance.obs_source))
        print(LINE.format("Custom browser dock, URL:", entrance.page))
    if not server.token and not is_loopback(server.host):
        print("These addresses lack a token: `fifo-live serve` makes one at each start and prints them with it.")
