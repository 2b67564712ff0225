"""What balancing did to a table, in its largest cell."""

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True)
class Moved:
    """The cell that balancing moved most.

    row, column   : its labels, "mill"
    before, after : its value, in the table's money
    """

    row: str
    column: str
    before: float
    after: float

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.before:.6g} became {self.after:.6g}"
