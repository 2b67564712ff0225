"""What happens to the economy, who is told and who runs it, in plain words."""

from catallax.domains.production.economy import Disturbance, Economy, Reach
from catallax.domains.production.measures.scarcity import made_from, scarce_goods, traded_most
from catallax.domains.production.run import Oracle
from catallax.errors import InputError
from catallax.protocol.mechanism_names import mechanism_named, spec_of
from catallax.show import story
from catallax.show.words import counted, joined, percent, some
from catallax.study import Comparison

FOREKNOWN = (
    "Whether that helps is up to the mechanism: one that looks no further than its stocks and "
    "orders makes nothing of it."
)
LEARNS = (
    "everybody else learns only what reaches them: a price, a short delivery, a report or an "
    "instruction"
)
ALIKE = "with the same private knowledge, the same lines and the same chances"


def subtitle(comparison: Comparison) -> str:
    """What was run, in a line."""
    return story.subtitle(comparison, f"economy {comparison.contract.economy.name}")


def leads(comparison: Comparison) -> list[str]:
    """Each shock: what, when, how big, and whom it meets first."""
    economy = comparison.contract.economy
    return [_told(economy, s) for s in comparison.contract.shocks]


def secrecy(comparison: Comparison) -> str:
    """Who is told."""
    return story.secrecy(comparison, foreknown=FOREKNOWN, learns=LEARNS)


def setting(comparison: Comparison) -> str:
    """Who runs what."""
    economy = comparison.contract.economy
    net = economy.network
    parts = ((net.endowments, "resource"), (net.plants, "plant"), (net.households, "final user"))
    sizes = [counted(part.stop - part.start, thing) for part, thing in parts]
    return (
        f"The economy {economy.name} has {joined(sizes)}, joined by {net.m:,} links. "
        f"{story.cast(comparison, 'it', ALIKE)}."
    )


def described(comparison: Comparison, mechanism: str) -> str:
    """A mechanism in a line, from the documentation of its centre, or of its agents."""
    try:
        made = None if spec_of(mechanism).file else mechanism_named(mechanism)
    except InputError:
        made = None
    if made is None:
        return story.described(comparison, mechanism)
    part = made if isinstance(made, Oracle) else made.centre or made.agents
    return story.first_line(type(part))


def wedge(comparison: Comparison) -> bool:
    """Whether a tariff is paid at home, so that efficiency has two yardsticks."""
    return any(r.border == "domestic" for r in _reached(comparison))


def users_of(comparison: Comparison) -> str:
    """The plants whose cuts are shown, in the singular."""
    found = scarce_goods(comparison.contract)
    if any(r.border for r in _reached(comparison)):
        return f"plant at home that uses what is imported most ({joined(found)})"
    return f"plant that uses {some(found)}"


def price_title(comparison: Comparison) -> str:
    """What the section on prices is about."""
    tariffs = [bool(r.border) for r in _reached(comparison)]
    if any(tariffs):
        return "The price of imports" if all(tariffs) else "The price of imports and resources"
    return "The price of what is scarce"


def _reached(comparison: Comparison) -> list[Reach]:
    return [s.reach() for s in comparison.contract.shocks if isinstance(s, Disturbance)]


def _told(economy: Economy, shock: Disturbance) -> str:
    """What happens, and how much of the economy it meets first."""
    reach, sentence = shock.reach(), shock.describe(economy).sentence
    parts = [sentence, *(_resource(economy, r) for r in reach.resources)]
    if reach.border and reach.rate:
        parts.append(_trade(economy, reach.border))
    return " ".join(parts)


def _trade(economy: Economy, border: str) -> str:
    foreign = border == "foreign"
    traded = economy.exports if foreign else economy.imports
    share = percent(float(economy.flow[traded].sum()) / economy.scale)
    traffic, most = "exports" if foreign else "imports", joined(traded_most(economy, border))
    return f"In the base year {traffic} come to {share} of all income, above all {most}."


def _resource(economy: Economy, resource: str) -> str:
    share = float(economy.output[economy.network.row(resource)]) / economy.scale
    text = f"In the base year it earns {percent(share)} of all income"
    makers = made_from(economy, resource)
    return f"{text}; it goes into {some(makers)}." if makers else f"{text}."
