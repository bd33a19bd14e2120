"""Benchmarks, one file per `fifo-live bench NAME`; each has `measure(config)` and returns its figures by name."""
