"""What was compared and how it ended, in plain words from contract and runs alone."""

import inspect
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from catallax.errors import InputError
from catallax.protocol import Domain, domain_of
from catallax.protocol.mechanism_names import maker_of, spec_of
from catallax.show.words import counted, joined, label_mechanism, opened
from catallax.study import Comparison, Summary

FREE = "compare"  # a comparison that asks nothing in particular
YEAR = 52
LEARNS = "everybody else learns only what reaches them"


def find_domain(comparison: Comparison) -> Domain:
    """The domain whose mechanisms are compared."""
    return domain_of(comparison.contract)


def order_mechanisms(comparison: Comparison) -> Sequence[str]:
    """Mechanisms as compared: those that compete first, oracles last."""
    return sorted(comparison.outcomes, key=comparison.oracle)


def list_rivals(comparison: Comparison) -> list[str]:
    """The mechanisms that are no oracle."""
    return [m for m in comparison.outcomes if not comparison.oracle(m)]


def name_mechanism(comparison: Comparison, mechanism: str) -> str:
    """A mechanism's name for people."""
    return label_mechanism(mechanism, find_domain(comparison))


def title_mechanism(comparison: Comparison, mechanism: str) -> str:
    """A mechanism's name for people, oracles and the null marked."""
    mark = mark_mechanism(comparison, mechanism)
    return name_mechanism(comparison, mechanism) + (f" {mark}" if mark else "")


def mark_mechanism(comparison: Comparison, mechanism: str) -> str:
    """What is to be known of a yardstick: (oracle), (null), or "" for whoever competes."""
    if comparison.oracle(mechanism):
        return "(oracle)"
    return "(null)" if mechanism == comparison.null else ""


def find_difference(comparison: Comparison, mechanism: str, measure: str) -> Summary:
    """A measure less that of the base; a reason calls mechanisms by their names for people."""
    found = comparison.difference(mechanism, measure)
    lacking, _, why = found.reason.partition(": ")
    if lacking not in (comparison.base, mechanism):
        return found
    return replace(found, reason=f"{title_mechanism(comparison, lacking)}: {why}")


def mark_weeks(comparison: Comparison) -> dict[int, str]:
    """What happens from outside by week, in a word; a week with two such things is marked once."""
    contract = comparison.contract
    pairs = zip(contract.shocks, contract.descriptions, strict=True)
    return {shock.week: description.mark for shock, description in pairs}


def name_event(comparison: Comparison) -> str:
    """What to call that which happens from outside."""
    found = set(mark_weeks(comparison).values())
    return found.pop() if len(found) == 1 else "shock"


def find_first_shock_week(comparison: Comparison) -> int | None:
    """The first week in which something happens from outside; None if nothing does."""
    return min((shock.week for shock in comparison.contract.shocks), default=None)


def write_title(comparison: Comparison) -> str:
    """What the experiment asks, what a free comparison sets side by side, or the name."""
    if comparison.name == FREE:
        names = joined([name_mechanism(comparison, m) for m in order_mechanisms(comparison)])
        return f"{opened(names)} under one contract"
    known = comparison.name in find_domain(comparison).experiments
    return opened(comparison.contract.title if known else comparison.name)


def write_subtitle(comparison: Comparison, place: str = "") -> str:
    """What was run, in a line. place : whom it is about; as the contract says by default"""
    contract, free = comparison.contract, comparison.name == FREE
    kind = "Comparison" if free else f"Experiment {comparison.name}"
    return (
        f"{kind} · {place or contract.place} · {counted(contract.weeks, 'week')} · "
        f"{counted(len(comparison.seeds), 'seed')} · contract {contract.hash}"
    )


def describe_shocks(comparison: Comparison) -> list[str]:
    """What happens from outside, a sentence or two each."""
    return [described.sentence for described in comparison.contract.descriptions]


def describe_announcements(
    comparison: Comparison, *, foreknown: str = "", learns: str = LEARNS
) -> str:
    """Who is told.

    foreknown : what follows from everybody knowing beforehand, in a sentence
    learns    : what those learn to whom nothing is announced, without a full stop
    """
    shocks = comparison.contract.shocks
    if not shocks:
        some = find_domain(comparison).shocks
        return "Nothing happens from outside: there is no shock in this contract." if some else ""
    if all(s.announced for s in shocks):
        return f"Everybody knows from week 0 what will happen and when. {foreknown}".rstrip()
    untold = f"{opened(joined(_list_notices(comparison)))}; {learns}."
    if not any(s.announced for s in shocks):
        return f"Nobody is told. {untold}"
    known = joined([f"in week {s.week}" for s in shocks if s.announced])
    return f"What happens {known} is announced in week 0, the rest to nobody. {untold}"


def _list_notices(comparison: Comparison) -> list[str]:
    """Who sees first what was not announced, each once."""
    contract = comparison.contract
    pairs = zip(contract.shocks, contract.descriptions, strict=True)
    return list(dict.fromkeys(d.notice for shock, d in pairs if not shock.announced))


def describe_setting(comparison: Comparison) -> str:
    """Who runs what."""
    who = introduce_mechanisms(comparison, comparison.contract.place)
    return f"{who}: only the mechanism differs."


def introduce_mechanisms(
    comparison: Comparison, what: str, alike: str = "with the same chances"
) -> str:
    """Who runs `what` for how long, and what is alike for all; without a full stop."""
    contract = comparison.contract
    twice = f", once with the {name_event(comparison)} and once without" if contract.shocks else ""
    names = [title_mechanism(comparison, m) for m in order_mechanisms(comparison)]
    each = "each run" if len(names) > 1 else "runs"
    return (
        f"{opened(joined(names))} {each} {what} for {format_length(contract.weeks)}, {alike}{twice}"
    )


def describe_inputs(comparison: Comparison) -> str:
    """Which series of other runs everybody takes as given; "" for none."""
    inputs = comparison.contract.inputs
    if not inputs:
        return ""
    return f"All take as given: {joined([f'{name}, {given}' for name, given in inputs.items()])}."


def format_length(weeks: int) -> str:
    """A number of weeks, in years too where it is some."""
    years = f" ({counted(weeks // YEAR, 'year')})" if weeks % YEAR == 0 else ""
    return f"{counted(weeks, 'week')}{years}"


def describe_mechanism(comparison: Comparison, mechanism: str) -> str:
    """A mechanism in a line, from its own documentation; user's files are not opened."""
    spec, domain = spec_of(mechanism), find_domain(comparison)
    if spec.file:
        return f"defined outside the package, in {PurePath(spec.name).name}"
    try:
        made = maker_of(spec, domain)
    except InputError:
        return "given as an object"
    return read_first_line(made)


def read_first_line(thing: object) -> str:
    """First line of the documentation without a full stop; "" for what dataclasses write."""
    if not (inspect.isclass(thing) or inspect.isfunction(thing)):
        return ""
    text = (inspect.getdoc(thing) or "").strip().partition("\n")[0]
    text = re.split(r" \w+ : ", text)[0].rstrip(".")  # settings may follow on the same line
    return "" if text.startswith(f"{thing.__name__}(") else text


def list_early_stops(comparison: Comparison) -> list[str]:
    """Every way in which runs did not reach their end, with the seeds."""
    found: dict[tuple[str, str, str], list[str]] = {}
    without = f", without the {name_event(comparison)}"
    for m, outcomes in comparison.outcomes.items():
        for o in outcomes:
            for kind, ending in (("", o.trace.ending), (without, o.trace.twin)):
                if not ending.completed and (kind == "" or comparison.contract.shocks):
                    why = f"{ending.reason} ({ending.means})"
                    found.setdefault((name_mechanism(comparison, m), kind, why), []).append(
                        str(o.seed)
                    )
    return [f"{m}{kind}, seed {joined(s)}: {why}" for (m, kind, why), s in found.items()]


def list_caveats(comparison: Comparison) -> list[str]:
    """What not to conclude: what the domain says, and how far the seeds reach."""
    own, count = find_domain(comparison).caveats, len(comparison.seeds)
    if count == 1:
        return [*own, "One seed has no interval: every difference here may be chance."]
    return [
        *own,
        f"Intervals are over {count} seeds. They say how sure the numbers are under this contract, "
        "and nothing of other contracts or of the world outside the model.",
        *_warn_of_few_seeds(count),
    ]


def _warn_of_few_seeds(count: int) -> list[str]:
    if count >= FEW:
        return []
    return [
        f"{count} seeds are few: intervals are wide, and hold only where seeds differ as normal "
        "draws do."
    ]


FEW = 5  # seeds; fewer leave Student's interval at the mercy of normality
