"""The real server with a worker that needs no model, in a process of its own that can be stopped and started again.

`python -m tests.client_web.stage CONFIG` is that process; CONFIG is JSON of the sections of the configuration.
"""

import asyncio
import json
import os
import re
import sys
from collections.abc import Mapping
from typing import Any
from urllib.request import urlopen

from fifo_live.bench.server_process import HOST, free_port
from fifo_live.config import Config
from tests.fake_worker import SETTINGS
from tests.trees import ROOT

START_TIMEOUT_S = 60.0
FAILED = b"The engine is failed"
FIRST_FRAME = b"The first frame is ready"
STREAMING = re.compile("Live|Slow")
"""The pill of a stream that runs; a busy machine makes it slow."""


class Stage:
    """One address on loopback, with or without a server behind it."""

    def __init__(self, fake: Mapping[str, Any], **sections: Mapping[str, Any]) -> None:
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        server = {"host": HOST, "port": self.port, **sections.pop("server", {})}
        self._config = json.dumps({"server": server, **sections})
        self._environment = {**os.environ, SETTINGS: json.dumps(fake), "PYTHONPATH": str(ROOT)}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, until: bytes = FIRST_FRAME) -> None:
        """Start the server and wait until it has printed that it is so far."""
        assert self._process is None
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__, self._config),
            stdout=asyncio.subprocess.PIPE,
            env=self._environment,
            start_new_session=True,
        )
        async with asyncio.timeout(START_TIMEOUT_S):
            assert self._process.stdout is not None
            while until not in (line := await self._process.stdout.readline()):
                assert line, "The server has ended."

    async def stop(self) -> None:
        """End the server; where none runs nothing is done."""
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.returncode is None:
            process.terminate()
        await process.communicate()

    async def state(self) -> dict[str, Any]:
        """What the server says of itself."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, lambda: json.load(urlopen(f"{self.url}/api/state")))


if __name__ == "__main__":
    from server.run import run

    run(Config.from_dict(json.loads(sys.argv[1])), module="tests.fake_worker")
