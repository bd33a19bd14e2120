"""HTTP and WebSocket: what pages, scripts and OBS talk to."""
