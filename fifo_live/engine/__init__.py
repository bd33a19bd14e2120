"""The diagonal queue and what runs it."""
