"""CogVideoX: adapter, network, autoencoder."""
