"""What happens to the economy, who is told, who runs it and what came of it, in plain words.

Findings are generated from numbers alone.
"""

from catallax.domains.production.economy import Disturbance, Economy, Reach
from catallax.domains.production.measures.assess import BURN
from catallax.domains.production.measures.scarcity import (
    list_most_traded,
    list_products_made_from,
    list_scarce_goods,
)
from catallax.domains.production.observing import RESPONSE
from catallax.domains.production.run import Oracle
from catallax.errors import InputError
from catallax.protocol.mechanism_names import mechanism_named, spec_of
from catallax.show import story
from catallax.show.story import list_rivals, name_event, name_mechanism, order_mechanisms
from catallax.show.words import counted, format_estimate, joined, number, percent, some
from catallax.study import Comparison, Summary

FOREKNOWN = (
    "Whether that helps is up to the mechanism: one that looks no further than its stocks and "
    "orders makes nothing of it."
)
LEARNS = (
    "everybody else learns only what reaches them: a price, a short delivery, a report or an "
    "instruction"
)
ALIKE = "with the same private knowledge, the same lines and the same chances"


def write_subtitle(comparison: Comparison) -> str:
    """What was run, in a line."""
    return story.write_subtitle(comparison, f"economy {comparison.contract.economy.name}")


def describe_shocks(comparison: Comparison) -> list[str]:
    """Each shock: what, when, how big, and whom it meets first."""
    economy = comparison.contract.economy
    return [_describe_shock(economy, s) for s in comparison.contract.shocks]


def describe_announcements(comparison: Comparison) -> str:
    """Who is told."""
    return story.describe_announcements(comparison, foreknown=FOREKNOWN, learns=LEARNS)


def describe_setting(comparison: Comparison) -> str:
    """Who runs what."""
    economy = comparison.contract.economy
    net = economy.network
    parts = ((net.endowments, "resource"), (net.plants, "plant"), (net.households, "final user"))
    sizes = [counted(part.stop - part.start, thing) for part, thing in parts]
    return (
        f"The economy {economy.name} has {joined(sizes)}, joined by {net.m:,} links. "
        f"{story.introduce_mechanisms(comparison, 'it', ALIKE)}."
    )


def describe_mechanism(comparison: Comparison, mechanism: str) -> str:
    """A mechanism in a line, from the documentation of its centre, or of its agents."""
    try:
        made = None if spec_of(mechanism).file else mechanism_named(mechanism)
    except InputError:
        made = None
    if made is None:
        return story.describe_mechanism(comparison, mechanism)
    part = made if isinstance(made, Oracle) else made.centre or made.agents
    return story.read_first_line(type(part))


def has_wedge(comparison: Comparison) -> bool:
    """Whether a tariff is paid at home, so that efficiency has two yardsticks."""
    return any(r.border == "domestic" for r in _list_reaches(comparison))


def name_users(comparison: Comparison) -> str:
    """The plants whose cuts are shown, in the singular."""
    found = list_scarce_goods(comparison.contract)
    if any(r.border for r in _list_reaches(comparison)):
        return f"plant at home that uses what is imported most ({joined(found)})"
    return f"plant that uses {some(found)}"


def title_prices(comparison: Comparison) -> str:
    """What the section on prices is about."""
    tariffs = [bool(r.border) for r in _list_reaches(comparison)]
    if any(tariffs):
        return "The price of imports" if all(tariffs) else "The price of imports and resources"
    return "The price of what is scarce"


def _list_reaches(comparison: Comparison) -> list[Reach]:
    return [s.reach() for s in comparison.contract.shocks if isinstance(s, Disturbance)]


def _describe_shock(economy: Economy, shock: Disturbance) -> str:
    """What happens, and how much of the economy it meets first."""
    reach, sentence = shock.reach(), shock.describe(economy).sentence
    parts = [sentence, *(_describe_resource(economy, r) for r in reach.resources)]
    if reach.border and reach.rate:
        parts.append(_describe_trade(economy, reach.border))
    return " ".join(parts)


def _describe_trade(economy: Economy, border: str) -> str:
    foreign = border == "foreign"
    traded = economy.exports if foreign else economy.imports
    share = percent(float(economy.flow[traded].sum()) / economy.scale)
    traffic, most = "exports" if foreign else "imports", joined(list_most_traded(economy, border))
    return f"In the base year {traffic} come to {share} of all income, above all {most}."


def _describe_resource(economy: Economy, resource: str) -> str:
    share = float(economy.output[economy.network.row(resource)]) / economy.scale
    text = f"In the base year it earns {percent(share)} of all income"
    makers = list_products_made_from(economy, resource)
    return f"{text}; it goes into {some(makers)}." if makers else f"{text}."


def state_findings(comparison: Comparison) -> list[str]:
    """A few sentences that only state numbers."""
    said = [
        _state_efficiency(comparison),
        _state_wedge_efficiency(comparison),
        _state_loss(comparison),
        _state_response(comparison),
    ]
    return [s for s in said if s] or ["No measure is defined for these runs."]


def _call(comparison: Comparison, mechanism: str) -> str:
    """A mechanism in a sentence: the market, but habit."""
    name = name_mechanism(comparison, mechanism)
    return name if mechanism == comparison.null else f"the {name}"


def _summarise_rivals(comparison: Comparison, measure: str) -> dict[str, Summary]:
    """Summaries of the mechanisms that are no oracle and have the measure."""
    found = {m: comparison.summary(m, measure) for m in list_rivals(comparison)}
    return {m: s for m, s in found.items() if s.mean is not None}


def _state_efficiency(comparison: Comparison) -> str:
    found = _summarise_rivals(comparison, "efficiency")
    if not found:
        return ""
    ranked = sorted(found, key=lambda m: -(found[m].mean or 0.0))
    parts = [f"{format_estimate(found[m])} under {_call(comparison, m)}" for m in ranked]
    return f"From week {BURN} on, efficiency was {joined(parts)} (the optimum is 1)."


def _state_wedge_efficiency(comparison: Comparison) -> str:
    found = _summarise_rivals(comparison, "wedge_efficiency") if has_wedge(comparison) else {}
    if not found:
        return ""
    parts = [f"{format_estimate(s)} under {_call(comparison, m)}" for m, s in found.items()]
    return (
        f"Held against the best that can be had while buyers pay the tariff, it was "
        f"{joined(parts)}; who takes no notice of prices takes none of the tariff and can pass 1."
    )


def _state_loss(comparison: Comparison) -> str:
    found = _summarise_rivals(comparison, "area_lost")
    if not found:
        return ""
    ranked = sorted(found, key=lambda m: -(found[m].mean or 0.0))
    most, *others = ranked
    text = (
        f"Beyond what the optimum itself lost, the {name_event(comparison)} cost "
        f"{_call(comparison, most)} {format_estimate(found[most])} weeks of efficiency"
    )
    if not others:
        return f"{text}."
    rest = joined([f"{_call(comparison, m)} {format_estimate(found[m])}" for m in others])
    return f"{text}, {rest}{_compare_losses(comparison, most, others[0])}."


def _compare_losses(comparison: Comparison, most: str, next_: str) -> str:
    """Whether the two differ on these seeds, paired."""
    gap = comparison.difference(most, "area_lost", next_)
    if gap.mean is None or gap.ci95 is None:
        return "; one seed cannot tell them from chance"
    telling = "differs" if gap.ci95[0] > 0 else "does not differ"
    return f"; paired on seeds, the gap of {number(gap.mean, 3)} {telling} from zero at 95 %"


def _state_response(comparison: Comparison) -> str:
    if not comparison.contract.shocks or len(comparison.seeds) < 2:
        return ""
    whole = len(comparison.seeds)
    known = [m for m in list_rivals(comparison) if len(comparison.paths(m, RESPONSE)) == whole]
    sure = {m: comparison.detectable(m, RESPONSE) for m in known}
    seen = [_call(comparison, m) for m in known if sure[m]]
    unseen = [_call(comparison, m) for m in known if not sure[m]]
    said = [f"is more than chance for {joined(seen)}"] if seen else []
    said += [f"may be chance for {joined(unseen)}"] if unseen else []
    if not said:
        return ""
    return f"The response (peak of the mean over two standard errors) {joined(said, 'but')}."


def list_notes(comparison: Comparison) -> list[str]:
    """Where a tariff is paid at home: efficiency against the equilibrium with it."""
    if not has_wedge(comparison):
        return []
    found = {m: comparison.summary(m, "wedge_efficiency") for m in order_mechanisms(comparison)}
    there = {m: s for m, s in found.items() if s.mean is not None}
    parts = [f"{name_mechanism(comparison, m)} {format_estimate(s)}" for m, s in there.items()]
    return [f"Efficiency over that of the equilibrium with the tariff: {joined(parts)}."]
