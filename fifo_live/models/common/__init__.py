"""Parts that several model families share: checkpoints, text encoders, decoders, LoRA, memory."""
