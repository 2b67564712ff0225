"""The production economy: plants, households, endowments, and who coordinates them."""

from catallax.domains.production.domain import DOMAIN

__all__ = ["DOMAIN"]
