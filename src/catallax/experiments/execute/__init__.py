"""One pipeline for every study: requests in, rows out, in this process or in many."""

from catallax.experiments.execute.each import SparingProcesses, each
from catallax.experiments.execute.entry import Entry, entries_of, entry_of
from catallax.experiments.execute.execute import Interrupted, Results, execute, requests_of
from catallax.experiments.execute.executor import Executor, Processes, Serial
from catallax.experiments.execute.request import RunRequest, keys_of
from catallax.experiments.execute.rows import FAILED, Row, Rows

__all__ = [
    "FAILED",
    "Entry",
    "Executor",
    "Interrupted",
    "Processes",
    "Results",
    "Row",
    "Rows",
    "RunRequest",
    "Serial",
    "SparingProcesses",
    "each",
    "entries_of",
    "entry_of",
    "execute",
    "keys_of",
    "requests_of",
]
