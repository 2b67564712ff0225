"""Every name that the laboratory knows, and what it means, read off the domains themselves."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, final

from catallax.apps.values import value_text

if TYPE_CHECKING:
    from catallax.protocol import Axis, Domain, Experiment, Measure, Setting

Says = Mapping[str, Any]
PARAGRAPH = re.compile(r"\n\s*\n")
PARAMETERS = re.compile(r"\w+(, \w+)* *: ")  # the beginning of a paragraph about parameters


@final
@dataclass(frozen=True)
class Meaning:
    """One thing that a name stands for.

    kind   : what sort of thing it is, for people: "measure", "setting of market"
    name   : in full
    domain : to which it belongs
    words  : what it is found by: its name, and others that people see or use
    tell   : makes what there is to say, heading -> text, a list of lines or a table
    """

    kind: str
    name: str
    domain: str
    words: tuple[str, ...]
    tell: Callable[[], Says]


def meanings() -> Iterator[Meaning]:
    """Everything of every domain that has a name."""
    from catallax.protocol import domains

    for domain in domains().values():
        yield _domain_meaning(domain)
        yield from _experiment_meanings(domain)
        yield from _mechanism_meanings(domain)
        yield from _measure_meanings(domain)
        yield from _way_meaning(domain)
        yield from _axis_meanings(domain)
        yield from _key_meanings(domain)
        yield from _shock_meanings(domain)
        yield from _economy_meanings(domain)


def first_line(thing: object) -> str:
    """First line of what the docstring says; of a partial function that of the function."""
    return read_docstring(thing).partition("\n")[0]


def read_docstring(thing: object) -> str:
    """The docstring, without what it says of parameters and errors."""
    inner = getattr(thing, "func", thing)
    paragraphs = PARAGRAPH.split(inspect.getdoc(inner) or "")
    told = (p for p in paragraphs if not p.startswith("Raises ") and not PARAMETERS.match(p))
    return "\n\n".join(told)


def summary(name: str, make: Any) -> str:
    """What a mechanism is, in a line: its module's, where that is its own file, or its maker's."""
    own = make.__module__.endswith(f".{name}")
    return first_line(inspect.getmodule(make) if own else make)


def about_mechanism(name: str, make: Any) -> str:
    """The same, and what the parts of the mechanism say; all but the holder that all have."""
    from catallax.protocol.makers import parts

    held = parts(make())
    told = [read_docstring(type(part)) for part in held[1:] or held]
    return "\n\n".join(dict.fromkeys([summary(name, make), *told]))


def _domain_meaning(domain: "Domain") -> Meaning:
    parts = ("experiments", "mechanisms", "oracles", "measures", "axes", "shocks")
    says = {"about": domain.title, **{part: list(getattr(domain, part)) for part in parts}}
    return Meaning("domain", domain.name, domain.name, (domain.name,), partial(dict, says))


def _experiment_meanings(domain: "Domain") -> Iterator[Meaning]:
    for name, experiment in domain.experiments.items():
        yield Meaning(
            "experiment", name, domain.name, (name,), partial(_describe_experiment, experiment)
        )


def _describe_experiment(experiment: "Experiment") -> Says:
    return {
        "about": experiment.title,
        "mechanisms": list(experiment.mechanisms),
        "settings": {key: describe_parts(known) for key, known in experiment.settings.items()},
    }


def _mechanism_meanings(domain: "Domain") -> Iterator[Meaning]:
    """Mechanisms and oracles, their variants and their settings."""
    for kind, group in (("mechanism", domain.mechanisms), ("oracle", domain.oracles)):
        for name, make in group.items():
            variants = domain.variants.get(name, {})
            yield Meaning(
                kind, name, domain.name, (name,), partial(_describe_mechanism, name, make, variants)
            )
            yield from _variant_meanings(domain, name, variants)
            yield from _setting_meanings(domain, name, make)


def _describe_mechanism(name: str, make: Any, variants: Mapping[str, Mapping[str, Any]]) -> Says:
    from catallax.protocol import settings_of

    settings = {key: describe_parts(known) for key, known in settings_of(make).items()}
    words = {word: write_settings(given) for word, given in variants.items()}
    return {"about": about_mechanism(name, make), "settings": settings, "variants": words}


def _variant_meanings(
    domain: "Domain", name: str, variants: Mapping[str, Mapping[str, Any]]
) -> Iterator[Meaning]:
    for word, given in variants.items():
        says = {"about": f"{name} with {write_settings(given)}"}
        full = f"{name}:{word}"
        yield Meaning(f"variant of {name}", full, domain.name, (full, word), partial(dict, says))


def write_settings(given: Mapping[str, Any]) -> str:
    """What a variant sets, as it is written behind a name."""
    return ", ".join(f"{key}={value_text(value)}" for key, value in given.items())


def _setting_meanings(domain: "Domain", name: str, make: Any) -> Iterator[Meaning]:
    from catallax.protocol import settings_of

    for key, known in settings_of(make).items():
        full, kind = f"{name}:{key}", f"setting of {name}"
        before = (f"{name}:{known.hash_name}", known.hash_name) if known.hash_name else ()
        words = (full, key, *before)
        yield Meaning(kind, full, domain.name, words, partial(describe_parts, known))


def _measure_meanings(domain: "Domain") -> Iterator[Meaning]:
    """Measures, by their names and by the heads of their columns in tables."""
    for name, measure in domain.measures.items():
        head = domain.columns.get(name, "")
        words = (name, *heads(head))
        yield Meaning(
            "measure", name, domain.name, words, partial(_describe_measure, measure, head)
        )


def _way_meaning(domain: "Domain") -> Iterator[Meaning]:
    """The column that stands behind the first measure where a domain has a null."""
    if domain.null is None or not domain.oracles:
        return
    oracle, name = next(iter(domain.oracles)), "share of the way"
    about = (
        f"How far a mechanism gets from the null to the optimum: {domain.judged_by} less that of "
        f"{domain.null}, over that of {oracle} less that of {domain.null}; 0 is the null, 1 the "
        f"optimum. Of means over seeds, paired; there is none where the two do not differ by more "
        f"than the seeds can tell."
    )
    says = {"about": about, "source": "Fieller 1954", "column": "way"}
    yield Meaning("column", name, domain.name, (name, "way"), partial(dict, says))


def heads(head: str) -> tuple[str, ...]:
    """The head of a column as people read it, in one line and without a unit behind a comma."""
    line = head.replace("-\n", "").replace(",\n", ", ").replace("\n/", " /").replace("\n", " ")
    return tuple(dict.fromkeys((line, re.split(r",| /", line)[0]))) if line else ()


def _describe_measure(measure: "Measure", head: str) -> Says:
    column = {"column": heads(head)[0]} if head else {}
    return {
        "about": measure.text,
        "unit": measure.unit,
        "better": measure.better,
        "source": measure.source,
        **column,
    }


def _axis_meanings(domain: "Domain") -> Iterator[Meaning]:
    for name, axis in domain.axes.items():
        yield Meaning("axis", name, domain.name, (name,), partial(_describe_axis, axis))


def _describe_axis(axis: "Axis") -> Says:
    return {
        "about": axis.title,
        "values": ", ".join(value_text(value) for value in axis.values),
        "keys of the contract": list(axis.keys),
        "settings of mechanisms": list(axis.settings),
    }


def _key_meanings(domain: "Domain") -> Iterator[Meaning]:
    """Keys of contracts, in full and by their last part."""
    known: dict[str, Setting] = {}
    takers: dict[str, list[str]] = {}
    for name, experiment in domain.experiments.items():
        for key, setting in experiment.settings.items():
            known.setdefault(key, setting)
            takers.setdefault(key, []).append(name)
    for key, setting in known.items():
        words = tuple(dict.fromkeys((key, key.rpartition(".")[2], key.removesuffix(".kind"))))
        some = takers[key] if len(takers[key]) < len(domain.experiments) else []
        tell = partial(_describe_key, setting, some)
        yield Meaning("key of contracts", key, domain.name, words, tell)


def _describe_key(setting: "Setting", takers: Sequence[str]) -> Says:
    """A setting of a contract; `takers` are its experiments where not all take it."""
    return {**describe_parts(setting), **({"taken by": list(takers)} if takers else {})}


def _shock_meanings(domain: "Domain") -> Iterator[Meaning]:
    for kind, read in domain.shocks.items():
        says = {"about": read_docstring(read)}
        yield Meaning("kind of shock", kind, domain.name, (kind,), partial(dict, says))


def _economy_meanings(domain: "Domain") -> Iterator[Meaning]:
    """Economies that a contract may name; `synthetic:SEED` is found by `synthetic` alone too."""
    for name, make in domain.economies.items():
        says, word = {"about": read_docstring(make)}, name.partition(":")[0]
        yield Meaning("economy", name, domain.name, (name, word), partial(dict, says))


def describe_parts(setting: "Setting") -> dict[str, str]:
    """A setting part by part; what there is nothing to say of is left out."""
    tuned = setting.tuned
    found = {
        "about": setting.meaning,
        "unit": setting.unit,
        "range": setting.range,
        "default": "" if setting.default is None else value_text(setting.default),
        "source": setting.source,
        "tuned over": "" if tuned is None else _describe_range(tuned),
        "because": "" if tuned is None else tuned.why,
    }
    return {name: text for name, text in found.items() if text}


def _describe_range(tuned: Any) -> str:
    """The values that tuning tries."""
    if hasattr(tuned, "choices"):
        return ", ".join(value_text(choice) for choice in tuned.choices)
    scale = "" if tuned.scale == "linear" else f", in {tuned.scale}s"
    return f"{tuned.low:g} to {tuned.high:g}{scale}"


def line_of(said: Mapping[str, str]) -> str:
    """A described setting in a line: meaning, unit, range, default."""
    about = ", in ".join(said[part] for part in ("about", "unit") if part in said)
    rest = [said["range"]] if "range" in said else []
    rest += [f"default {said['default']}"] if "default" in said else []
    return "; ".join([about, *rest])


def whole_line_of(said: Mapping[str, str]) -> str:
    """The same with the source of the default and the range of tuning."""
    source = f" ({said['source']})" if "source" in said else ""
    tuned = f"; tuned over {said['tuned over']}" if "tuned over" in said else ""
    return f"{line_of(said)}{source}{tuned}"
