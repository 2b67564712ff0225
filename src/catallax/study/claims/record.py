"""Answers on disk, with where they come from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from catallax.errors import InputError
from catallax.study.claims.answer import Answer
from catallax.study.claims.declared import Registry
from catallax.whole import put_whole, read_whole

FILE = Path(__file__).with_name("records") / "answers.json"
MOST = 64_000_000  # bytes of a record that is read


@final
@dataclass(frozen=True)
class Record:
    """Answers by id, in the registry's order.

    answers : id -> answer
    """

    answers: Mapping[str, Answer]

    def __add__(self, new: Sequence[Answer]) -> "Record":
        return Record({**self.answers, **{a.id: a for a in new}})

    def stale(self, registry: Registry) -> list[str]:
        """Ids whose declaration has changed since they were answered."""
        return [
            name
            for name, answer in self.answers.items()
            if name in registry.hashes and registry.hashes[name] != answer.declared
        ]

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {"answers": [a.to_dict() for a in self.answers.values()]}

    def save(self, path: Path) -> None:
        """Write it as JSON, whole or not at all."""
        text = json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)
        put_whole(path, f"{text}\n".encode())

    @staticmethod
    def load(path: Path) -> "Record":
        """The record that `save` wrote; InputError if the file is none."""
        try:
            plain = json.loads(read_whole(path, MOST))
            answers = [Answer.from_dict(a) for a in plain["answers"]]
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as e:
            raise InputError(
                f"{path}: is no record of claims ({e}); make one with scripts/make_claims.py"
            ) from e
        return Record({a.id: a for a in answers})


def recorded() -> Record:
    """The package's own record; empty where nothing was answered yet."""
    return Record.load(FILE) if FILE.is_file() else Record({})
