"""What to keep in mind of any result, and of those under this contract."""

from catallax.experiments import Comparison
from catallax.knowledge import BehaviourLaw
from catallax.report.words import percent


def caveats(comparison: Comparison) -> list[str]:
    """What the model leaves out, and how far its people can be trusted."""
    return [*_READING, _people(comparison.contract.behaviour), *_LEFT_OUT]


_READING = (
    "The weekly optimum is a yardstick, not a bound: it ignores timing and stocks, so efficiency "
    "and score can pass 1.",
    "Efficiency is blind to distribution: it weighs final users by their base-year incomes.",
    "Intervals are over seeds (private facts, noise on the lines, a plan’s season). They say "
    "nothing of other economies, other shocks or other models.",
)
_LEFT_OUT = (
    "Capital stands still: no plant invests, enters, fails or invents; labour is of one kind "
    "and moves freely.",
    "There is no credit, no bank and no state beside a final user with fixed tastes; households "
    "have no needs below which they starve.",
    "A plant stands for an industry (or a made-up firm). Elasticities are the estimates of one "
    "study, or drawn from their distribution, and foreign suppliers share one recipe.",
)
_RULE = "They do so by a fixed rule: nobody learns what pays, and nobody lobbies."


def _people(law: BehaviourLaw) -> str:
    """What rows say of what they know."""
    if law.kind == "strategic":
        pad, soft = percent(law.pad), percent(law.soft)
        return (
            f"Plants hide {pad} of what they can do and pad their needs by {pad}, except to an "
            f"auditor, and ask for {soft} more than they want where they pay nothing and no "
            f"directive binds them; households and owners of resources are truthful. {_RULE}"
        )
    if law.kind == "adversarial":
        return (
            "Everybody says the opposite of what they know, except to an auditor: the worst case, "
            f"not a model of people. {_RULE}"
        )
    return "Everybody is truthful: nobody hoards, bluffs, lobbies or misreports."
