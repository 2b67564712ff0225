"""Reports as a planner takes them in: how old each is, and which were written at one tick.

Some reports say something together only if they are of one tick: what was made out of what was
used shows productivity, and what was taken of what was made shows who pads. Where kinds of report
travel at their own speeds, the quick ones wait in the buffer for the slow ones of their tick.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.network import Inbox, Public, Rows
from catallax.kernels.reports import any_news

ROW_KINDS = ("z", "sigma", "supply", "output", "audited")  # kinds of report that are taken in
LINK_KINDS = ("kept", "used", "share", "asked", "got")
MATCHED = ("output", "used", "got")  # kinds that are read together


class ReportAges(NamedTuple):
    """How old reports of a kind are, in ticks.

    now, before : (k,) ages, and those when the kind was last looked at
    past        : ticks since then
    """

    now: Floats
    before: Floats
    past: float

    @property
    def fresh(self) -> Bools:
        """(k,) whether a report is new."""
        return np.asarray(self.now < self.before + self.past)

    @property
    def has_fresh(self) -> bool:
        """Whether any is new."""
        return any_news(self.now, self.before, float(self.past))

    def within(self, part: slice) -> "ReportAges":
        """Those of a range."""
        return ReportAges(self.now[part], self.before[part], self.past)


class ProductionReport(NamedTuple):
    """What plants made (n,) and used (m,), and the ages of both in ticks.

    Where the two are not of one tick, their ages differ or are infinite.
    """

    output: Floats
    used: Floats
    output_age: Floats
    used_age: Floats


class TradeReport(NamedTuple):
    """Output (n,), inputs used (m,) and receipts (m,) written at one tick."""

    output: Floats
    used: Floats
    got: Floats


@final
@dataclass(frozen=True, eq=False)
class WeeklyReports:
    """What one week's reports say, for the estimator.

    inbox      : the newest report of each kind
    tick, week : when they are read
    ages       : kind -> ages; those of output are of the newest output with inputs of its tick
    production : output and inputs of one tick
    trade      : output, inputs and receipts of one tick that were not compared before; None
                 where there are none, or nobody compares them
    """

    inbox: Inbox
    tick: int
    week: int
    ages: Mapping[str, ReportAges]
    production: ProductionReport
    trade: TradeReport | None

    def of_rows(self, kind: str) -> Floats:
        """(n,) the newest report of a kind that rows make of themselves."""
        return self.inbox.value.row[kind]

    def of_links(self, kind: str) -> Floats:
        """(m,) the newest report of a kind that buyers make link by link."""
        return self.inbox.value.link[kind]


class BufferedReport(NamedTuple):
    """What stood in the inbox of one kind.

    said    : (k,) what was said
    age     : (k,) in ticks, at `tick`; infinite where nothing was heard
    newest  : tick of writing of the newest, -inf if nothing was heard
    """

    said: Floats
    age: Floats
    tick: int
    newest: float

    @property
    def written_at(self) -> Floats:
        """(k,) tick of writing, -inf where nothing was heard."""
        return self.tick - self.age


@final
@dataclass(frozen=True, eq=False)
class ReportBuffer:
    """How old the reports were that a planner last took in, and those that wait for others.

    ages     : kind -> ages of reports, in ticks, when they were last taken in
    tick     : when that was
    waiting  : kind -> what stood in the inbox, the newest first, of `MATCHED` kinds
    newest   : kind -> tick of writing of the newest that was heard
    wait     : ticks that the slowest kind took to arrive, so far; at first the line's own delay
    compared : tick of writing of the last trade report that was handed out
    """

    ages: Mapping[str, Floats]
    tick: int = -1
    waiting: Mapping[str, tuple[BufferedReport, ...]] = field(default_factory=dict)
    newest: Mapping[str, float] = field(default_factory=dict)
    wait: float = 0.0
    compared: float = -np.inf

    @staticmethod
    def start(public: Public) -> "ReportBuffer":
        """Nothing was heard yet."""
        n, m = public.network.n, public.network.m
        ages = dict.fromkeys(ROW_KINDS, np.full(n, np.inf))
        return ReportBuffer(
            ages | dict.fromkeys(LINK_KINDS, np.full(m, np.inf)),
            wait=public.delay * public.rounds,
        )

    def receive(
        self, inbox: Inbox, tick: int, public: Public, *, with_trade: bool
    ) -> tuple["ReportBuffer", WeeklyReports]:
        """The buffer after a week's reports, and what they say.

        with_trade : whether trade reports are handed out, each once
        """
        ages = ages_in(inbox)
        buffer = self._put(inbox, ages, tick)
        production = buffer._match_production(public.network.rows)
        ages["output"] = production.output_age
        trade, compared = buffer._match_trade() if with_trade else (None, self.compared)
        past = float(tick - self.tick)
        new = {kind: ReportAges(age, self.ages[kind], past) for kind, age in ages.items()}
        waiting = buffer._keep_waiting(tick)
        after = replace(buffer, ages=ages, tick=tick, compared=compared, waiting=waiting)
        week = tick // public.rounds
        return after, WeeklyReports(inbox, tick, week, new, production, trade)

    def _put(self, inbox: Inbox, ages: Mapping[str, Floats], tick: int) -> "ReportBuffer":
        """With what stands in the inbox on top."""
        said = {k: (inbox.value.row if k == "output" else inbox.value.link)[k] for k in MATCHED}
        now = {
            k: BufferedReport(said[k], ages[k], tick, tick - float(np.min(ages[k])))
            for k in MATCHED
        }
        new = [r for k, r in now.items() if r.newest > self.newest.get(k, -np.inf)]
        return replace(
            self,
            waiting={k: (r, *self.waiting.get(k, ())) for k, r in now.items()},
            newest={k: r.newest for k, r in now.items()},
            wait=max([self.wait, *(tick - r.newest for r in new)]),
        )

    def _keep_waiting(self, tick: int) -> dict[str, tuple[BufferedReport, ...]]:
        """Without what nothing that is still to come can be of the same tick as."""
        return {
            kind: tuple(r for r in reports if r.newest > tick - self.wait)
            for kind, reports in self.waiting.items()
        }

    def _match_production(self, rows: Rows) -> ProductionReport:
        """The newest output and inputs of each plant, of one tick where kinds differ in speed."""
        made, used = self.waiting["output"], self.waiting["used"]
        now = ProductionReport(made[0].said, used[0].said, made[0].age, used[0].age)
        if made[0].newest == used[0].newest:  # they travel together
            return now
        least = np.full(rows.n, np.inf)
        np.minimum.at(least, rows.row_of, used[0].written_at)
        tick = np.minimum(made[0].written_at, least)
        output, inputs = _find_written(made, tick), _find_written(used, rows.spread(tick))
        lost = np.isnan(output) | (rows.sum(np.isnan(inputs).astype(float)) > 0)
        age = np.where(lost, np.inf, made[0].tick - tick)
        link_age = rows.spread(age)
        output = np.where(lost, now.output, output)
        inputs = np.where(np.isinf(link_age), now.used, inputs)
        return ProductionReport(output, inputs, age, link_age)

    def _match_trade(self) -> tuple[TradeReport | None, float]:
        """The newest trade report not handed out yet, once all of its tick came; and that tick."""
        for got in self.waiting["got"]:
            made, used = (_find_inbox(self.waiting[k], got.newest) for k in ("output", "used"))
            if got.newest > self.compared and made is not None and used is not None:
                return TradeReport(made, used, got.said), got.newest
        return None, self.compared


def ages_in(inbox: Inbox) -> dict[str, Floats]:
    """Kind of report -> ages in ticks, of all kinds that are taken in."""
    row, link = inbox.age.row, inbox.age.link
    return {k: row[k] for k in ROW_KINDS} | {k: link[k] for k in LINK_KINDS}


def _find_written(reports: tuple[BufferedReport, ...], tick: Floats) -> Floats:
    """(k,) what was written at the tick of each place, NaN where no report has it."""
    found = np.full(len(tick), np.nan)
    for report in reports:
        found = np.where(np.isnan(found) & (report.written_at == tick), report.said, found)
    return found


def _find_inbox(reports: tuple[BufferedReport, ...], tick: float) -> Floats | None:
    """What stood in the inbox with something written at `tick`; who was audited since is newer."""
    at = (
        r for r in reports if r.newest == tick or (r.newest > tick and (r.written_at == tick).any())
    )
    return next((r.said for r in at), None)
