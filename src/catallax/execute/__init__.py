"""One pipeline for every study: requests in, rows out, in this process or in many."""

from catallax.execute.entry import Entry, entries_of, entry_of
from catallax.execute.execute import Interrupted, execute, requests_of
from catallax.execute.executor import Executor, Serial, SparingProcesses, each
from catallax.execute.request import RunRequest, keys_of
from catallax.execute.row import FAILED, RunRow
from catallax.execute.rows import Results, RunRows
from catallax.processes import Processes
from catallax.renamed import hand_out_old_names

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

hand_out_old_names(__name__)
