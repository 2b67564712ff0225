"""What moves over time: the cost of business cycles, smoothing, and how long a price lasts."""

import numpy as np
from scipy.special import ndtri

from catallax.arrays import Floats
from catallax.domains.production.economy import Shock, generate
from catallax.domains.production.knowledge import KnowledgeLaw
from catallax.domains.production.measures import MEASURES, assess
from catallax.domains.production.measures.assess import BURN
from catallax.domains.production.mechanisms import market
from catallax.domains.production.run import Contract, Recording, Run, StaticOptimum, simulate
from catallax.domains.production.validation.economies import DOMAIN, labour_economy
from catallax.errors import CatallaxError
from catallax.learning import Ewma
from catallax.protocol import Reproduced, ValidationRow
from catallax.streams import Streams

SWING = 0.013  # s.d. of log consumption about its mean (Lucas 1987)
WEEKS = 1040  # of fluctuations: twenty years
LAG = 2  # weeks from a week's labour to what households use of it
STILL = KnowledgeLaw(tacit=0.0, dispersion=0.0, drift=0.0)

RATIO = 0.25  # permanent over transitory variance
PANEL, PERIODS = 400, 500  # series, and values of each

REPRICE = 0.025  # chance that a seller may change its price in a week
BEGUN, ENDED = 900, 1400  # spells begun before the one week are followed up to the other


def measure_cost_of_cycles() -> Reproduced:
    """Share of consumption that would be given up for its mean for sure, by `welfare`."""
    run = _require_completed(simulate(_draw_fluctuations(), StaticOptimum(), 0))
    found = MEASURES["welfare"].function(assess(run, [BURN]), None)
    if found.value is None:
        return Reproduced(None, reason=found.reason)
    mean = run.series["utility"][BURN:].mean() / run.contract.economy.income[0]
    return Reproduced(float(mean / found.value - 1.0))


def _draw_fluctuations() -> Contract:
    """Log-normal consumption, its quantiles in a drawn order: labour brings it about."""
    economy = labour_economy()
    rank = np.argsort(Streams(0).uniform("order", WEEKS))
    consumed = np.exp(SWING * ndtri((rank + 0.5) / WEEKS))
    factor = consumed ** (1.0 / economy.technology.gamma[economy.network.plants][0])
    shocks = tuple(Shock("labour", BURN - LAG + k, float(f)) for k, f in enumerate(factor))
    return Contract(economy, knowledge=STILL, shocks=shocks, weeks=BURN + WEEKS)


def learn_weight() -> Reproduced:
    """The weight that following the same series finds for itself, from them and their noise."""
    series, rule = draw_walks(), Ewma()
    track, noise = rule.start(np.zeros(PANEL)), np.ones(PANEL)
    for heard in np.ascontiguousarray(series.T):
        track = rule.update(track, heard, np.ones(PANEL, dtype=bool), noise)
    # The variance of a level's error is the weight times that of the noise, which is 1 here.
    return Reproduced(float(track.error.mean()))


def draw_walks() -> Floats:
    """(PANEL, PERIODS) random walks heard with noise of variance 1."""
    draws, size = Streams(0), PANEL * PERIODS
    steps = np.sqrt(RATIO) * draws.normal("step", size).reshape(PANEL, PERIODS)
    heard = draws.normal("noise", size).reshape(PANEL, PERIODS)
    return np.asarray(np.cumsum(steps, axis=1) + heard)


def measure_price_duration() -> Reproduced:
    """Mean duration of the prices that sellers post, over spells begun early enough to end."""
    economy = generate(7, products=300, firms=5, households=2, inputs=2)
    keep = Recording(rows=economy.network.n)
    contract = Contract(economy, weeks=ENDED)
    rule = market(reprice=REPRICE)
    run = _require_completed(simulate(contract, rule, 0, recording=keep))
    posted = run.series["price"][:, economy.network.sellers]
    spells = [_measure_spells(price) for price in posted.T]
    return Reproduced(float(np.concatenate(spells).mean()))


def _measure_spells(price: Floats) -> Floats:
    """Weeks from one change to the next, of the prices set before week BEGUN."""
    changed = np.flatnonzero(np.diff(price) != 0)
    return np.diff(changed)[changed[:-1] < BEGUN].astype(np.float64)


def _require_completed(run: Run) -> Run:
    if not run.completed:
        raise CatallaxError(f"the run stopped: {run.reason}")
    return run


ROWS = (
    ValidationRow(
        id="lucas",
        domain=DOMAIN,
        claimed=8.45e-5,
        tolerance=0.02,
        unit="share of consumption",
        definition="½ gamma sigma²: what a household would give up to have its mean consumption "
        "for sure; log consumption independent and normal with s.d. sigma 0.013, relative risk "
        "aversion gamma 1 (log utility, as in the measure `welfare`)",
        source="Lucas 1987",
        compute=measure_cost_of_cycles,
        relative=True,
    ),
    ValidationRow(
        id="muth-learned",
        domain=DOMAIN,
        claimed=0.39039,
        tolerance=0.05,
        unit="weight of the newest value",
        definition="as muth: the weight that the forecaster `ewma` of planners finds by itself on "
        "the same series, the variance of the noise known",
        source="Muth 1960",
        compute=learn_weight,
        relative=True,
    ),
    ValidationRow(
        id="calvo",
        domain=DOMAIN,
        claimed=40.0,
        tolerance=0.02,
        unit="weeks",
        definition="mean duration 1/f of a price, from one change to the next, where a seller may "
        "change it with chance f 0.025 a week (the mean age is another number, (1 − f)/f); prices "
        "posted by market:reprice=0.025",
        source="Calvo 1983",
        compute=measure_price_duration,
        relative=True,
    ),
)
