"""What a contract asks, in a line."""

from catallax.economy import Disturbance, Shock, Tariff
from catallax.run import Contract


def question(contract: Contract) -> str:
    """What happens from outside and whether anybody is told, for a heading."""
    shocks = contract.shocks
    if not shocks:
        return "nothing happens from outside"
    happens = " and ".join(dict.fromkeys(_happens(s) for s in shocks))
    if all(s.announced for s in shocks):
        return f"{happens} and everybody was told"
    if any(s.announced for s in shocks):
        return f"{happens} and not all of it was announced"
    tariff = any(isinstance(s, Tariff) for s in shocks)
    return f"{happens} and {'nobody was told before' if tariff else 'nobody is told why'}"


def _happens(shock: Disturbance) -> str:
    if isinstance(shock, Shock):
        return f"a resource becomes {'scarce' if shock.factor <= 1 else 'plentiful'}"
    return "exports are taxed abroad" if shock.kind == "foreign" else "imports are taxed at home"
