"""Wan and the models that share its network: SkyReels-V2, AnyFlow."""
