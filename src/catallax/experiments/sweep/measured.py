"""One job done: runs, measured, as rows; or why there are none."""

import json
import re
import traceback
from collections.abc import Sequence
from dataclasses import replace

from catallax.experiments.compare import Outcome, outcomes_of
from catallax.experiments.sweep.rows import FAILED, Row
from catallax.measures import MEASURES
from catallax.run import Contract
from catallax.run.record import versions


def measured(
    contract: Contract, mechanism: str, seeds: Sequence[int], keys: Sequence[str]
) -> list[Row]:
    """One mechanism under one contract on some seeds; no row has a point or a label yet."""
    outcomes = outcomes_of(contract, mechanism, seeds)
    return [replace(_row(o, mechanism), key=k) for o, k in zip(outcomes, keys, strict=True)]


def _row(outcome: Outcome, mechanism: str) -> Row:
    run = outcome.shocked.run
    return Row(
        run.hash,
        {},
        "",
        mechanism,
        run.seed,
        json.loads(json.dumps(run.contract.to_dict())),
        {name: m.value for name, m in outcome.measures.items()},
        {name: m.reason for name, m in outcome.measures.items() if m.value is None},
        run.stop.name,
        run.reason,
        dict(run.versions),
        outcome.seconds,
    )


def failed(
    contract: Contract, mechanism: str, seeds: Sequence[int], keys: Sequence[str], error: Exception
) -> list[Row]:
    """Rows of runs that came to nothing, with the reason."""
    why = _reason(error)
    plain = json.loads(json.dumps(contract.to_dict()))
    no_values, reasons = dict.fromkeys(MEASURES, None), dict.fromkeys(MEASURES, f"failed: {why}")
    return [
        Row(k, {}, "", mechanism, s, plain, no_values, reasons, FAILED, why, versions())
        for s, k in zip(seeds, keys, strict=True)
    ]


def _reason(error: Exception) -> str:
    """What went wrong and the last line of code on the way there; one from a worker is text."""
    text = "".join(traceback.format_exception(error))
    lines = re.findall(r'File "(.+?)", line (\d+), in (\w+)', text.split("\n\nThe above")[0])
    place = f" ({lines[-1][0]}, line {lines[-1][1]}, in {lines[-1][2]})" if lines else ""
    return " ".join(f"{type(error).__name__}: {error}{place}".split())
