"""How a mechanism is named with settings: `name[:variant][:key=value ...]`.

`market:kappa=0.05:cover=0.5`, `five_year_plan:rigid`, `mine.py:share=0.9`. A spec is text, so it
passes to worker processes, into command lines and into JSON as it is.
"""

from dataclasses import dataclass
from typing import final

from catallax.errors import InputError
from catallax.protocol.userfile import SUFFIX, is_file


@final
@dataclass(frozen=True)
class MechanismSpec:
    """A mechanism's name taken apart.

    text     : as the user wrote it
    name     : of a registered mechanism or oracle, or a Python file's path
    variants : words that stand for settings
    given    : (key, text of the value) of each setting
    """

    text: str
    name: str
    variants: tuple[str, ...]
    given: tuple[tuple[str, str], ...]

    @property
    def file(self) -> bool:
        """Whether a Python file defines it."""
        return is_file(self.name)


def spec_of(text: str) -> MechanismSpec:
    """`text` taken apart; InputError for a part that is neither a word nor key=value."""
    name, parts = _split_text(text)
    for part in parts:
        if not part or part.startswith("="):
            raise InputError(
                f"{text}: {part!r} is no setting; write name:key=value, such as market:kappa=0.05"
            )
    pairs = [part.split("=", 1) for part in parts if "=" in part]
    given = tuple((key.strip(), value.strip()) for key, value in pairs)
    return MechanismSpec(text, name, tuple(p for p in parts if "=" not in p), given)


def _split_text(text: str) -> tuple[str, list[str]]:
    """Name and the parts behind it; a path may hold colons of its own."""
    path, dot, rest = text.rpartition(f"{SUFFIX}:")
    if text.endswith(SUFFIX):
        return text, []
    if dot:
        return path + SUFFIX, rest.split(":")
    name, *parts = text.split(":")
    return name, parts
