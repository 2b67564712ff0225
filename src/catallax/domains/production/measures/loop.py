"""How long it takes until others act on a fact."""

from catallax.domains.production.measures.assess import Assessed
from catallax.domains.production.measures.measured import Measure, Measured
from catallax.domains.production.run.message_latency import KINDS


def loop_delay(run: Assessed, twin: Assessed | None) -> Measured:
    """Weeks between a fact and the act of others that answers it."""
    if run.run.oracle:
        return Measured(None, "an oracle sends no messages")
    total = dict(zip(KINDS, run.run.series["ages"].sum(axis=0), strict=True))
    age = {kind: ticks / max(count, 1.0) for kind, (ticks, count) in total.items()}
    rounds = run.run.contract.channel.rounds
    if total["directive"][1]:
        if not total["report"][1]:
            return Measured(None, "the centre heard nothing before it directed")
        return Measured(float((age["report"] + age["directive"]) / rounds))
    if total["quote"][1]:
        # Sellers post when a week ends, a tick before the quote is stamped.
        return Measured(float((age["quote"] + 1.0) / rounds))
    return Measured(None, "nobody acted on a message")


ALL = (
    Measure(
        "loop_delay",
        "weeks",
        "lower",
        "Weeks between a fact and the act of others that answers it, from the ages of messages "
        "in the run. With a centre: age of the reports that came since it last directed, when it "
        "directed, plus age of what rows had been told when they acted; audits left out. Else: "
        "age of the quotes that buyers acted on, plus the week between posting a price and its "
        "binding. What never arrived does not count, nor does a fact that stands grow old.",
        "Forrester 1961",
        loop_delay,
    ),
)
