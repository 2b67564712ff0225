"""What single kinds of report are evidence of, in logs about the public value, and how good."""

import numpy as np

from catallax.learning import Bools, Track, revealed_tastes
from catallax.mechanisms.audit import TINY
from catallax.network import Floats, Public

CHANCE = 3.0  # standard errors beyond which a mean is no chance

Evidence = tuple[Floats, Bools, Floats]
"""What is shown, where it is shown, and the s.d. of its error: what a forecaster takes in."""


def error_of(public: Public, kind: str) -> float:
    """S.d. of the log error of a kind of report."""
    return public.noises.get(kind, public.noise)


def ratio(said: Floats, public: Floats, fresh: Bools) -> tuple[Floats, Bools]:
    """Logs of what was said over the public value, and where there is one."""
    live = fresh & (said > 0) & (public > 0)
    return np.log(np.where(live, said, 1.0) / np.where(live, public, 1.0)), live


def told_tastes(public: Public, said: Floats, fresh: Bools) -> Evidence:
    """Tastes by nest as told: mean log share (m,) of its links against the public one."""
    last, final = last_links(public), public.network.final
    base = public.base.share[last]
    part = base / final.sum_goods(base)[final.good_of]
    log, live = ratio(said[last], base, fresh[last])
    taste = _centred(public, final.sum_goods(part * log))
    whole = final.sum_goods((~live).astype(float)) == 0
    return taste, whole, _nest_error(public, "share", part)


def bought_tastes(public: Public, asked: Floats, fresh: Bools, paid: Floats) -> Evidence:
    """Tastes by nest as revealed by what final users `asked` for (m,) at prices `paid` (m,)."""
    last, base = last_links(public), public.base
    final, home = public.network.final, public.network.households
    share, norm, kept = (getattr(base, k)[last] for k in ("share", "norm", "kept"))
    price = paid[last] * norm / (share * kept)
    bought = np.where(fresh[last], asked[last], 0.0) * kept * share / norm
    log_a = revealed_tastes(final, share, base.sigma[home], base.eps[home], price, bought)
    live = np.isfinite(log_a)
    part = share / final.sum_goods(share)[final.good_of]
    taste = _centred(public, np.where(live, log_a, 0.0))
    return taste, live, _nest_error(public, "asked", part)


def last_links(public: Public) -> slice:
    """Links of final users, which are the last ones."""
    return slice(public.network.m - public.network.final.m, None)


def blended(said: tuple[Track, Floats], seen: tuple[Track, Floats]) -> Floats:
    """What was told and what was seen, weighed by how much words leave out."""
    (told_of, told), (shown_of, shown) = said, seen
    heard, watched = told_of.count > 0, shown_of.count > 0
    both = heard & watched
    gap = shown - told
    if both.any():
        gap = gap - _talk(gap[both])
    apart = (gap**2 - told_of.error - shown_of.error)[both]
    unsaid = max(float(apart.mean()), 0.0) if both.any() else 0.0
    weight = np.where(both, unsaid / (unsaid + shown_of.error + TINY), watched)
    return np.asarray(told + weight * gap)


def _talk(gap: Floats) -> float:
    """The mean gap where it is more than chance: what nobody can say has mean 0 over rows."""
    mean, error = float(gap.mean()), float(gap.std() / np.sqrt(len(gap)))
    return mean if abs(mean) > CHANCE * error else 0.0


def _nest_error(public: Public, kind: str, part: Floats) -> Floats:
    """(G,) s.d. of a nest's mean of noisy links that weigh `part` in it."""
    return np.asarray(error_of(public, kind) * np.sqrt(public.network.final.sum_goods(part**2)))


def _centred(public: Public, taste: Floats) -> Floats:
    """Tastes less their mean over a final user's spending: only differences matter."""
    final = public.network.final
    weight = final.sum_goods(public.base.share[last_links(public)])
    mean = np.bincount(final.good_row, weights=weight * taste, minlength=final.n)
    return np.asarray(taste - mean[final.good_row])
