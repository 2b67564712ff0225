"""The sections on where it all comes from: contract, runs, how to do it again."""

import json
import pprint
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from textwrap import indent
from typing import Any

from catallax.economy import economy_named
from catallax.errors import InputError
from catallax.experiments import EXPERIMENTS, Comparison, Outcome
from catallax.protocol import settings_in
from catallax.report import effort
from catallax.report.caveats import caveats
from catallax.report.charts import titled
from catallax.report.markup import Grid, Raw, bullets, code, details, paragraph, table
from catallax.report.words import joined, label, number
from catallax.run import Contract


def contract_section(comparison: Comparison) -> Raw:
    """What was held equal, and what came of it on which machine's code."""
    seeds = joined([str(s) for s in comparison.seeds])
    first = next(iter(comparison.outcomes.values()))[0].row
    versions = joined([f"{k} {v}" for k, v in first.versions.items()])
    text = json.dumps(comparison.contract.to_dict(), indent=2, allow_nan=False)
    return Raw(
        paragraph(f"Hash {comparison.contract.hash}. Seeds {seeds}. Versions: {versions}.")
        + bullets(effort.lines(comparison))
        + table(Grid("The contract", ["setting", "value", "meaning"], _contract_rows(comparison)))
        + details("The contract as JSON", code("The contract as JSON", text))
        + details("Settings of the mechanisms", table(_settings(comparison)))
        + details("Runs, their hashes and times", table(_runs(comparison)))
    )


def again_section(comparison: Comparison, command: str) -> Raw:
    """The command and the Python that make this page again."""
    return Raw(
        paragraph("In a terminal (a click selects it):")
        + code("The command", command)
        + paragraph("In Python:")
        + code("The Python", python(comparison, command))
    )


def caveats_section(comparison: Comparison) -> Raw:
    """What to keep in mind."""
    return bullets([*caveats(comparison), *effort.caveats(comparison)])


def python(comparison: Comparison, command: str) -> str:
    """Python that runs the comparison again and writes this page."""
    imports, made = _contract_code(comparison)
    names, seeds = list(comparison.outcomes), comparison.seeds
    span = range(seeds[0], seeds[-1] + 1)
    shown = f"range({span.start}, {span.stop})" if seeds == tuple(span) else repr(seeds)
    return (
        f"from pathlib import Path\n\nfrom catallax import compare\n{imports}"
        f"from catallax.report import write_report\n\n{made}\n\n"
        f'if __name__ == "__main__":  # runs go to processes of their own\n'
        f"    comparison = compare({comparison.name!r}, contract, {names!r}, {shown})\n"
        f'    write_report(comparison, Path("report.html"), command={command!r})\n'
    )


def _contract_code(comparison: Comparison) -> tuple[str, str]:
    """Imports and the contract: the experiment's own where it is that, else written out."""
    contract, name = comparison.contract, comparison.name
    economy = contract.economy.name
    if _is_standard(comparison):
        named = f"economy_named({economy!r}), weeks={contract.weeks}"
        return (
            "from catallax.economy import economy_named\n"
            "from catallax.experiments import experiment\n",
            f"contract = experiment({name!r}).contract({named})",
        )
    plain = indent(pprint.pformat(contract.to_dict(), sort_dicts=False, width=84), " " * 4)
    made, given = f"contract = Contract.from_dict(\n{plain}", "\n)"
    if not _is_built_in(contract):
        made, given = f"economy = ...  # your economy {economy!r}\n{made}", ",\n    economy,\n)"
    return "from catallax.run import Contract\n", made + given


def _is_standard(comparison: Comparison) -> bool:
    known, contract = EXPERIMENTS.get(comparison.name), comparison.contract
    if known is None or not _is_built_in(contract):
        return False
    try:
        return bool(known.contract(contract.economy, weeks=contract.weeks).hash == contract.hash)
    except InputError:  # the experiment's own shock does not fit in so few weeks
        return False


def _is_built_in(contract: Contract) -> bool:
    try:
        return economy_named(contract.economy.name).digest == contract.economy.digest
    except InputError:
        return False


def _contract_rows(comparison: Comparison) -> list[list[str]]:
    contract = comparison.contract
    economy = contract.economy
    rows = [
        ["economy", economy.name, "name of the economy"],
        ["economy.digest", economy.digest, "hash of what it was made from"],
        *(list(r) for r in _settings_of("knowledge", contract.knowledge)),
        *(list(r) for r in _settings_of("channel", contract.channel)),
        *(list(r) for r in _settings_of("behaviour", contract.behaviour)),
    ]
    for k, shock in enumerate(contract.shocks):
        rows += [list(r) for r in _settings_of(f"shocks[{k}]", shock)]
    waits = ["backlog", str(contract.backlog).lower(), "whether unfilled orders wait"]
    return [*rows, ["weeks", str(contract.weeks), "length of a run"], waits]


def _settings_of(prefix: str, value: Any) -> Iterator[tuple[str, str, str]]:
    """(path, value, meaning) of every setting of a law, laws within it in turn."""
    said = settings_in(type(value))
    for f in fields(value):
        path, inner = f"{prefix}.{f.name}", getattr(value, f.name)
        laws = dict(inner) if f.name == "kinds" else {}
        if is_dataclass(inner):
            yield from _settings_of(path, inner)
        elif laws:
            for name, law in laws.items():
                yield from _settings_of(f"{path}.{name}", law)
        else:
            yield path, _plain(inner), said[f.name].meaning if f.name in said else ""


def _plain(value: object) -> str:
    if value is None or value == ():
        return "not set"
    return number(value, 6) if isinstance(value, float) else str(value)


def _settings(comparison: Comparison) -> Grid:
    rows = [
        [label(m), name, _plain(value)]
        for m, outcomes in comparison.outcomes.items()
        for name, value in outcomes[0].trace.settings.items()
    ]
    return Grid("Settings of the mechanisms", ["mechanism", "setting", "value"], rows)


def _runs(comparison: Comparison) -> Grid:
    rows = [
        [titled(comparison, m), *_run_cells(o)]
        for m, outcomes in comparison.outcomes.items()
        for o in outcomes
    ]
    heads = ["mechanism", "seed", "run", "its twin", "seconds for both", "ended"]
    return Grid("Runs, their hashes and times", heads, rows)


def _run_cells(o: Outcome) -> list[str]:
    ended = "as planned" if o.trace.completed else "early"
    return [str(o.seed), o.trace.ending.run, o.trace.twin.run, f"{o.seconds:.1f}", ended]
