"""What people read: tables, plots and the single-file report."""

from catallax.show.domain_page import DomainPage
from catallax.show.files import to_json
from catallax.show.page import write_report
from catallax.show.picture import picture
from catallax.show.terminal import differences_table, terminal_table

__all__ = [
    "DomainPage",
    "differences_table",
    "picture",
    "terminal_table",
    "to_json",
    "write_report",
]
