"""What can be varied: the axes of the map, by the names that people use.

An axis sets keys of the contract, all to the same value, or a setting of every mechanism that
has one of its names. Whatever is no axis can be varied by its own name: `channel.centre.delay`
is a key of the contract, `market:kappa` a setting of one mechanism.
"""

from collections.abc import Iterator
from typing import TypeVar

from catallax.errors import InputError, unknown
from catallax.protocol import (
    PRODUCTION,
    AbstractContract,
    Axis,
    Domain,
    Experiment,
    Value,
    domain_named,
)
from catallax.protocol.makers import settings_of
from catallax.protocol.mechanism_names import maker_of, spec_of

C = TypeVar("C", bound=AbstractContract)


def axis(name: str, domain: str = PRODUCTION) -> Axis:
    """The axis called `name`; a key of the contract or a setting of a mechanism is one by itself.

    Raises InputError for what is none of these.
    """
    known = domain_named(domain)
    if name in known.axes:
        return known.axes[name]
    if ":" in name:
        _check_setting(name, domain)
        return Axis(name, name.replace(":", ": "), ())
    if _is_key(name, known):
        return Axis(name, name, (), (name,))
    raise unknown("axis", name, [*known.axes, *_examples(known)])


def kind_of(name: str, experiment: Experiment) -> type:
    """Type of the values of an axis of an experiment. Raises InputError for an unknown one."""
    found = axis(name, experiment.domain)
    if found.values:
        return type(found.values[0])
    mechanism, colon, key = name.rpartition(":")
    if colon:
        return settings_of(maker_of(spec_of(mechanism), experiment.domain))[key].kind
    return experiment.setting_of(name).kind


def is_whole(name: str, experiment: Experiment) -> bool:
    """Whether only whole numbers make sense on an axis: bits, weeks, firms.

    A law of one line or of one kind of report is read as the axis of that law is: delays are whole
    weeks.
    """
    found = axis(name, experiment.domain)
    if found.values:
        return found.whole
    return kind_of(name, experiment) is int or _last_word(name) in _whole_laws(experiment.domain)


def _whole_laws(domain: str) -> set[str]:
    """Last words of the keys of those axes on which only whole numbers make sense."""
    axes = domain_named(domain).axes.values()
    return {_last_word(key) for a in axes if a.whole for key in a.keys}


def _last_word(key: str) -> str:
    return key.rpartition(".")[2]


def _is_key(name: str, domain: Domain) -> bool:
    """Whether a name is a key of contracts: a dotted one, or one of the domain's own."""
    return "." in name or any(name in e.keys for e in domain.experiments.values())


def _examples(domain: Domain) -> Iterator[str]:
    """What else can be varied, for a message: keys of the contract, a mechanism's setting."""
    first = next(iter(domain.experiments.values()))
    taken = {key for a in domain.axes.values() for key in a.keys}
    yield from [key for key in first.keys if key not in taken and key not in domain.axes][:2]
    for name, make in domain.mechanisms.items():
        for key in list(settings_of(make))[:1]:
            yield f"{name}:{key}"
            return


def _check_setting(name: str, domain: str) -> None:
    mechanism, _, key = name.rpartition(":")
    known = settings_of(maker_of(spec_of(mechanism), domain))
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
    return key in settings_of(maker_of(spec_of(text), domain))
