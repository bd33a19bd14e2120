"""What the command line can do, one file per command; each imports what it needs only when it runs."""
