"""What can be varied: the axes of the map, by the names that people use.

An axis sets keys of the contract, all to the same value, or a setting of every mechanism that
has one of its names. Whatever is not an axis can be varied by its own name: `channel.centre.delay`
is a key of the contract, `market:kappa` a setting of one mechanism.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from catallax.errors import InputError, about, unknown
from catallax.protocol import (
    PRODUCTION,
    AbstractContract,
    Axis,
    Domain,
    Experiment,
    Value,
    domain_named,
)
from catallax.protocol.hash_names import accept_name, current_name
from catallax.protocol.makers import settings_of
from catallax.protocol.mechanism_names import maker_of, spec_of

C = TypeVar("C", bound=AbstractContract)
T = TypeVar("T")


def axis(name: str, domain: str = PRODUCTION) -> Axis:
    """The axis called `name`; a key of the contract or a setting of a mechanism is one by itself.

    Raises InputError for what is none of these.
    """
    known = domain_named(domain)
    if name in known.axes:
        return known.axes[name]
    if ":" in name:
        name = _accept_setting(name, domain)
        return Axis(name, name.replace(":", ": "), ())
    if _is_key(name, known):
        return Axis(name, name, (), (name,))
    raise unknown("axis", name, [*known.axes, *_examples(known)])


def by_present_name(given: Mapping[str, T], experiment: Experiment) -> dict[str, T]:
    """Values by axis, each axis by the name that it has now.

    Raises InputError, which begins with `axes.NAME`, for an unknown axis and for one given twice.
    """
    found: dict[str, T] = {}
    for name, values in given.items():
        with about(f"axes.{name}"):
            now = axis(name, experiment.domain).name
            if now in found:
                raise InputError(f"is {now} again; give each axis once")
        found[now] = values
    return found


def kind_of(name: str, experiment: Experiment) -> type:
    """Type of the values of an axis of an experiment. Raises InputError for an unknown one."""
    found = axis(name, experiment.domain)
    if found.values:
        return type(found.values[0])
    mechanism, colon, key = found.name.rpartition(":")
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


def _accept_setting(name: str, domain: str) -> str:
    """`MECHANISM:KEY` by the present name of the setting; InputError where there is none."""
    mechanism, _, key = name.rpartition(":")
    known = settings_of(maker_of(spec_of(mechanism), domain))
    now = accept_name(key, known, name)
    if now not in known:
        raise InputError(f"{name}: {unknown(f'setting of {mechanism}', key, known)}")
    return f"{mechanism}:{now}"


def with_key(contract: C, key: str, value: Value) -> C:
    """The contract with the value under a dotted key; InputError names the key and the known."""
    return contract.with_setting(key, value)


def with_setting(text: str, key: str, value: Value, domain: str = PRODUCTION) -> str:
    """The mechanism `text` with the setting, if it has it and does not set it itself.

    A variant that stands for just this value is taken, for it has gains that are tuned to it.
    """
    spec, settings = spec_of(text), settings_of(maker_of(spec_of(text), domain))
    key = current_name(key, settings)
    known = domain_named(domain).variants.get(spec.name, {})
    sets = {k for word in spec.variants for k in known.get(word, {})}
    sets |= {current_name(k, settings) for k, _ in spec.given}
    if key not in settings or key in sets:
        return text
    word = str(value)
    meant = known.get(word, {})
    own = meant.get(key) == value and not meant.keys() & sets
    return f"{text}:{word}" if own else f"{text}:{key}={value}"


def has_setting(text: str, key: str, domain: str = PRODUCTION) -> bool:
    """Whether the mechanism `text` has a setting called `key`."""
    known = settings_of(maker_of(spec_of(text), domain))
    return current_name(key, known) in known
