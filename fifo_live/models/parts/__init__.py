"""What adapters are made of: reading checkpoints, text encoders, decoders, networks that diffusers lacks a form of."""
