"""`python -m fifo_live` is the same as `fifo-live`."""

from fifo_live.cli import main

main()
