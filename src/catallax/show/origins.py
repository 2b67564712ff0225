"""The sections on where it all comes from: contract, runs, how to do it again."""

import json
import pprint
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from textwrap import indent
from typing import Any

from catallax.protocol import PlainContract, Setting, settings_in
from catallax.protocol.mechanism_names import shown_settings
from catallax.show import effort
from catallax.show.markup import Grid, Raw, bullets, code, details, paragraph, table
from catallax.show.story import domain_behind, named, titled
from catallax.show.words import joined, number
from catallax.study import Comparison, Outcome

Rows = Sequence[Sequence[str]]
HEADS = ("setting", "value", "meaning")


def contract_section(comparison: Comparison, rows: Rows) -> Raw:
    """What was held equal, and what came of it on which machine's code.

    rows : setting, value and meaning
    """
    seeds = joined([str(s) for s in comparison.seeds])
    first = next(iter(comparison.outcomes.values()))[0].row
    versions = joined([f"{k} {v}" for k, v in first.versions.items()])
    text = json.dumps(comparison.contract.to_dict(), indent=2, allow_nan=False)
    return Raw(
        paragraph(f"Hash {comparison.contract.hash}. Seeds {seeds}. Versions: {versions}.")
        + bullets(effort.lines(comparison))
        + table(_contract(rows))
        + details("The contract as JSON", code("The contract as JSON", text))
        + _settings(comparison)
        + details("Runs, their hashes and times", table(_runs(comparison)))
    )


def again_section(comparison: Comparison, command: str, made: tuple[str, str]) -> Raw:
    """The command and the Python that make this page again.

    made : imports, and the Python that makes `contract`
    """
    return Raw(
        paragraph("In a terminal (a click selects it):")
        + code("The command", command)
        + paragraph("In Python:")
        + code("The Python", python(comparison, command, made))
    )


def python(comparison: Comparison, command: str, made: tuple[str, str]) -> str:
    """Python that runs the comparison again and writes this page."""
    imports, contract = made
    names, seeds = list(comparison.outcomes), comparison.seeds
    span = range(seeds[0], seeds[-1] + 1)
    shown = f"range({span.start}, {span.stop})" if seeds == tuple(span) else repr(seeds)
    return (
        f"from pathlib import Path\n\nfrom catallax import compare\n{imports}"
        f"from catallax.show import write_report\n\n{contract}\n\n"
        f'if __name__ == "__main__":  # runs go to processes of their own\n'
        f"    comparison = compare({comparison.name!r}, contract, {names!r}, {shown})\n"
        f'    write_report(comparison, Path("report.html"), command={command!r})\n'
    )


def contract_code(comparison: Comparison) -> tuple[str, str]:
    """Imports, and the contract written out, of any domain."""
    domain, plain = domain_behind(comparison), written_out(comparison.contract.to_dict())
    if domain.file:
        made = f"domain = domain_in({domain.file!r})\ncontract = domain.read(\n{plain}\n)"
        return "from catallax.protocol import domain_in\n", made
    made = f"contract = read_contract(\n{plain}\n)"
    return "from catallax.protocol import read_contract\n", made


def written_out(plain: Mapping[str, Any]) -> str:
    """Plain values as Python, indented."""
    return indent(pprint.pformat(dict(plain), sort_dicts=False, width=84), " " * 4)


def contract_rows(comparison: Comparison) -> list[list[str]]:
    """Setting, value and meaning of whatever `to_dict` of the contract says."""
    contract = comparison.contract
    plain = {k: v for k, v in contract.to_dict().items() if k != "domain"}
    return [list(row) for row in _plain_rows("", plain, contract)]


def _plain_rows(prefix: str, plain: Any, behind: Any) -> Iterator[tuple[str, str, str]]:
    """Rows of plain values; `behind` is the object that they are of, which may say what they mean.

    Of a value that has parts there is a row a part: `shocks[0].week`.
    """
    inside = plain.items() if isinstance(plain, Mapping) else enumerate(plain)
    meaning = _meanings(behind)
    for key, value in inside:
        path = _path(prefix, key)
        if isinstance(value, Mapping | list | tuple) and value:
            yield from _plain_rows(path, value, _part(behind, key))
        else:
            yield path, shown(value), meaning.get(str(key), "")


def _path(prefix: str, key: object) -> str:
    if isinstance(key, int):
        return f"{prefix}[{key}]"
    return f"{prefix}.{key}" if prefix else str(key)


def _part(behind: Any, key: Any) -> Any:
    """A part of an object: an attribute, or an entry; None where there is none."""
    if isinstance(behind, Mapping):
        return behind.get(key)
    if isinstance(key, str):
        return getattr(behind, key, None)
    return behind[key] if isinstance(behind, Sequence) and key < len(behind) else None


def _meanings(value: Any) -> Mapping[str, str]:
    """What the settings of an object mean, by name; none of what has no settings."""
    plain = isinstance(value, PlainContract)
    known = value.law.settings if plain else settings_in(type(value))
    return {name: _meaning(setting) for name, setting in known.items()}


def _meaning(setting: Setting) -> str:
    """What a setting is, in which unit, and what it may be."""
    told = all(word in setting.words for word in setting.choices) and setting.choices
    parts = (setting.words.replace("`", ""), "" if told else setting.range)
    return "; ".join(part for part in parts if part)


def setting_rows(prefix: str, value: Any) -> Iterator[tuple[str, str, str]]:
    """(path, value, meaning) of every field of a dataclass, dataclasses within it in turn."""
    meaning = _meanings(value)
    for f in fields(value):
        path, inner = f"{prefix}.{f.name}", getattr(value, f.name)
        if is_dataclass(inner):
            yield from setting_rows(path, inner)
        else:
            yield path, shown(inner), meaning.get(f.name, "")


def shown(value: object) -> str:
    """A plain value as people read it."""
    if value is None or (isinstance(value, tuple | list | dict) and not value):
        return "not set"
    return number(value, 6) if isinstance(value, float) else str(value)


def _contract(rows: Rows) -> Grid:
    """The table of the contract; without meanings where nobody says any."""
    count = len(HEADS) if any(row[2] for row in rows) else len(HEADS) - 1
    return Grid("The contract", HEADS[:count], [row[:count] for row in rows])


def _settings(comparison: Comparison) -> Raw:
    rows = [
        [named(comparison, m), name, shown(value)]
        for m, outcomes in comparison.outcomes.items()
        for name, value in _named_now(comparison, outcomes[0]).items()
    ]
    if not rows:
        return Raw("")
    name = "Settings of the mechanisms"
    return details(name, table(Grid(name, ["mechanism", "setting", "value"], rows)))


def _named_now(comparison: Comparison, outcome: Outcome) -> dict[str, Any]:
    """The settings of a run by the names that they have now."""
    settings, mechanism = outcome.trace.settings, outcome.row.mechanism
    return shown_settings(mechanism, settings, domain_behind(comparison))


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
