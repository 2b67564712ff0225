"""What single kinds of report are evidence of, in logs about the public value, and how good.

Productivity and tastes are told in words, and what cannot be put into words shows in what it does:
productivity in what came out of what went in, tastes in what was bought at which prices. How far
the one is to be preferred to the other is learned from how much both differ over rows.
"""

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.mechanisms.planner.reference import PublicReference
from catallax.domains.production.mechanisms.planner.reports import ProductionReport, ReportAges
from catallax.domains.production.network import Technology, ces_quantity, tilt
from catallax.kernels.reports import find_apart, find_bought_tastes, find_told_tastes
from catallax.learning import Followed

CHANCE = 3.0  # standard errors beyond which a mean is no chance
TINY = 1e-12  # variance below which two numbers are the same

Evidence = tuple[Floats, Bools, Floats]
"""What is shown, where it is shown, and the s.d. of its error: what a forecaster takes in."""


def log_ratio(said: Floats, public: Floats, fresh: Bools) -> tuple[Floats, Bools]:
    """Logs of what was said over the public value, and where there is one."""
    live = fresh & (said > 0) & (public > 0)
    return np.log(np.where(live, said, 1.0) / np.where(live, public, 1.0)), live


def read_productivity(reference: PublicReference, said: Floats, fresh: Bools) -> Evidence:
    """Productivity (n,) as told."""
    return *log_ratio(said, reference.base.z, fresh), reference.error_told


def observe_productivity(
    reference: PublicReference, report: ProductionReport, fresh: Bools, sigma: Floats
) -> Evidence:
    """Productivity (n,) as inferred where inputs and output are of one tick.

    sigma : (n,) elasticities between goods that are believed
    """
    log_z = infer_productivity(reference.base, report.used, report.output, sigma)
    apart = find_apart(reference.network.rows, report.used_age, report.output_age)
    live = fresh & np.isfinite(log_z) & ~apart
    return np.where(live, log_z, 0.0) - reference.log_z, live, reference.error_inferred


def infer_productivity(
    base: Technology, used: Floats, output: Floats, sigma: Floats | None = None
) -> Floats:
    """(n,) log z with which inputs `used` (m,) make `output` (n,) under known recipes.

    sigma : (n,) elasticities in place of those of `base`

    NaN where nothing was used or made, and for rows that are no plants.
    """
    t, i = base, base.network.plants
    elasticity = t.sigma if sigma is None else sigma
    composite = ces_quantity(t.network.rows, t.share, t.norm, elasticity, t.eps, used, i)
    log_z = np.full(t.network.n, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = t.gamma[i] * np.log(composite / t.K[i])
        found = np.log(output[i] / t.K[i]) - scale
    log_z[i] = np.where(np.isfinite(found), found, np.nan)
    return log_z


def read_tastes(reference: PublicReference, said: Floats, ages: ReportAges) -> Evidence:
    """Tastes by nest as told: mean log share (m,) of its links against the public one."""
    links = reference.final_links
    public = reference.share, reference.share_in_nest, reference.nest_share
    taste = find_told_tastes(reference.final, *public, said[links], *ages.within(links))
    return taste, ~np.isnan(taste), reference.error_share


def observe_tastes(
    reference: PublicReference, asked: Floats, ages: ReportAges, paid: Floats
) -> Evidence:
    """Tastes by nest as revealed by what final users `asked` for (m,) at prices `paid` (m,)."""
    links = reference.final_links
    public = reference.share, reference.log_unit, reference.nest_share
    given = *public, reference.sigma, reference.eps, paid[links], asked[links]
    taste = find_bought_tastes(reference.final, *given, *ages.within(links))
    return taste, ~np.isnan(taste), reference.error_asked


def tilt_recipes(reference: PublicReference, taste: Floats) -> tuple[Floats, Floats]:
    """Shares and norms of all links (m,) after log tastes (G,) of final users."""
    share, norm = reference.base.share.copy(), reference.base.norm.copy()
    tilted = tilt(reference.final, reference.share, reference.norm, taste)
    share[reference.final_links], norm[reference.final_links] = tilted
    return share, norm


def blend_evidence(
    told: tuple[Followed, Floats], seen: tuple[Followed, Floats], *, err_in_words: bool = False
) -> Floats:
    """What was told and what was seen, weighed by how much words leave out.

    told, seen   : what is followed of the series, and the values expected of them
    err_in_words : whether what was told, and not what was seen, is taken to err where the two
                   differ in the same way over all rows. A difference that all rows share says how
                   everybody talks, and nothing of what anybody knows
    """
    (told_track, words), (seen_track, sight) = told, seen
    if not seen_track.told:
        return words
    heard, watched = told_track.count > 0, seen_track.count > 0
    both = heard & watched
    gap = sight - words
    if both.any():
        talk = _find_common_gap(gap[both])
        gap, words = gap - talk, words + talk if err_in_words else words
    error = (told_track.error + seen_track.error)[both]
    unsaid = _find_unsaid(gap[both], error) if both.any() else 0.0
    weight = np.where(both, unsaid / (unsaid + seen_track.error + TINY), watched)
    return np.asarray(words + weight * gap)


def _find_unsaid(gap: Floats, error: Floats) -> float:
    """Variance of gaps beyond that of their errors; where errors differ, the sure ones count most
    (DerSimonian & Laird 1986)."""
    weight = 1.0 / (error / error.max() + TINY) ** 2 if error.max() > 0 else np.ones_like(error)
    return max(float((weight * (gap**2 - error)).sum() / weight.sum()), 0.0)


def _find_common_gap(gap: Floats) -> float:
    """The mean gap where it is more than chance: what nobody can say has mean 0 over rows."""
    mean, error = float(gap.mean()), float(gap.std() / np.sqrt(len(gap)))
    return mean if abs(mean) > CHANCE * error else 0.0
