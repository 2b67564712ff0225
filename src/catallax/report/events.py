"""What happens from outside and who is told, in plain words from the contract alone."""

from catallax.economy import Disturbance, Shock, Tariff
from catallax.experiments import Comparison
from catallax.measures.scarcity import made_from, scarce_goods, traded_most
from catallax.report.words import joined, opened, percent, some


def shocks(comparison: Comparison) -> list[str]:
    """Each shock: what, when, how big, and whom it meets first."""
    return [_told(comparison, s) for s in comparison.contract.shocks]


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
    notices = joined(list(dict.fromkeys(_notices(s) for s in shocks if not s.announced)))
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
    shocks = comparison.contract.shocks
    return any(isinstance(s, Tariff) and s.kind == "domestic" for s in shocks)


def users_of(comparison: Comparison) -> str:
    """The plants whose cuts are shown, in the singular."""
    found = scarce_goods(comparison.contract)
    if any(isinstance(s, Tariff) for s in comparison.contract.shocks):
        return f"plant at home that uses what is imported most ({joined(found)})"
    return f"plant that uses {some(found)}"


def price_title(comparison: Comparison) -> str:
    """What the section on prices is about."""
    shocks = comparison.contract.shocks
    tariffs = [isinstance(s, Tariff) for s in shocks]
    if any(tariffs):
        return "The price of imports" if all(tariffs) else "The price of imports and resources"
    return "The price of what is scarce"


def _notices(shock: Disturbance) -> str:
    """Who sees it first."""
    if isinstance(shock, Shock):
        change = "less" if shock.factor <= 1 else "more"
        return f"whoever owns the resource sees {change} of it come in"
    if shock.kind == "foreign":
        return "those who turn exports into imports get less for them"
    return "whoever buys an import pays the duty"


def _told(comparison: Comparison, shock: Disturbance) -> str:
    return _shock(comparison, shock) if isinstance(shock, Shock) else _tariff(comparison, shock)


def _tariff(comparison: Comparison, tariff: Tariff) -> str:
    economy = comparison.contract.economy
    if tariff.rate == 0:
        return f"From week {tariff.week} on there is no {tariff.kind} tariff."
    foreign = tariff.kind == "foreign"
    traded = economy.exports if foreign else economy.imports
    share = percent(float(economy.flow[traded].sum()) / economy.scale)
    most = joined(traded_most(economy, tariff.kind))
    rate = percent(tariff.rate)
    if foreign:
        text = (
            f"From week {tariff.week} on a tariff of {rate} is levied abroad on all exports. Its "
            f"revenue stays there, so that they buy {percent(1 / (1 + tariff.rate))} of what they "
            f"bought: the terms of trade worsen for everybody"
        )
    else:
        text = (
            f"From week {tariff.week} on whoever buys an import pays a tariff of {rate} on top of "
            f"its price. The revenue reaches final users the same week in proportion to their "
            f"base-year incomes: nothing is lost, but buyers see a price that is not the good’s"
        )
    traffic = "exports" if foreign else "imports"
    return f"{text}. In the base year {traffic} come to {share} of all income, above all {most}."


def _shock(comparison: Comparison, shock: Shock) -> str:
    economy = comparison.contract.economy
    share = float(economy.output[economy.network.row(shock.resource)]) / economy.scale
    text = (
        f"In week {shock.week} the weekly flow of “{shock.resource}” {_change(shock.factor)} and "
        f"stays there. In the base year it earns {percent(share)} of all income"
    )
    makers = made_from(economy, shock.resource)
    if not makers:
        return f"{text}."
    return f"{text}; it goes into {some(makers)}."


def _change(factor: float) -> str:
    words = {0.5: "halves", 2.0: "doubles", 1.0: "does not change"}
    if factor in words:
        return words[factor]
    return f"{'falls' if factor < 1 else 'rises'} to {percent(factor)}"
