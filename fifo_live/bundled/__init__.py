"""The embedded default: a small text-to-video diffusion model, its scenes, its captions and its training."""
