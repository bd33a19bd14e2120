"""The embedded default: a small text-to-video diffusion model, its weights and its tables of scenes and words."""
