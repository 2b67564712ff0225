"""`catallax federated`: learning together without pooling data, and its rivals."""

import json as jsonlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING, Any, final

from catallax.apps.options import parsed, seeds_of
from catallax.apps.progress import interruptible, progress
from catallax.errors import InputError, unknown

if TYPE_CHECKING:
    from catallax.experiments import Summary
    from catallax.experiments.federated import Setting
    from catallax.report.tables import Footnotes

TABLES = ("errors", "border", "privacy", "price")
SEEDS = "8"
WIDTH = 100
REGIONS = 5
NAMES = {"pooled": "pooled", "fedavg": "FedAvg", "fedprox": "FedProx", "local": "local only"}

Result = tuple[dict[str, Any], str]


@final
@dataclass(frozen=True)
class Job:
    """What is to be compared, fully checked."""

    setting: "Setting"
    tables: tuple[str, ...]
    seeds: tuple[int, ...]
    regions: int


def job(tables: Sequence[str] | None, seeds: str | None, given: Mapping[str, str | None]) -> Job:
    """Check everything that the user asked for.

    given : option -> its text, None where it was not used
    """
    names = [name.strip() for text in tables or TABLES for name in text.split(",")]
    for name in names:
        if name not in TABLES:
            raise unknown("table", name, TABLES)
    used = {k: v for k, v in given.items() if v is not None}
    regions = int(parsed("--regions", used.pop("regions", str(REGIONS)), int))
    if not 2 <= regions <= 1000:
        raise InputError(f"--regions: {regions} is out of range, expected 2 to 1000")
    chosen = tuple(t for t in TABLES if t in names)
    return Job(_setting(used), chosen, seeds_of(SEEDS if seeds is None else seeds), regions)


def _setting(used: Mapping[str, str]) -> "Setting":
    """The setting with the user's values; what is wrong has the name of its option."""
    from catallax.experiments.federated import Setting
    from catallax.learning.federated import Line, Local, Participation
    from catallax.protocol import settings_in

    plain = Setting()
    parts = {
        Setting: ("clients", "weeks", "spread", "rounds", "delay", "mu"),
        Local: ("rate", "steps"),
        Line: ("noise", "resolution"),
        Participation: ("share", "stragglers", "dropout"),
    }
    first = {Setting: plain, Local: plain.local, Line: plain.line}
    values: dict[type, dict[str, Any]] = {}
    for part, names in parts.items():
        old = first.get(part, plain.participation)
        known = settings_in(part)
        said = {n: known[n].value(f"--{n}", used[n]) for n in names if n in used}
        values[part] = {n: getattr(old, n) for n in names} | said
    return Setting(
        **values[Setting],
        local=Local(**values[Local]),
        line=Line(**values[Line]),
        participation=Participation(**values[Participation]),
    )


def run(order: Job, *, json: bool, quiet: bool) -> str:
    """Compare and return what is to be printed: tables, or one JSON object."""
    makers: dict[str, Callable[[Job, bool], Result]] = {
        "errors": _errors, "border": _border, "privacy": _privacy, "price": _price,
    }  # fmt: skip
    with interruptible():
        found = {name: makers[name](order, quiet) for name in order.tables}
    if json:
        plain = {name: result for name, (result, _) in found.items()}
        return jsonlib.dumps({"seeds": list(order.seeds), **plain}, indent=2, allow_nan=False)
    return "\n\n".join(text for _, text in found.values())


def _errors(order: Job, quiet: bool) -> Result:
    """Error against rounds, bits and weeks."""
    from catallax.experiments.federated import rivals

    with progress(len(order.seeds), quiet=quiet) as tell:
        found = rivals(order.setting, order.seeds, progress=tell)
    rows = [
        [NAMES[way] if r == found.shown[0] else "", r, found.error(way, r), found.bits(way, r),
         found.weeks(way, r)]
        for way in found.paths
        for r in found.shown
    ]  # fmt: skip
    s = order.setting
    title = (
        f"Error beyond the unavoidable: {s.clients} rows, {s.weeks} weeks seen, spread "
        f"{s.spread:g}, noise {s.line.noise:g}, delay {s.delay:g}"
    )
    heads = ["", "rounds", "error", "bits delivered", "weeks"]
    return found.to_dict(), _text(title, heads, rows)


def _border(order: Job, quiet: bool) -> Result:
    """Where rows are better off alone, and what noise does to pooled reports."""
    from catallax.experiments.federated import border

    setting, weeks = order.setting, (order.setting.weeks,)
    raw = replace(setting, corrects=False)
    with progress(1, quiet=quiet) as tell:
        alone = border(setting, "spread", order.seeds, progress=tell)
    with progress(1, quiet=quiet) as tell:
        noisy = border(setting, "noise", order.seeds, weeks=weeks, progress=tell)
    with progress(1, quiet=quiet) as tell:
        blurred = border(raw, "noise", order.seeds, weeks=weeks, progress=tell)
    rows: list[list[Any]] = [[w, alone.crossing(k)] for k, w in enumerate(alone.weeks)]
    first = _text(
        "Spread of rows' laws above which learning alone beats FedAvg",
        ["weeks seen", "spread"], rows,
    )  # fmt: skip
    rows = [[f"{v:g}", noisy.gap(0, k), blurred.gap(0, k)] for k, v in enumerate(noisy.values)]
    second = _text(
        f"Error of pooled learning less FedAvg's, {weeks[0]} weeks seen",
        ["noise of the line", "corrected for noise", "not corrected"], rows,
    )  # fmt: skip
    found = {"spread": alone, "noise": noisy, "noise_not_corrected": blurred}
    return {name: b.to_dict() for name, b in found.items()}, f"{first}\n\n{second}"


def _privacy(order: Job, quiet: bool) -> Result:
    """What a listener reconstructs, and what privacy costs."""
    from catallax.experiments.federated import costs, leaks

    with progress(1, quiet=quiet) as tell:
        leaked = leaks(order.setting, order.seeds, progress=tell)
    with progress(1, quiet=quiet) as tell:
        cost = costs(order.setting, order.seeds, progress=tell)
    rows: list[list[Any]] = [
        [n, leaked.r2(n), leaked.correlation(n), leaked.epsilon[n], leaked.bits[n]]
        for n in leaked.found
    ]
    first = _text(
        "What a listener reconstructs of a row's orders",
        ["heard", "R2", "correlation", "epsilon", "bits a row-week"], rows,
    )  # fmt: skip
    rows = [[f"{n:g}", cost.epsilon(n), cost.error(n)] for n in cost.errors]
    second = _text(
        f"What noise in the sum costs: {cost.clients} rows, {cost.rounds} rounds",
        ["noise over clip", "epsilon", "error"], rows,
    )  # fmt: skip
    plain = {"leaks": leaked.to_dict(), "costs": cost.to_dict()}
    return plain, f"{first}\n\n{second}"


def _price(order: Job, quiet: bool) -> Result:
    """One price, by exchanged gradients and by the market."""
    from catallax.experiments.federated import bridge, regions_drawn

    with progress(1, quiet=quiet) as tell:
        found = bridge(regions_drawn(order.regions), delay=order.setting.delay).to_dict()
        if tell is not None:
            tell(1, 1, "price")
    rows = [
        [way, f"{found[way]['error']:.1e}", found[way]["rounds"], found[way]["weeks"],
         found[way]["bits"]]
        for way in ("exchange", "market")
    ]  # fmt: skip
    title = (
        f"Log price that clears fuel in {order.regions} regions after it halves: "
        f"{found['clearing_log_price']:.4f}; with 5 steps of each region between two exchanges it "
        f"is missed by {found['error_of_several_steps']:.4f}"
    )
    heads = ["", "error at the end", f"rounds to {found['near']:g}", "weeks", "bits delivered"]
    return found, _text(title, heads, rows)


def _text(title: str, heads: list[str], rows: list[list[Any]]) -> str:
    """A title, a table and the reasons for what is missing, as text."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from catallax.report.tables import Footnotes

    notes = Footnotes()
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for k, head in enumerate(heads):
        table.add_column(head, justify="right" if k else "left")
    for row in rows:
        table.add_row(*(_cell(value, notes) for value in row))
    out = StringIO()
    Console(file=out, width=WIDTH, highlight=False, markup=False).print(table)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    why = [f"[{k}] {reason}" for k, reason in enumerate(notes.reasons, start=1)]
    return "\n".join([title, *lines, *why])


def _cell(value: Any, notes: "Footnotes") -> str:
    from catallax.experiments import Summary
    from catallax.report.words import NONE, number

    if isinstance(value, Summary):
        return _estimate(value, notes)
    if value is None:
        return NONE
    return value if isinstance(value, str) else number(float(value))


def _estimate(found: "Summary", notes: "Footnotes") -> str:
    """Mean and half-width of the interval; a dash and the number of the reason for none."""
    from catallax.report.words import NONE, decimals, fixed, number

    if found.mean is None:
        return f"{NONE} [{notes.mark(found.reason)}]"
    if found.ci95 is None:
        return number(found.mean)
    half = (found.ci95[1] - found.ci95[0]) / 2
    d = decimals(found.mean, max(half, 1e-9))
    return f"{fixed(found.mean, d)} ± {fixed(half, d)}"
