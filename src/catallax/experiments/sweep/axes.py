"""What can be varied: the axes of the map, by the names that people use.

An axis sets keys of the contract, all to the same value, or a setting of every mechanism that
has one of its names. Whatever is no axis can be varied by its own name: `channel.centre.delay`
is a key of the contract, `market:kappa` a setting of one mechanism.
"""

from collections.abc import Mapping
from typing import TypeVar

from catallax.errors import InputError, unknown
from catallax.experiments.registry import maker
from catallax.protocol import PRODUCTION, AbstractContract, Axis, Value, domain_named
from catallax.protocol.makers import settings_of
from catallax.protocol.specs import spec_of
from catallax.run.contract import POPULATION

C = TypeVar("C", bound=AbstractContract)
ECONOMY = POPULATION  # the axis of economies


def _lines(name: str) -> tuple[str, ...]:
    """A law of both lines: they are alike unless their difference is what is asked."""
    return (f"channel.line.{name}", f"channel.centre.{name}")


AXES: Mapping[str, Axis] = {
    a.name: a
    for a in (
        Axis("delay", "delay of every message, weeks", (0.0, 1.0, 2.0, 4.0, 8.0), _lines("delay")),
        Axis(
            "noise", "noise of every message, s.d. of logs", (0.0, 0.05, 0.1, 0.2), _lines("noise")
        ),
        Axis("coverage", "share of rows that can send", (0.5, 0.75, 0.9, 1.0), _lines("coverage")),
        Axis("resolution", "bits a value", (4, 6, 8, 12, 16), _lines("resolution")),
        Axis(
            "tacit",
            "tacit share of private facts",
            (0.0, 0.1, 0.25, 0.5, 1.0),
            ("knowledge.tacit",),
        ),
        Axis(
            "novelty",
            "share of change that no history predicts",
            (0.0, 0.25, 0.5, 0.75, 1.0),
            ("knowledge.novelty",),
        ),
        Axis(
            "drift",
            "drift of tastes, s.d. of logs a week",
            (0.0, 0.005, 0.01, 0.02, 0.04),
            ("knowledge.drift",),
        ),
        Axis(
            "interval",
            "weeks between two plans",
            (1, 4, 13, 52),
            settings=("interval", "period"),
            log=True,
        ),
        Axis(
            "reprice",
            "share of sellers that reprice in a week",
            (0.025, 0.05, 0.1, 0.25, 1.0),
            settings=("reprice",),
            log=True,
        ),
        Axis(
            "delegation",
            "what the plan leaves to others",
            ("in_kind", "own_mix", "retail"),
            settings=("delegation",),
        ),
        Axis(
            "sigma",
            "elasticities of plants, times their own",
            (0.25, 0.5, 1.0, 2.0),
            (f"{ECONOMY}.sigma",),
            log=True,
        ),
        Axis("size", "firms", (100, 300, 1000, 3000), (f"{ECONOMY}.firms",), log=True),
    )
}


def axis(name: str, domain: str = PRODUCTION) -> Axis:
    """The axis called `name`; a key of the contract or a setting of a mechanism is one by itself.

    Raises InputError for what is none of these.
    """
    known = domain_named(domain).axes
    if name in known:
        return known[name]
    if ":" in name:
        _check_setting(name, domain)
        return Axis(name, name.replace(":", ": "), ())
    if _is_key(name, domain):
        return Axis(name, name, (), (name,))
    raise unknown("axis", name, [*known, *_examples(domain)])


def _is_key(name: str, domain: str) -> bool:
    """Whether a name is a key of contracts: a dotted one, or one of the domain's own."""
    experiments = domain_named(domain).experiments.values()
    return "." in name or any(name in e.keys for e in experiments)


def _examples(domain: str) -> list[str]:
    """What else can be varied, for a message: a key of the contract, a mechanism's setting."""
    found = domain_named(domain)
    if domain == PRODUCTION:
        return [ECONOMY, "channel.centre.delay", "market:kappa"]
    first = next(iter(found.experiments.values()))
    return [key for key in first.keys if key not in found.axes][:3]


def _check_setting(name: str, domain: str) -> None:
    mechanism, _, key = name.rpartition(":")
    known = settings_of(maker(spec_of(mechanism), domain))
    if key not in known:
        raise InputError(f"{name}: {unknown(f'setting of {mechanism}', key, known)}")


def with_key(contract: C, key: str, value: Value) -> C:
    """The contract with the value under a dotted key; InputError names the key and the known."""
    return contract.with_setting(key, value)


def with_setting(text: str, key: str, value: Value, domain: str = PRODUCTION) -> str:
    """The mechanism `text` with the setting, if it has it and does not set it itself.

    A variant that stands for just this value is taken, for it has gains that are tuned to it.
    """
    spec = spec_of(text)
    known = domain_named(domain).variants.get(spec.name, {})
    sets = {k for word in spec.variants for k in known.get(word, {})} | dict(spec.given).keys()
    if not has_setting(text, key, domain) or key in sets:
        return text
    word = str(value)
    meant = known.get(word, {})
    own = meant.get(key) == value and not meant.keys() & sets
    return f"{text}:{word}" if own else f"{text}:{key}={value}"


def has_setting(text: str, key: str, domain: str = PRODUCTION) -> bool:
    """Whether the mechanism `text` has a setting called `key`."""
    return key in settings_of(maker(spec_of(text), domain))
