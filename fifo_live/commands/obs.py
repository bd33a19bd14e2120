"""`fifo-live obs`: what to type into OBS."""

from pathlib import Path

from rich.console import Console

import fifo_live
from fifo_live.commands.options import ConfigFile, Host, Port, local_url, make_config

OBS_PLUGIN = Path(fifo_live.__file__).parent.parent / "obs_plugin"


def obs(config: ConfigFile = None, host: Host = None, port: Port = None) -> None:
    """Print the addresses and files that OBS wants."""
    from server.api.auth import view_token

    server = make_config(config, {"server": {"host": host, "port": port}}).server
    base = local_url(server)
    # Behind the # a token is not sent, so not logged; the source only has to watch.
    watch, steer = (f"#token={view_token(server.token)}", f"#token={server.token}") if server.token else ("", "")
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Browser source, URL:         {base}/obs/source{watch}")
    console.print(f"Browser source, Local file:  {OBS_PLUGIN / 'loader.html'}")
    console.print(f"Custom browser dock, URL:    {base}/{steer}")
    console.print("The local file waits for the server, so OBS may start first. More in obs_plugin/README.md.")
