"""What people read: tables, plots and the single-file report."""

from catallax.report.domain_page import DomainPage
from catallax.report.files import to_json
from catallax.report.page import write_report
from catallax.report.picture import picture
from catallax.report.terminal import differences_table, terminal_table

__all__ = [
    "DomainPage",
    "differences_table",
    "picture",
    "terminal_table",
    "to_json",
    "write_report",
]
