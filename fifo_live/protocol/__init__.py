"""Messages that server, workers, clients and pages share: requests, cues, state, stats, error codes. Pydantic only."""
