"""How much of the memory's speed a market's week uses.

Two counts of bytes. *Needed* are those that no implementation can do without whose agents keep,
for each link, what the model says that they keep: every number counted once for each pass over
the links in which it has to be read or written. A week needs two passes, since what a seller ships
is known only when all orders are in. *Streamed* are those that our kernels read and write, one
pass after the other. Prices gathered from sellers are left out of both: they fit into a cache.
"""

from collections.abc import Sequence

from benchmarks.figure import Figure
from benchmarks.session import Session, best_median, in_turn
from benchmarks.spec import Bench

NUMBER = 8  # bytes of a float or an index
# Numbers a link: read in the pass that chooses, written there, read in the pass that settles,
# written there.
HOUSEHOLD_LINK = {
    "choose": ("share", "seller"),
    "asked": ("ask",),
    "settle": ("ask", "seller", "share"),
    "settled": ("got",),
}
PLANT_LINK = {
    "choose": ("share", "seller", "held"),
    "asked": ("ask", "use"),
    "settle": ("ask", "seller", "use", "share", "held"),
    "settled": ("got", "held"),
}
# What our kernels read and write for a link, pass by pass; in bytes.
STREAMED = {
    "gather: seller, quote": 4 + 8,
    "spoken: quote": 8,
    "act: quote, share, held; ask, use": 3 * 8 + 2 * 8,
    "asked: ask, seller": 8 + 4,
    "dealt: ask, seller, use, held, perishable, share; held": 4 * 8 + 4 + 1 + 8,
}
ROW = ("sigma eps gamma z K D X price stock orders sold output cash income utility").split()
ROW_PASSES = 2  # each is read and written, or read twice
LINKS = {"household": 10.0, "plant": 11.0}  # of a town's rows
STREAM_ELEMENTS = 2**25  # 268 MB an array


def bytes_touched() -> float:
    """Bytes an agent-update, mean over a town's ten households and one firm."""
    rows = NUMBER * ROW_PASSES * len(ROW)
    home = LINKS["household"] * NUMBER * sum(map(len, HOUSEHOLD_LINK.values()))
    firm = LINKS["plant"] * NUMBER * sum(map(len, PLANT_LINK.values()))
    return rows + (10.0 * home + firm) / 11.0


def bytes_streamed() -> float:
    """The same for our kernels."""
    rows = NUMBER * ROW_PASSES * len(ROW)
    links = (10.0 * LINKS["household"] + LINKS["plant"]) / 11.0
    return rows + links * sum(STREAMED.values())


def measure(sizes: Sequence[int], session: Session) -> list[Figure]:
    """Speed of a week and of the triad, in turn, on one and two threads."""
    return [f for size in sizes for threads in (1, 2) for f in _at(size, threads, session)]


def _at(households: int, threads: int, session: Session) -> list[Figure]:
    elements = 2**16 if session.smoke else STREAM_ELEMENTS
    weeks = 4 if session.smoke else 14
    economy = f"town:{households}"
    found = in_turn(
        1 if session.smoke else 2,
        {
            "triad": lambda: session.child("stream", threads=threads, elements=elements),
            "weeks": lambda: session.child("weeks", threads=threads, economy=economy, weeks=weeks),
        },
    )
    triad = max(part["bytes_per_second"] for part in found["triad"])
    week = best_median([part["seconds"][2:] for part in found["weeks"]])
    agents = found["weeks"][0]["agents"]
    size, system = f"{agents:,} agents", f"Catallax, {threads} thread{'s' * (threads > 1)}"
    bound = triad / bytes_touched()
    how = f"{bytes_touched():,.0f} bytes an update needed, counted in benchmarks/market_stream.py"
    streamed = f"{bytes_streamed():,.0f} bytes an update streamed, counted there"
    best = "best of 10 in each of the rounds"
    return [
        Figure(
            "STREAM triad", f"{threads} threads", f"{elements:,} numbers", triad / 1e9, "GB/s", best
        ),
        Figure("bound of memory", system, size, bound, "agent-updates/s", how),
        Figure(
            "share of the bound",
            system,
            size,
            100.0 * agents / week / bound,
            "%",
            f"both in one run; {how}",
            50.0 if threads == 2 else None,
        ),
        Figure(
            "share of the memory's speed that is used",
            system,
            size,
            100.0 * agents / week * bytes_streamed() / triad,
            "%",
            f"both in one run; {streamed}",
        ),
    ]


BENCH = Bench("market_stream", "share of memory's speed", (1_000_000,), (200,), measure)
