"""Rival ways of coordinating an economy, run on the same economy with the same knowledge."""

__version__ = "0.1.0"

__all__ = ["__version__"]
