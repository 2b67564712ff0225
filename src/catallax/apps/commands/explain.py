"""`catallax explain`: what a name means, whatever it is the name of."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import fill, indent
from typing import Annotated, Any

from cyclopts import Parameter

from catallax.apps.execution import Json
from catallax.apps.exit_codes import Reply
from catallax.apps.meanings import Meaning, meanings, whole_line_of
from catallax.apps.output import format_json
from catallax.errors import unknown

WIDTH = 98
HEAD = 12  # letters of a heading before what it says
ANY = "SEED", "HOUSEHOLDS"  # in a pattern of names these stand for a number


def explain(
    name: Annotated[
        str,
        Parameter(
            help="a measure, mechanism, variant, setting, key, axis, shock, economy, experiment or "
            "domain, or the head of a column"
        ),
    ],
    /,
    *,
    json: Json = False,
) -> Reply:
    """Explain a name; where it has several meanings, all of them.

    $ catallax explain market
    $ catallax explain "lag, weeks" --json
    """
    found = find_meanings(name)
    if json:
        return Reply(format_json({"name": name, "meanings": [_plain_meaning(m) for m in found]}))
    return Reply("\n\n".join(_describe(m) for m in found))


def find_meanings(name: str) -> list[Meaning]:
    """Everything that is called so; InputError, with the nearest name, for what nothing is.

    `delay` is an axis and the end of several keys of contracts, and all are told;
    `channel.line.delay` is one of these keys.
    """
    every = list(meanings())
    wanted = _fold(name)
    found = [m for m in every if wanted in map(_fold, m.words)]
    found = found or [
        m for m in every if m.name.partition(":")[2] in ANY and _fits_pattern(wanted, m)
    ]
    if not found:
        raise unknown("name", name, _known_words(every))
    return found


def _fold(word: str) -> str:
    """A word in small letters, with one blank for several."""
    return " ".join(word.lower().split())


def _fits_pattern(wanted: str, pattern: Meaning) -> bool:
    """Whether a name is one of a pattern such as `synthetic:SEED`."""
    before, _, number = wanted.partition(":")
    return before == pattern.name.partition(":")[0] and number.isdecimal()


def _known_words(every: Iterable[Meaning]) -> list[str]:
    """All words, those first that people look for most."""
    words = [(m.kind not in ("measure", "mechanism"), word) for m in every for word in m.words]
    return list(dict.fromkeys(word for _, word in sorted(words, key=lambda w: w[0])))


def _plain_meaning(meaning: Meaning) -> dict[str, Any]:
    head = {"kind": meaning.kind, "name": meaning.name, "domain": meaning.domain}
    return {**head, **{part: said for part, said in meaning.tell().items() if said}}


def _describe(meaning: Meaning) -> str:
    """The name, what it is, and all there is to say, heading by heading."""
    whose = "" if meaning.kind == "domain" else f" of {meaning.domain}"
    lines = [f"{meaning.name}: {meaning.kind}{whose}"]
    for part, said in meaning.tell().items():
        if said:
            lines.append(_describe_part(part, said))
    return "\n".join(lines)


def _describe_part(part: str, said: Any) -> str:
    if part == "about":
        return indent("\n\n".join(_wrap(p) for p in str(said).split("\n\n")), "  ")
    if isinstance(said, Mapping):
        width = max(map(len, said)) + 2
        lines = (_write_entry(k, _write_line(v), width, "    ") for k, v in said.items())
        return "\n".join([f"  {part}:", *lines])
    text = ", ".join(said) if isinstance(said, Sequence) and not isinstance(said, str) else said
    return _write_entry(f"{part}:", str(text), max(HEAD, len(part) + 2), "  ")


def _write_line(said: str | Mapping[str, str]) -> str:
    """What stands beside a name: a text, or a described setting in a line."""
    return said if isinstance(said, str) else whole_line_of(said)


def _wrap(paragraph: str) -> str:
    return fill(" ".join(paragraph.split()), WIDTH - 2)


def _write_entry(head: str, text: str, width: int, before: str) -> str:
    """A heading and its text beside it."""
    first = f"{before}{head:<{width}}"
    return fill(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
