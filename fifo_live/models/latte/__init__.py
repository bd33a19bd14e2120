"""Latte and Open-Sora Plan, which share a network."""
