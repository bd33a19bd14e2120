"""Writes the schema of the control messages into docs/protocol.md: `python scripts/protocol.py`."""

import json
import re
from pathlib import Path

from server.api.protocol import schema

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "protocol.md"
FENCE = re.compile(r"```json schema\n.*?```", re.DOTALL)


def main() -> None:
    """Replace the schema in the page by that of the code."""
    text = "```json schema\n" + json.dumps(schema(), indent=1) + "\n```"
    PAGE.write_text(FENCE.sub(lambda _: text, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
