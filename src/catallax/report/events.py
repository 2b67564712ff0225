"""What happens from outside and who is told, in plain words from the contract alone."""

from catallax.economy import Disturbance, Economy, Reach
from catallax.experiments import Comparison
from catallax.measures.scarcity import made_from, scarce_goods, traded_most
from catallax.report.words import joined, opened, percent, some


def shocks(comparison: Comparison) -> list[str]:
    """Each shock: what, when, how big, and whom it meets first."""
    economy = comparison.contract.economy
    return [_told(economy, s) for s in comparison.contract.shocks]


def secrecy(comparison: Comparison) -> str:
    """Who is told."""
    shocks = comparison.contract.shocks
    if not shocks:
        return "Nothing happens from outside: there is no shock in this contract."
    told = (
        "Everybody knows from week 0 what will happen and when. Whether that helps is up to the "
        "mechanism: one that looks no further than its stocks and orders makes nothing of it."
    )
    if all(s.announced for s in shocks):
        return told
    notices = joined(_notices(comparison))
    untold = (
        f"{opened(notices)}; everybody else learns only what reaches them: a price, a short "
        "delivery, a report or an instruction."
    )
    if not any(s.announced for s in shocks):
        return f"Nobody is told. {untold}"
    known = joined([f"in week {s.week}" for s in shocks if s.announced])
    return f"What happens {known} is announced in week 0, the rest to nobody. {untold}"


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


def _notices(comparison: Comparison) -> list[str]:
    """Who sees first what was not announced, each once."""
    contract = comparison.contract
    told = [s.describe(contract.economy).notice for s in contract.shocks if not s.announced]
    return list(dict.fromkeys(told))


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
