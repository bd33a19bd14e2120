"""From frames to viewers: source, pacer, encoder, publisher, viewer, rtc. Knows no HTTP."""
