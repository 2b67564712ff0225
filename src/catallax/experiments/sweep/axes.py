"""What can be varied: the axes of the map, by the names that people use.

An axis sets keys of the contract, all to the same value, or a setting of every mechanism that
has one of its names. Whatever is no axis can be varied by its own name: `channel.centre.delay`
is a key of the contract, `market:kappa` a setting of one mechanism.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, final

from catallax.errors import InputError, unknown
from catallax.experiments.registry import maker
from catallax.experiments.settings import Value, settings_of
from catallax.experiments.specs import spec_of
from catallax.knowledge import ChannelLaw
from catallax.mechanisms import VARIANTS
from catallax.run import Contract

ECONOMY = "economy"
KINDS = "kinds"  # laws by kind of report, under `channel`


@final
@dataclass(frozen=True)
class Axis:
    """Something that can be varied.

    name     : as people call it
    title    : with its unit, for a picture
    values   : a grid to begin with, ascending
    keys     : of the contract, all set to the value
    settings : names that it has as a mechanism's setting; none for a key of the contract
    log      : whether the axis is read in logs
    """

    name: str
    title: str
    values: tuple[Value, ...]
    keys: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    log: bool = False


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


def axis(name: str) -> Axis:
    """The axis called `name`; a key of the contract or a setting of a mechanism is one by itself.

    Raises InputError for what is none of these.
    """
    if name in AXES:
        return AXES[name]
    if name == ECONOMY:
        return Axis(name, "economy", (), (ECONOMY,))
    if ":" in name:
        _check_setting(name)
        return Axis(name, name.replace(":", ": "), ())
    if "." in name:
        return Axis(name, name, (), (name,))
    raise unknown("axis", name, [*AXES, ECONOMY, "channel.centre.delay", "market:kappa"])


def _check_setting(name: str) -> None:
    mechanism, _, key = name.partition(":")
    known = settings_of(maker(spec_of(mechanism)))
    if key not in known:
        raise InputError(f"{name}: {unknown(f'setting of {mechanism}', key, known)}")


def with_key(contract: Contract, key: str, value: Value) -> Contract:
    """The contract with the value under a dotted key; InputError names the key and the known.

    `channel.kinds.KIND.delay` and the like give a kind of report a law of its own, which is the
    centre line's in all that is left open.
    """
    return replace(contract, **_replaced(contract, key.split("."), value, key))


def _replaced(part: Any, path: list[str], value: Value, key: str) -> dict[str, Any]:
    if isinstance(part, ChannelLaw) and path[0] == KINDS and len(path) == 3:
        law = part.own.get(path[1], part.centre)
        own = replace(law, **_replaced(law, path[2:], value, key))
        return {KINDS: tuple({**part.own, path[1]: own}.items())}
    known = {f.name: getattr(part, f.name) for f in fields(part)}
    if path[0] not in known:
        raise InputError(f"{key}: {unknown('key', path[0], known)}")
    inner = known[path[0]]
    if len(path) == 1:
        return {path[0]: value}
    if not is_dataclass(inner) or isinstance(inner, type):
        raise InputError(f"{key}: {path[0]} has no parts; leave out .{'.'.join(path[1:])}")
    return {path[0]: replace(inner, **_replaced(inner, path[1:], value, key))}


def with_setting(text: str, key: str, value: Value) -> str:
    """The mechanism `text` with the setting, if it has it and does not set it itself.

    A variant that stands for just this value is taken, for it has gains that are tuned to it.
    """
    spec = spec_of(text)
    known = VARIANTS.get(spec.name, {})
    sets = {k for word in spec.variants for k in known.get(word, {})} | dict(spec.given).keys()
    if not has_setting(text, key) or key in sets:
        return text
    word = str(value)
    meant = known.get(word, {})
    own = meant.get(key) == value and not meant.keys() & sets
    return f"{text}:{word}" if own else f"{text}:{key}={value}"


def has_setting(text: str, key: str) -> bool:
    """Whether the mechanism `text` has a setting called `key`."""
    return key in settings_of(maker(spec_of(text)))
