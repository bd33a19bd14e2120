"""fifo-live turns text into an endless live video that can be steered while it runs."""

__version__ = "0.1.0"
