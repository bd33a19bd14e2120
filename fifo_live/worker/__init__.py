"""The process around an engine: start-up, commands, frames out, reports."""
