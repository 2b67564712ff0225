"""What people read: tables, plots and the single-file report."""

from catallax.show.page import DomainPage, write_report
from catallax.show.picture import picture
from catallax.show.terminal import differences_table, terminal_table, to_json

__all__ = [
    "DomainPage",
    "differences_table",
    "picture",
    "terminal_table",
    "to_json",
    "write_report",
]
