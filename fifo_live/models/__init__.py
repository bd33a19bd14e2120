"""Model adapters: one file per family, each fulfilling the contract of `base.py`."""
