"""Where it all comes from: the contract, the runs, how settings were tuned, how to do it again."""

import json
import pprint
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from textwrap import indent
from typing import Any

from catallax.protocol import PlainContract, Setting, settings_in
from catallax.protocol.mechanism_names import shown_settings
from catallax.show.markup import Grid, Raw, bullets, code, details, paragraph, table
from catallax.show.story import find_domain, list_rivals, name_mechanism, title_mechanism
from catallax.show.words import joined, number, opened
from catallax.study import Comparison, Outcome
from catallax.study.tuning import Standing, overlap, spans, standing
from catallax.study.tuning.record import shipped_records

NOTHING_TUNED = "settings as they come: nothing is tuned here"


def describe_tuning(comparison: Comparison) -> Sequence[str]:
    """One line for each mechanism that is no oracle; one for all where nobody tunes any."""
    if _has_no_records(comparison):
        return [f"{opened(NOTHING_TUNED)}."]
    return [
        f"{name_mechanism(comparison, m)}: {_find_standing(comparison, m).text}."
        for m in list_rivals(comparison)
    ]


def summarise_tuning(comparison: Comparison) -> str:
    """The shortest that is true."""
    untuned = _list_untuned(comparison)
    if _has_no_records(comparison):
        return NOTHING_TUNED
    said = f"untuned gains: {joined(untuned)}" if untuned else "gains tuned on other seeds"
    known = overlap(comparison.seeds, comparison.contract.domain)
    return f"{said}; trained on {_name_seeds(known)}" if known else said


def warn_of_tuning(comparison: Comparison) -> list[str]:
    """What to keep in mind of the settings."""
    if _has_no_records(comparison):
        return []
    said, untuned = [], _list_untuned(comparison)
    known = overlap(comparison.seeds, comparison.contract.domain)
    if untuned:
        said.append(
            f"The gains of {joined(untuned)} are untuned. A mechanism that does badly here may do "
            f"better when tuned, and by different amounts."
        )
    if any(_find_standing(comparison, m).tuned for m in comparison.outcomes):
        said.append(
            "Gains are tuned by equally many runs each, under default laws on short and small "
            "runs: that favours whatever is good at once, and says little of other laws."
        )
    if known:
        said.append(
            f"The mechanisms were tuned on {_name_seeds(known)}, which are among those of this "
            f"comparison: results flatter those that were tuned."
        )
    return said


def _has_no_records(comparison: Comparison) -> bool:
    """Whether there are no records of tuning in the domain at all."""
    domain = find_domain(comparison)
    return not any(shipped_records(m, domain.name) for m in domain.mechanisms)


def _find_standing(comparison: Comparison, mechanism: str) -> Standing:
    return standing(mechanism, comparison.contract.domain)


def _name_seeds(seeds: Sequence[int]) -> str:
    return f"{'seed' if len(seeds) == 1 else 'seeds'} {spans(seeds)}"


def _list_untuned(comparison: Comparison) -> list[str]:
    return [
        name_mechanism(comparison, m)
        for m in list_rivals(comparison)
        if not _find_standing(comparison, m).tuned
    ]


SettingRows = Sequence[Sequence[str]]
HEADS = ("setting", "value", "meaning")


def make_contract_section(comparison: Comparison, rows: SettingRows) -> Raw:
    """What was held equal, and what came of it on which machine's code.

    rows : setting, value and meaning
    """
    seeds = joined([str(s) for s in comparison.seeds])
    first = next(iter(comparison.outcomes.values()))[0].row
    versions = joined([f"{k} {v}" for k, v in first.versions.items()])
    text = json.dumps(comparison.contract.to_dict(), indent=2, allow_nan=False)
    return Raw(
        paragraph(f"Hash {comparison.contract.hash}. Seeds {seeds}. Versions: {versions}.")
        + bullets(describe_tuning(comparison))
        + table(_tabulate_contract(rows))
        + details("The contract as JSON", code("The contract as JSON", text))
        + _show_settings(comparison)
        + details("Runs, their hashes and times", table(_tabulate_runs(comparison)))
    )


def make_again_section(comparison: Comparison, command: str, made: tuple[str, str]) -> Raw:
    """The command and the Python that make this page again.

    made : imports, and the Python that makes `contract`
    """
    return Raw(
        paragraph("In a terminal (a click selects it):")
        + code("The command", command)
        + paragraph("In Python:")
        + code("The Python", write_python(comparison, command, made))
    )


def write_python(comparison: Comparison, command: str, made: tuple[str, str]) -> str:
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


def write_contract_code(comparison: Comparison) -> tuple[str, str]:
    """Imports, and the contract written out, of any domain."""
    domain, plain = find_domain(comparison), format_python(comparison.contract.to_dict())
    if domain.file:
        made = f"domain = domain_in({domain.file!r})\ncontract = domain.read(\n{plain}\n)"
        return "from catallax.protocol import domain_in\n", made
    made = f"contract = read_contract(\n{plain}\n)"
    return "from catallax.protocol import read_contract\n", made


def format_python(plain: Mapping[str, Any]) -> str:
    """Plain values as Python, indented."""
    return indent(pprint.pformat(dict(plain), sort_dicts=False, width=84), " " * 4)


def list_contract_settings(comparison: Comparison) -> list[list[str]]:
    """Setting, value and meaning of whatever `to_dict` of the contract says."""
    contract = comparison.contract
    plain = {k: v for k, v in contract.to_dict().items() if k != "domain"}
    return [list(row) for row in _list_plain_settings("", plain, contract)]


def _list_plain_settings(prefix: str, plain: Any, behind: Any) -> Iterator[tuple[str, str, str]]:
    """Rows of plain values; `behind` is the object that they are of, which may say what they mean.

    Of a value that has parts there is a row a part: `shocks[0].week`.
    """
    inside = plain.items() if isinstance(plain, Mapping) else enumerate(plain)
    meaning = _find_meanings(behind)
    for key, value in inside:
        path = _join_path(prefix, key)
        if isinstance(value, Mapping | list | tuple) and value:
            yield from _list_plain_settings(path, value, _find_part(behind, key))
        else:
            yield path, format_value(value), meaning.get(str(key), "")


def _join_path(prefix: str, key: object) -> str:
    if isinstance(key, int):
        return f"{prefix}[{key}]"
    return f"{prefix}.{key}" if prefix else str(key)


def _find_part(behind: Any, key: Any) -> Any:
    """A part of an object: an attribute, or an entry; None where there is none."""
    if isinstance(behind, Mapping):
        return behind.get(key)
    if isinstance(key, str):
        return getattr(behind, key, None)
    return behind[key] if isinstance(behind, Sequence) and key < len(behind) else None


def _find_meanings(value: Any) -> Mapping[str, str]:
    """What the settings of an object mean, by name; none of what has no settings."""
    plain = isinstance(value, PlainContract)
    known = value.law.settings if plain else settings_in(type(value))
    return {name: _explain_setting(setting) for name, setting in known.items()}


def _explain_setting(setting: Setting) -> str:
    """What a setting is, in which unit, and what it may be."""
    says_all = all(word in setting.words for word in setting.choices) and setting.choices
    parts = (setting.words.replace("`", ""), "" if says_all else setting.range)
    return "; ".join(part for part in parts if part)


def list_settings(prefix: str, value: Any) -> Iterator[tuple[str, str, str]]:
    """(path, value, meaning) of every field of a dataclass, dataclasses within it in turn."""
    meaning = _find_meanings(value)
    for f in fields(value):
        path, inner = f"{prefix}.{f.name}", getattr(value, f.name)
        if is_dataclass(inner):
            yield from list_settings(path, inner)
        else:
            yield path, format_value(inner), meaning.get(f.name, "")


def format_value(value: object) -> str:
    """A plain value as people read it."""
    if value is None or (isinstance(value, tuple | list | dict) and not value):
        return "not set"
    return number(value, 6) if isinstance(value, float) else str(value)


def _tabulate_contract(rows: SettingRows) -> Grid:
    """The table of the contract; without meanings where nobody says any."""
    count = len(HEADS) if any(row[2] for row in rows) else len(HEADS) - 1
    return Grid("The contract", HEADS[:count], [row[:count] for row in rows])


def _show_settings(comparison: Comparison) -> Raw:
    rows = [
        [name_mechanism(comparison, m), name, format_value(value)]
        for m, outcomes in comparison.outcomes.items()
        for name, value in _name_settings_now(comparison, outcomes[0]).items()
    ]
    if not rows:
        return Raw("")
    name = "Settings of the mechanisms"
    return details(name, table(Grid(name, ["mechanism", "setting", "value"], rows)))


def _name_settings_now(comparison: Comparison, outcome: Outcome) -> dict[str, Any]:
    """The settings of a run by the names that they have now."""
    settings, mechanism = outcome.trace.settings, outcome.row.mechanism
    return shown_settings(mechanism, settings, find_domain(comparison))


def _tabulate_runs(comparison: Comparison) -> Grid:
    rows = [
        [title_mechanism(comparison, m), *_fill_run_cells(o)]
        for m, outcomes in comparison.outcomes.items()
        for o in outcomes
    ]
    heads = ["mechanism", "seed", "run", "its twin", "seconds for both", "ended"]
    return Grid("Runs, their hashes and times", heads, rows)


def _fill_run_cells(o: Outcome) -> list[str]:
    ended = "as planned" if o.trace.completed else "early"
    return [str(o.seed), o.trace.ending.run, o.trace.twin.run, f"{o.seconds:.1f}", ended]
