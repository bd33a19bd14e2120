"""`fifo-live generate`: frames into a file, without a server."""


def generate() -> None:
    """Write a video file."""
