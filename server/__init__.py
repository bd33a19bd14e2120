"""The server: HTTP, WebSocket and WebRTC in front of the workers. It never imports torch."""
