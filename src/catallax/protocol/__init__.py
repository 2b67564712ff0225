"""What every domain says of itself, as plain types that know no domain."""

from catallax.protocol.validation import Reproduced, ValidationResult, ValidationRow, validate

__all__ = ["Reproduced", "ValidationResult", "ValidationRow", "validate"]
