"""How the bundled model is made: render, autoencoder, encode, denoiser, export."""
