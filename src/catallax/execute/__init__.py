"""One pipeline for every study: requests in, rows out, in this process or in many."""

from catallax.execute.each import SparingProcesses, each
from catallax.execute.entry import Entry, entries_of, entry_of
from catallax.execute.execute import Interrupted, Results, execute, requests_of
from catallax.execute.executor import Executor, Processes, Serial
from catallax.execute.request import RunRequest, keys_of
from catallax.execute.rows import FAILED, RunRow, RunRows

__all__ = [
    "FAILED",
    "Entry",
    "Executor",
    "Interrupted",
    "Processes",
    "Results",
    "RunRequest",
    "RunRow",
    "RunRows",
    "Serial",
    "SparingProcesses",
    "each",
    "entries_of",
    "entry_of",
    "execute",
    "keys_of",
    "requests_of",
]
