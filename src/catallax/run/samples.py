"""The weeks in which a run is looked at closely."""

from catallax.run.contract import Contract

EVERY = 4  # weeks between looks
CLOSE = 26  # weeks after a shock in which every week is looked at


def sample_weeks(contract: Contract) -> list[int]:
    """Weeks in which efficiency is measured: every fourth, the last, 26 from each shock on."""
    last = contract.weeks - 1  # or a mechanism could starve unseen and be credited its stocks
    close = {t for s in contract.shocks for t in range(s.week, s.week + CLOSE)}
    return [t for t in range(contract.weeks) if t % EVERY == 0 or t in close or t == last]
