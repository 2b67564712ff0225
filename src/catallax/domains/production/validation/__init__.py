"""Published numbers that the production economy must reproduce, a module for each subject."""

from catallax.domains.production.validation import cycles, equilibrium, shares
from catallax.protocol import ValidationRow

ROWS: tuple[ValidationRow, ...] = (*shares.ROWS, *equilibrium.ROWS, *cycles.ROWS)

__all__ = ["ROWS"]
