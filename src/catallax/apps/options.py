"""What the user wrote on the command line, made into values.

Whatever is wrong raises InputError in one sentence: what, where, what was expected.
"""

import re
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from tempfile import TemporaryFile

from catallax.errors import InputError

SEEDS = "8"
ALL = "all"
DOMAIN = "production"  # of commands that name no experiment
MOST_SEEDS = 100_000
MOST_WORKERS = 512

Value = int | float | str

_BOOLS = {"true": True, "false": False}
_SPAN = re.compile(r"\s*([0-9]{1,18})\s*(?:-\s*([0-9]{1,18})\s*)?")
_KINDS = {
    int: "a whole number; give one such as 52",
    float: "a number; give one such as 0.25",
    str: "text; put it between quotes",
    bool: "true or false",
}


def parsed(where: str, text: str, kind: type) -> Value:
    """`text` as an int, a finite float, a bool or itself; `where` is the user's name for it."""
    try:
        value: Value = _BOOLS[text.lower()] if kind is bool else kind(text)
    except (ValueError, KeyError) as e:
        raise _mistyped(where, text, kind) from e
    if isinstance(value, float) and not isfinite(value):
        raise InputError(f"{where}: {text} is not finite; give a finite number")
    return value


def shown(value: Value) -> str:
    """The shortest text from which `parsed` makes the value."""
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")


def typed(where: str, value: object, kind: type) -> Value:
    """`value` if it is of the kind; whole numbers pass for numbers, booleans for nothing else."""
    right = (int, float) if kind is float else kind
    if isinstance(value, bool) != (kind is bool) or not isinstance(value, right):
        raise _mistyped(where, value, kind)
    return value if isinstance(value, str) else parsed(where, str(value), kind)


def _mistyped(where: str, value: object, kind: type) -> InputError:
    return InputError(f"{where}: {value!r} is not {_KINDS[kind]}")


def seeds_of(text: str) -> tuple[int, ...]:
    """Seeds from a count ("8" is 0 to 7), a list ("3,5,9"), a range ("100-119") or a mixture.

    Raises InputError for anything else, for no seed at all, and for a seed given twice.
    """
    spans = [_span(part, text) for part in text.split(",")]
    if text.strip().isdecimal():
        spans = [range(spans[0].start)]
    count = sum(len(span) for span in spans)
    if not 1 <= count <= MOST_SEEDS:
        raise _no_seeds(text, f"makes {count} seeds, expected 1 to {MOST_SEEDS}")
    seeds = tuple(seed for span in spans for seed in span)
    if len(set(seeds)) < count:
        raise _no_seeds(text, "names a seed twice")
    return seeds


def _span(part: str, text: str) -> range:
    match = _SPAN.fullmatch(part)
    if match is None:
        raise _no_seeds(text, f"{part!r} is no seed")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise _no_seeds(text, f"{part!r} ends before it begins")
    return range(first, last + 1)


def _no_seeds(text: str, what: str) -> InputError:
    return InputError(
        f"--seeds {text!r}: {what}; give a count such as 8 (seeds 0 to 7), a list such as 3,5,9 "
        f"or a range such as 100-119"
    )


def seeds_text(seeds: Sequence[int]) -> str:
    """The shortest text from which `seeds_of` makes the same seeds."""
    first, last = seeds[0], seeds[-1]
    if tuple(seeds) != tuple(range(first, last + 1)):
        return ",".join(str(seed) for seed in seeds)
    return f"{first}-{last}" if first else str(last + 1)


def mechanisms_of(
    given: Sequence[str] | None, default: Sequence[str], domain: str = DOMAIN
) -> tuple[str, ...]:
    """Names of mechanisms and Python files that define one, with settings, each checked.

    given : texts of the option, each a name or several with commas between them; None if unused;
            `all` stands for every registered mechanism and variant

    Raises InputError for an empty selection, unknown names, broken files and names given twice.
    """
    if given is None:
        return tuple(default)
    asked = [name.strip() for text in given for name in text.split(",")]
    names = [name for word in asked for name in _meant(word, domain)]
    for name in names:
        _check_mechanism(name, names, default, domain)
    return tuple(names)


def _meant(word: str, domain: str) -> Sequence[str]:
    from catallax.experiments import every_mechanism

    return every_mechanism(domain) if word == ALL else [word]


def _check_mechanism(name: str, names: Sequence[str], default: Sequence[str], domain: str) -> None:
    from catallax.experiments import mechanism_named

    if not name:
        raise InputError(
            f"--mechanisms {','.join(names)!r}: a name is missing; give names or Python files "
            f"with commas between them, such as {','.join(default)}"
        )
    if names.count(name) > 1:
        raise InputError(f"--mechanisms: {name!r} is there twice; give each once")
    mechanism_named(name, domain)


def workers_of(text: str | None) -> int | None:
    """Number of worker processes; None means one for each CPU."""
    if text is None:
        return None
    workers = int(parsed("--workers", text, int))
    if not 0 <= workers <= MOST_WORKERS:
        raise InputError(
            f"--workers: {workers} is out of range, expected 0 (in this process) to {MOST_WORKERS}"
        )
    return workers


def path_of(option: str, path: str) -> str:
    """`path` of a TOML file that the user gave to `option`; InputError if it is empty."""
    if not path.strip():
        raise InputError(f"{option} {path!r}: no file is named; give the path of a TOML file")
    return path


def place(folder: str, name: str) -> Path:
    """Where the file `name` will go; makes the folder, and raises InputError if it cannot be."""
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path):
            pass
    except OSError as e:
        raise InputError(
            f"--out {folder}: cannot be written to ({e.strerror}); give a folder that can"
        ) from e
    if not folder or (path / name).is_dir():
        raise InputError(f"--out {folder!r}: {name} cannot be written there; give another folder")
    return path / name
