"""Viewers over WebRTC: offers, ICE, packetising, sessions."""
