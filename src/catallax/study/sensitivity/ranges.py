"""Ranges of axes as people write them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from catallax.errors import InputError
from catallax.protocol import Axis, Experiment, NumberRange, TunedSpan, domain_named
from catallax.protocol.makers import settings_of
from catallax.protocol.named import maker_of
from catallax.protocol.specs import spec_of
from catallax.study.sweep import axis
from catallax.study.sweep.axes import is_whole

TEXT = re.compile(r"(?P<name>[^=]+)=(?P<low>[^=]+?)\.\.(?P<high>[^=]+)")


def ranges_of(texts: Sequence[str], experiment: Experiment) -> dict[str, NumberRange]:
    """Axis -> its range, from texts as `range_of` takes them. InputError for one given twice."""
    found = dict[str, NumberRange]()
    for text in texts:
        name, numbers = range_of(text, experiment)
        if name in found:
            raise InputError(f"--axes: {name} is there twice; give each axis once")
        found[name] = numbers
    return found


def usual_ranges(experiment: Experiment) -> dict[str, NumberRange]:
    """The ranges of the axes that the experiment's domain says a study varies by default."""
    domain = domain_named(experiment.domain)
    about = [name for name, a in domain.axes.items() if a.keys and a.numbers is not None]
    return ranges_of(domain.usual_axes or about, experiment)


def range_of(text: str, experiment: Experiment) -> tuple[str, NumberRange]:
    """Name and range from `NAME=LOW..HIGH`, or from the name of an axis that has numbers.

    A mechanism's setting by its name alone has the range over which it is tuned.

    Raises InputError for unknown axes, axes without numbers, and ranges that are none.
    """
    match = TEXT.fullmatch(text.strip())
    name = match["name"].strip() if match is not None else text.strip()
    if "=" in name:
        raise InputError(f"--axes {text!r}: expected NAME or NAME=LOW..HIGH, such as delay=0..4")
    found = replace(axis(name, experiment.domain), whole=is_whole(name, experiment))
    if match is not None:
        return found.name, found.between(_number(text, match["low"]), _number(text, match["high"]))
    found = _as_tuned(found, experiment)
    if found.numbers is None:
        raise InputError(f"{name}: has no range of its own; write {name}=LOW..HIGH")
    return found.name, found.numbers


def _as_tuned(found: Axis, experiment: Experiment) -> Axis:
    """The axis with the range over which a mechanism's setting is tuned, and on that scale."""
    mechanism, colon, key = found.name.rpartition(":")
    if not colon:
        return found
    tuned = settings_of(maker_of(spec_of(mechanism), experiment.domain))[key].tuned
    if not isinstance(tuned, TunedSpan):
        return found
    ends = (float(tuned.low), float(tuned.high))
    return replace(found, range=ends, log=tuned.scale == "log")


def _number(text: str, end: str) -> float:
    try:
        return float(end)
    except ValueError as e:
        raise InputError(f"--axes {text!r}: {end.strip()!r} is not a number") from e
