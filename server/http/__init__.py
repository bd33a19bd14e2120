"""HTTP and WebSocket: routes, access, pages, WHEP."""
