"""The answer to a claim: verdict, estimate, interval, provenance; and the record of all answers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, final

from catallax.errors import InputError
from catallax.protocol import Progress, versions
from catallax.study.claims.declared import Claim, Registry
from catallax.study.claims.samples import ClaimRuns, cells, samples
from catallax.study.claims.verdict import INCONSISTENT, NOT_TESTABLE, PartVerdict, judge_part
from catallax.study.sweep import Gather
from catallax.whole import put_whole, read_whole

NOTHING = "no experiment of today's mechanisms answers it"


@final
@dataclass(frozen=True)
class Answer:
    """What the laboratory says of a claim.

    id        : of the claim
    verdict   : one of `VERDICTS`
    labels    : what must be known before it
    findings  : of its parts, the first decides
    reason    : in words, where no estimate decides
    runs      : number of runs, and of trials without an economy, behind it
    seconds   : time of those alone: other claims may share them
    seeds     : of them
    contracts : hashes
    declared  : hash of what was declared, maps and rules with it
    versions  : of code and packages
    made      : when, in UTC
    """

    id: str
    verdict: str
    labels: tuple[str, ...]
    findings: tuple[PartVerdict, ...]
    reason: str
    runs: int
    seconds: float
    seeds: tuple[int, ...]
    contracts: tuple[str, ...]
    declared: str
    versions: Mapping[str, str] = field(default_factory=versions)
    made: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values, never NaN."""
        plain = {k: getattr(self, k) for k in self.__dataclass_fields__}
        return {
            **plain,
            "findings": [f.to_dict() for f in self.findings],
            "versions": dict(self.versions),
        }

    @staticmethod
    def from_dict(plain: Mapping[str, Any]) -> "Answer":
        """The answer of `to_dict`, read back from JSON; KeyError or TypeError if it is none."""
        findings = tuple(PartVerdict.from_dict(f) for f in plain["findings"])
        lists = {k: tuple(plain[k]) for k in ("labels", "seeds", "contracts")}
        return Answer(**{**plain, **lists, "findings": findings})


def answers(
    registry: Registry,
    claims: Sequence[Claim],
    gather: Gather,
    *,
    seeds: Sequence[int] | None = None,
    tell: Progress | None = None,
) -> list[Answer]:
    """Every claim answered, no run made twice.

    gather : whatever answers for cells and seeds
    seeds  : in place of those declared
    tell   : called with (done, all, what was finished) as claims are judged
    """
    asked = tuple(range(max((c.seeds for c in claims), default=0)) if seeds is None else seeds)
    needed = cells(registry, claims)
    found = ClaimRuns.of(gather(needed, asked)) if needed else ClaimRuns({})
    done = []
    for claim in claims:
        done.append(_answer(registry, claim, found, asked))
        if tell is not None:
            tell(len(done), len(claims), claim.id)
    return done


def _answer(registry: Registry, claim: Claim, found: ClaimRuns, seeds: Sequence[int]) -> Answer:
    mine = ClaimRuns(found.rows)
    findings = tuple(
        judge_part(
            part,
            samples(registry, claim, part, mine, seeds),
            registry.rules,
            claim.value if k == 0 and claim.rule == "figure" else None,
            registry.in_logs(registry.map_of(claim, part)),
        )
        for k, part in enumerate(claim.parts)
    )
    verdict, reason = _verdict(claim, findings)
    return Answer(
        claim.id,
        verdict,
        claim.labels,
        findings,
        reason,
        len(mine.used),
        sum(mine.used.values()),
        tuple(seeds) if findings else (),
        _hash_contracts(registry, claim),
        registry.hashes[claim.id],
    )


def _hash_contracts(registry: Registry, claim: Claim) -> tuple[str, ...]:
    return tuple(sorted({c.contract.hash for c in cells(registry, [claim])}))


def _verdict(claim: Claim, findings: Sequence[PartVerdict]) -> tuple[str, str]:
    if claim.rule == "inconsistent" and figures_disagree(claim.figures):
        said = " and ".join(_write_ends(f) for f in claim.figures)
        reason = f"the essay's own figures are {said} {claim.unit}"
        return INCONSISTENT, f"{reason}; ours: none, {claim.why}" if claim.why else reason
    if not findings:
        return NOT_TESTABLE, claim.why or NOTHING
    return findings[0].verdict, findings[0].reason


def figures_disagree(figures: Sequence[tuple[float, float]]) -> bool:
    """Whether no number lies in all of the intervals, each a tenth wider to either side."""
    ordered = sorted((0.9 * low, 1.1 * high) for low, high in figures)
    return any(a[1] < b[0] for a, b in pairwise(ordered))


def _write_ends(figure: tuple[float, float]) -> str:
    low, high = figure
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


FILE = Path(__file__).with_name("records") / "answers.json"
MOST = 64_000_000  # bytes of a record that is read


@final
@dataclass(frozen=True)
class AnswerRecord:
    """Answers by id, in the registry's order.

    answers : id -> answer
    """

    answers: Mapping[str, Answer]

    def __add__(self, new: Sequence[Answer]) -> "AnswerRecord":
        return AnswerRecord({**self.answers, **{a.id: a for a in new}})

    def stale(self, registry: Registry) -> list[str]:
        """Ids whose declaration has changed since they were answered."""
        return [
            name
            for name, answer in self.answers.items()
            if name in registry.hashes and registry.hashes[name] != answer.declared
        ]

    def outdated(self, registry: Registry) -> list[str]:
        """Ids whose contracts are others today, since some default has changed meanwhile."""
        known = registry.claims
        return [
            name
            for name, answer in self.answers.items()
            if name in known and answer.contracts != _hash_contracts(registry, known[name])
        ]

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {"answers": [a.to_dict() for a in self.answers.values()]}

    def save(self, path: Path) -> None:
        """Write it as JSON, whole or not at all."""
        text = json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)
        put_whole(path, f"{text}\n".encode())

    @staticmethod
    def load(path: Path) -> "AnswerRecord":
        """The record that `save` wrote; InputError if the file is none."""
        try:
            plain = json.loads(read_whole(path, MOST))
            answers = [Answer.from_dict(a) for a in plain["answers"]]
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as e:
            raise InputError(
                f"{path}: is not a record of claims ({e}); make one with scripts/make_claims.py"
            ) from e
        return AnswerRecord({a.id: a for a in answers})


def shipped_answers() -> AnswerRecord:
    """The package's own record; empty where nothing was answered yet."""
    return AnswerRecord.load(FILE) if FILE.is_file() else AnswerRecord({})
