"""What mechanisms of a map are called, and the letter by which each is known on it."""

from collections.abc import Mapping, Sequence
from string import ascii_uppercase, digits

from catallax.protocol.mechanism_names import spec_of
from catallax.show.words import label
from catallax.study.frontier.best import BEST


def name(text: str) -> str:
    """Of a mechanism or of `NAME:best`, for people."""
    spec = spec_of(text)
    if BEST not in spec.variants:
        return label(text)
    more = [f"{key} {value}" for key, value in spec.given]
    plain = spec.name.replace("ai_", "AI ").replace("_", " ")
    return f"{plain} ({', '.join(['best delegation', *more])})"


def letters(labels: Sequence[str]) -> Mapping[str, str]:
    """Label -> a letter of its own, from its last word if that is free: base_year Y, habit H."""
    found: dict[str, str] = {}
    for text in labels:
        words = spec_of(text).name.rpartition("/")[2].removesuffix(".py").upper().split("_")
        wanted = [word[:1] for word in reversed(words)] + [*"".join(words)]
        free = [c for c in [*wanted, *ascii_uppercase, *digits] if c.isalnum()]
        found[text] = next((c for c in free if c not in found.values()), "?")
    return found
