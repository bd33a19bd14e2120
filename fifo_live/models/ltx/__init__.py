"""LTX-Video: adapter, network, autoencoder, single files."""
