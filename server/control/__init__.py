"""The control plane: requests, cues, the state that clients see; knows no HTTP."""
