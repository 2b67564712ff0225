"""What the channel does to numbers: noise and resolution on the way, and what has arrived."""

import numpy as np

from catallax.arrays import Floats
from catallax.kernels.draws import BATCH, fill, normalise
from catallax.kernels.elementary import exp, log
from catallax.kernels.jit import In, Index, Out, Sellers, kernel
from catallax.kernels.links import Nests
from catallax.kernels.sums import sum_by_row
from catallax.kernels.switch import operation
from catallax.kernels.threads import over

_ROUND = 6755399441055744.0  # 1.5 * 2^52: adding it and taking it away rounds to whole numbers


@kernel
def blur(
    said: In,
    public: In,
    key: Index,
    noise: float,
    top: float,
    width: float,
    out: Out,
    first: int,
    stop: int,
) -> None:
    """What is heard of numbers `first` to `stop` - 1; as `knowledge.messages` has it.

    top   : steps of the code on each side of the public value; 0: exact
    width : logs that they cover
    """
    aside, tail, far = np.empty(BATCH, np.int64), np.empty(BATCH), np.empty(BATCH)
    ratio, draw = np.empty(BATCH), np.zeros(BATCH)
    step = width / max(top, 1.0)
    for begin in range(first, stop, BATCH):
        end = min(begin + BATCH, stop)
        # Slices of their own: loops over them are vectorised, those from `begin` on are not.
        told, base, heard = said[begin:end], public[begin:end], out[begin:end]
        count, live = len(told), 0
        for k in range(count):
            live += abs(told[k]) > 0.0
        if live == 0:  # nobody says anything here, or zero, which is heard as it is
            heard[:] = told
            continue
        if noise > 0.0:
            fill(key[0], key[1], begin, draw[:count])
            normalise(draw[:count], draw[:count], aside, tail, far)
        for k in range(count):
            size, unit = abs(told[k]), base[k] if base[k] > 0.0 else 1.0
            ratio[k] = log((size if size > 0.0 else 1.0) / unit) + noise * draw[k]
        if top > 0.0:
            for k in range(count):
                code = min(max(ratio[k] * (top / width), -top), top)
                ratio[k] = ((code + _ROUND) - _ROUND) * step
        for k in range(count):
            value, unit = told[k], base[k] if base[k] > 0.0 else 1.0
            size = unit * exp(ratio[k])
            heard[k] = (size if value > 0.0 else -size) if abs(value) > 0.0 else value


def _count_spoken_plainly(said: Floats) -> int:
    return int(np.count_nonzero(~np.isnan(said)))


@kernel
def spoken(said: In, count: Out, first: int, stop: int) -> None:
    """How many of numbers `first` to `stop` - 1 are not NaN, to count[0]."""
    there = 0
    for i in range(first, stop):
        there += said[i] == said[i]
    count[0] = there


@operation(_count_spoken_plainly)
def count_spoken(said: Floats) -> int:
    """How many of the numbers say something."""
    said, parts = np.ascontiguousarray(said), list[float]()

    def work(first: int, stop: int) -> None:
        found = np.empty(1)
        spoken(said, found, first, stop)
        parts.append(found[0])

    over(len(said), len(said), work)
    return int(sum(parts))


def _sum_newer_plainly(sent: Floats, before: Floats) -> tuple[float, float]:
    new = sent > before
    return float(new.sum()), float(sent[new].sum())


@kernel
def newer(sent: In, before: In, found: Out) -> None:
    """Of ticks of sending later than those before: how many they are, and their sum."""
    count, low, high, half = 0, 0.0, 0.0, len(sent) // 2
    for i in range(len(sent)):
        count += sent[i] > before[i]
    # Whole numbers are exact in any order; in two sums at once, for each waits for the last.
    for i in range(half):
        low += sent[i] if sent[i] > before[i] else 0.0
        high += sent[half + i] if sent[half + i] > before[half + i] else 0.0
    if len(sent) > 2 * half and sent[len(sent) - 1] > before[len(sent) - 1]:
        low += sent[len(sent) - 1]
    found[0], found[1] = count, low + high


@operation(_sum_newer_plainly)
def sum_newer(sent: Floats, before: Floats) -> tuple[float, float]:
    """How many ticks of sending are later than those before, and their sum."""
    found = np.empty(2)
    newer(np.ascontiguousarray(sent), np.ascontiguousarray(before), found)
    return float(found[0]), float(found[1])


def _count_positive_plainly(ask: Floats) -> int:
    return int(np.count_nonzero(ask > 0))


@kernel
def positive(ask: In, count: Out, first: int, stop: int) -> None:
    """How many of numbers `first` to `stop` - 1 are above 0, to count[0]."""
    there = 0
    for i in range(first, stop):
        there += ask[i] > 0.0
    count[0] = there


@operation(_count_positive_plainly)
def count_positive(ask: Floats) -> int:
    """How many asks are above 0."""
    parts: list[float] = []

    def work(first: int, stop: int) -> None:
        found = np.empty(1)
        positive(ask, found, first, stop)
        parts.append(found[0])

    over(len(ask), len(ask), work)
    return int(sum(parts))


def _file_spoken_plainly(
    said: Floats, tick: float, before: Floats, sent: Floats
) -> tuple[Floats, Floats]:
    there = ~np.isnan(said)
    return np.where(there, said, before), np.where(there, tick, sent)


@kernel
def file(said: In, tick: float, value: Out, sent: Out) -> None:
    """Put what was said in `value` and the tick of saying in `sent`; NaN changes nothing."""
    for i in range(len(said)):
        there = said[i] == said[i]
        value[i] = said[i] if there else value[i]
        sent[i] = tick if there else sent[i]


@operation(_file_spoken_plainly)
def file_spoken(said: Floats, tick: float, before: Floats, sent: Floats) -> tuple[Floats, Floats]:
    """Last values (k,) and their ticks of sending, after `said` at `tick`."""
    value, since = before.copy(), np.array(sent)
    file(np.ascontiguousarray(said), tick, value, since)
    return value, since


def _add_scalars_plainly(nests: Nests, link: Floats, count: Floats) -> None:
    count += sum_by_row(nests, (~np.isnan(link)).astype(float))


@kernel
def scalars(
    row_first: Index, good_first: Index, link: In, count: Out, first: int, stop: int
) -> None:
    """Add to `count` (n,) how many numbers the links of rows `first` to `stop` - 1 say."""
    for i in range(np.uint64(first), np.uint64(stop)):
        there = 0
        for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
            there += link[j] == link[j]
        count[i] += there


@operation(_add_scalars_plainly)
def add_scalars(nests: Nests, link: Floats, count: Floats) -> None:
    """Add to `count` (n,) how many numbers `link` (m,) says on each row's links."""
    given = *nests.csr, np.ascontiguousarray(link), count
    over(nests.n, nests.m, lambda a, b: scalars(*given, a, b))


@kernel
def asked(
    row_first: Index,
    good_first: Index,
    seller: Sellers,
    ask: In,
    sent: In,
    tick: float,
    log_suppliers: In,
    log_buyers: In,
    total: Out,
    first: int,
    stop: int,
) -> None:
    """Of asks above 0: their number, bits to tell sellers and buyers apart, and quotes' ages.

    sent  : ticks at which quotes were sent, of each link or of all; -inf where none came
    total : (5,) asks, log2 of suppliers, log2 of buyers, ages of quotes in ticks, quotes with one;
            they are added to what stands there
    """
    alike = len(sent) == 1
    for i in range(np.uint64(first), np.uint64(stop)):
        count = 0.0
        for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
            if ask[j] > 0.0:
                count += 1.0
                total[2] += log_buyers[seller[j]]
                since = sent[0] if alike else sent[j]
                if since > -np.inf:
                    total[3] += tick - since
                    total[4] += 1.0
        total[0] += count
        total[1] += count * log_suppliers[i]
