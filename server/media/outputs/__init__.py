"""Destinations of packets; one file or folder for each kind of output."""
