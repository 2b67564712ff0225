"""Elasticities between goods that nobody told, seen in how a buyer's mix answers prices.

Of a CES buyer spending shares go as w_g ~ a_g P_g^(1 - sigma): over its goods, log(w_g / a_g)
rises or falls with log P_g at the slope 1 - sigma, whatever its scale. Buyers go by prices whose
errors last for weeks, so means over a quarter are one piece of evidence each, and least squares
gather them from quarter to quarter.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.mechanisms.planner.evidence import blend_evidence
from catallax.domains.production.mechanisms.planner.reference import PublicReference
from catallax.domains.production.mechanisms.planner.reports import WeeklyReports
from catallax.domains.production.network import PLANT, Public, Rows, ces_cost
from catallax.domains.production.network.rows import counted
from catallax.learning import Track

LEAST = 0.01  # elasticity below which logs say nothing
ENOUGH = 8.0  # degrees of freedom from which residuals tell how far a slope may err
QUARTER = 13  # weeks that make one piece of evidence


@final
@dataclass(frozen=True, eq=False)
class ElasticityRegression:
    """Sums of least squares of n rows over quarters and goods, in logs less each quarter's mean.

    square  : (n,) sum of squares of prices of goods
    cross   : (n,) sum of products of prices and spending shares over public ones
    total   : (n,) sum of squares of those shares
    freedom : (n,) goods less one, summed over quarters
    price   : (G,) sum over this quarter's weeks of log prices of goods
    share   : (G,) the same of log spending shares over public ones
    weeks   : (G,) weeks of this quarter in which the good's row was watched
    """

    square: Floats
    cross: Floats
    total: Floats
    freedom: Floats
    price: Floats
    share: Floats
    weeks: Floats

    @staticmethod
    def start(rows: Rows) -> "ElasticityRegression":
        """Nothing was seen yet."""
        return ElasticityRegression(*np.zeros((4, rows.n)), *np.zeros((3, len(rows.good_row))))

    def add_week(self, price: Floats, share: Floats, live: Bools) -> "ElasticityRegression":
        """With one more week: logs (G,) of prices and of shares of the goods that are `live`."""
        price, share = (np.where(live, v, 0.0) for v in (price, share))
        weeks = self.price + price, self.share + share, self.weeks + live
        sums = self.square, self.cross, self.total, self.freedom
        return ElasticityRegression(*sums, *weeks)

    def close_quarter(self, rows: Rows) -> "ElasticityRegression":
        """With the quarter's means among the evidence; a new quarter begins."""
        live, n = self.weeks > 0, rows.n
        x, y = (
            _centre_goods(rows, v / np.maximum(self.weeks, 1.0), live)
            for v in (self.price, self.share)
        )
        goods = counted(rows.good_row, live.astype(float), n)
        square, cross, total = (counted(rows.good_row, v, n) for v in (x * x, x * y, y * y))
        return ElasticityRegression(
            self.square + square,
            self.cross + cross,
            self.total + total,
            self.freedom + np.maximum(goods - 1.0, 0.0),
            *np.zeros((3, len(live))),
        )

    @cached_property
    def sigma(self) -> Floats:
        """(n,) elasticities, at least 0.01; that where nothing was seen."""
        slope = self.cross / np.where(self.square > 0, self.square, 1.0)
        return np.where(self.square > 0, np.maximum(1.0 - slope, LEAST), LEAST)

    @cached_property
    def variance(self) -> Floats:
        """(n,) of the error of `sigma`; infinite where too little was seen."""
        square = np.where(self.square > 0, self.square, 1.0)
        rest = np.maximum(self.total - self.cross**2 / square, 0.0)
        known = (self.square > 0) & (self.freedom > ENOUGH)
        return np.where(known, rest / np.maximum(self.freedom - 1.0, 1.0) / square, np.inf)

    @property
    def level(self) -> Floats:
        """(n,) log elasticities."""
        return np.asarray(np.log(self.sigma))

    @property
    def error(self) -> Floats:
        """(n,) variance of the error of `level`."""
        return np.asarray(self.variance / self.sigma**2)

    @property
    def count(self) -> Floats:
        """(n,) above 0 where there is evidence."""
        return np.isfinite(self.variance).astype(float)

    @property
    def told(self) -> bool:
        """Whether there is evidence of any row."""
        return bool(np.isfinite(self.variance).any())


@final
@dataclass(frozen=True, eq=False)
class LearnedElasticities:
    """What is believed of elasticities between goods.

    sigma      : (n,) elasticities; of the silent the mean of those told of their kind, else public
    regression : what plants' mixes show of theirs
    """

    sigma: Floats
    regression: ElasticityRegression

    @staticmethod
    def start(public: Public) -> "LearnedElasticities":
        """Believe the public table."""
        regression = ElasticityRegression.start(public.network.rows)
        return LearnedElasticities(public.base.sigma, regression)


def learn_elasticities(
    reference: PublicReference,
    before: LearnedElasticities,
    told: Track,
    reports: WeeklyReports,
    paid: Floats | None,
) -> LearnedElasticities:
    """What is believed after a week's reports, as told and as plants' mixes show it.

    told : what is followed of elasticities in words, after this week
    paid : (m,) prices that buyers went by; None where plants do not choose their mix
    """
    regression, has_learned = before.regression, reports.ages["sigma"].has_fresh
    if paid is not None and reports.ages["used"].has_fresh:
        regression = _watch_mixes(reference, regression, reports, paid)
        if (reports.week + 1) % QUARTER == 0:
            regression, has_learned = regression.close_quarter(reference.network.rows), True
    sigma = _believe(reference.public, told, regression) if has_learned else before.sigma
    return LearnedElasticities(sigma, regression)


def _watch_mixes(
    reference: PublicReference,
    regression: ElasticityRegression,
    reports: WeeklyReports,
    paid: Floats,
) -> ElasticityRegression:
    """With plants' mixes of the last week at prices `paid` (m,)."""
    net, base = reference.network, reference.base
    silent = net.rows.sum((~reports.ages["used"].fresh).astype(float)) > 0
    spent = paid * reports.of_links("used") / base.kept
    watched = (net.kind == PLANT) & ~silent
    price = paid * reference.unit
    week = measure_mixes(net.rows, base.share, base.eps, price, spent, watched)
    return regression.add_week(*week)


def _believe(public: Public, told: Track, regression: ElasticityRegression) -> Floats:
    """Elasticities (n,): as told, of the silent the mean of those told of their kind, else public;
    and as plants' mixes show them, as far as words leave something out."""
    kind, log = public.network.kind, told.level.copy()
    for k in np.unique(kind):
        heard, silent = ((kind == k) & ok for ok in (told.count > 0, told.count == 0))
        if heard.any():
            log[silent] = told.level[heard].mean()
    shown = regression.level - np.log(public.base.sigma)
    blended = blend_evidence((told, log), (regression, shown))
    return np.asarray(public.base.sigma * np.exp(blended))


def measure_mixes(
    rows: Rows, share: Floats, eps: Floats, price: Floats, spent: Floats, watched: Bools
) -> tuple[Floats, Floats, Bools]:
    """Of one week logs of prices and of spending shares over public ones, by good, and of which.

    share   : (m,) public shares of links in their row's spending
    price   : (m,) prices that buyers went by, over the base year's
    spent   : (m,) spending on each link at those prices
    watched : (n,) rows that chose their mix themselves and whose whole mix was reported
    """
    log_good, _ = ces_cost(rows, share, np.ones(rows.n), eps, np.log(price))
    paid = rows.sum_goods(spent)
    live = (paid > 0) & watched[rows.good_row]
    log_w = np.log(np.where(live, paid, 1.0) / np.where(live, rows.sum_goods(share), 1.0))
    return log_good, log_w, live


def _centre_goods(rows: Rows, value: Floats, live: Bools) -> Floats:
    """Values (G,) less their mean over a row's live goods; 0 where dead."""
    value = np.where(live, value, 0.0)
    goods = np.maximum(counted(rows.good_row, live.astype(float), rows.n), 1.0)
    mean = counted(rows.good_row, value, rows.n) / goods
    return np.where(live, value - mean[rows.good_row], 0.0)
