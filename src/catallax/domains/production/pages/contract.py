"""The contract of an economy: its settings, the Python that makes it, what it leaves out."""

from collections.abc import Iterator

from catallax.domains.production.economy import economy_named
from catallax.domains.production.experiments import EXPERIMENTS
from catallax.domains.production.knowledge import BehaviourLaw, ChannelLaw
from catallax.domains.production.run import Contract
from catallax.errors import InputError
from catallax.show.origins import format_python, list_settings
from catallax.show.words import percent
from catallax.study import Comparison


def list_contract_rows(comparison: Comparison) -> list[list[str]]:
    """Setting, value and meaning of everything that was held equal."""
    contract = comparison.contract
    economy = contract.economy
    found = [
        ("economy", economy.name, "name of the economy"),
        ("economy.digest", economy.digest, "hash of what it was made from"),
        *list_settings("knowledge", contract.knowledge),
        *_list_channel_rows(contract.channel),
        *list_settings("behaviour", contract.behaviour),
    ]
    for k, shock in enumerate(contract.shocks):
        found += list_settings(f"shocks[{k}]", shock)
    found.append(("weeks", str(contract.weeks), "length of a run"))
    found.append(("settle", str(contract.settle), "weeks before week 0, which nothing counts"))
    found.append(("backlog", str(contract.backlog).lower(), "whether unfilled orders wait"))
    return [list(row) for row in found]


def _list_channel_rows(channel: ChannelLaw) -> Iterator[tuple[str, str, str]]:
    """Its settings, and those of the kinds of report that have a law of their own."""
    for row in list_settings("channel", channel):
        if row[0] != "channel.kinds" or not channel.kinds:
            yield row
    for kind, law in channel.kinds:
        yield from list_settings(f"channel.kinds.{kind}", law)


def write_contract_code(comparison: Comparison) -> tuple[str, str]:
    """Imports and the contract: the experiment's own where it is that, else written out."""
    contract, name = comparison.contract, comparison.name
    economy = contract.economy.name
    if _is_standard(comparison):
        named = f"economy_named({economy!r}), weeks={contract.weeks}"
        return (
            "from catallax.domains.production.economy import economy_named\n"
            "from catallax.domains.production.experiments import experiment\n",
            f"contract = experiment({name!r}).contract({named})",
        )
    made, given = f"contract = Contract.from_dict(\n{format_python(contract.to_dict())}", "\n)"
    if not _is_built_in(contract):
        made, given = f"economy = ...  # your economy {economy!r}\n{made}", ",\n    economy,\n)"
    return "from catallax.domains.production.run import Contract\n", made + given


def _is_standard(comparison: Comparison) -> bool:
    known, contract = EXPERIMENTS.get(comparison.name), comparison.contract
    if known is None or not _is_built_in(contract):
        return False
    try:
        return bool(known.contract(contract.economy, weeks=contract.weeks).hash == contract.hash)
    except InputError:  # the experiment's own shock does not fit in so few weeks
        return False


def _is_built_in(contract: Contract) -> bool:
    try:
        return economy_named(contract.economy.name).digest == contract.economy.digest
    except InputError:
        return False


def list_caveats(comparison: Comparison) -> list[str]:
    """What the model leaves out, and how far its people can be trusted."""
    return [*_READING, _describe_behaviour(comparison.contract.behaviour), *_LEFT_OUT]


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


def _describe_behaviour(law: BehaviourLaw) -> str:
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
