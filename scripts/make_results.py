"""Tables of results in the documents: run, kept as records, written into pages.

    python scripts/make_results.py               pages from the records
    python scripts/make_results.py NAME...       run these tables first; `all` runs every one
    python scripts/make_results.py --check       exit code 1 if a page is not what its record says

figures.toml says what is run. A record (docs/records/NAME.json) holds every value by seed, with the
hashes of contracts and all settings of the mechanisms, so a test sees when the code has moved on.
With the variable STORE, runs are kept in that folder and not made twice.
"""

import json
import os
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, final

import numpy as np

from catallax import compare
from catallax.domains.production.experiments import experiment
from catallax.execute.store import Store
from catallax.protocol import AbstractContract, Measured, domain_named, versions
from catallax.protocol.mechanism_names import values_of
from catallax.show.words import count_decimals, fixed, label_mechanism, number
from catallax.study.statistics import Summary, summarise
from catallax.study.way import find_share_of_way

ROOT = Path(__file__).resolve().parents[1]
RECORDS = ROOT / "docs" / "records"
PLACE = re.compile(r"(<!-- figure: (\S+) -->\n).*?(<!-- end of figure -->)", re.DOTALL)

NULL, ORACLE = "habit", "static_optimum"

Record = Mapping[str, Any]


@final
@dataclass(frozen=True)
class Figure:
    """A table of results, as figures.toml declares it."""

    page: str
    seeds: tuple[int, ...]
    mechanisms: tuple[str, ...]
    measures: Mapping[str, str]
    sections: Sequence[Mapping[str, Any]]
    base: str = ""
    across: bool = False

    @property
    def played(self) -> tuple[str, ...]:
        """The mechanisms that are run, each once."""
        return tuple(dict.fromkeys((*self.mechanisms, NULL, ORACLE)))

    @property
    def contracts(self) -> dict[str, AbstractContract]:
        """Heading -> contract, as today's defaults make it."""
        return {section["heading"]: _make_contract(section) for section in self.sections}


def _make_contract(section: Mapping[str, Any]) -> AbstractContract:
    given = {"economy": section["economy"], **section.get("set", {})}
    return experiment(section["experiment"]).build(given)


def _read_figure(plain: Mapping[str, Any]) -> Figure:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in plain.items()}
    return Figure(**fields)


FIGURES: Mapping[str, Figure] = {
    name: _read_figure(plain)
    for name, plain in tomllib.loads(
        Path(__file__).with_name("figures.toml").read_text(encoding="utf-8")
    ).items()
}


def main(words: Sequence[str]) -> int:
    """Do what is asked; return the exit code."""
    names = list(FIGURES) if "all" in words else [w for w in words if not w.startswith("-")]
    for name in names:
        keep_record(name, run_figure(name, FIGURES[name]))
    pages = {ROOT / f.page for f in FIGURES.values()}
    texts = {page: page.read_text(encoding="utf-8") for page in sorted(pages)}
    moved = [page for page, text in texts.items() if filled(text) != text]
    if "--check" in words:
        print("\n".join(f"{page.name}: not what its record says" for page in moved))
        return int(bool(moved))
    for page in moved:
        page.write_text(filled(texts[page]), encoding="utf-8")
    return 0


def run_figure(name: str, figure: Figure) -> dict[str, Any]:
    """Play all runs of a table; return its record."""
    store = Store(os.environ["STORE"]) if "STORE" in os.environ else None
    sections = {}
    wanted = dict.fromkeys(("score", *figure.measures))
    wanted.pop("way", None)
    for heading, contract in figure.contracts.items():
        found = compare(name, contract, figure.played, figure.seeds, store=store)
        print(f"{name}: {heading}: done", file=sys.stderr, flush=True)
        values = {
            who: {m: [o.measures[m].value for o in outcomes] for m in wanted}
            for who, outcomes in found.outcomes.items()
        }
        sections[heading] = {"contract": contract.hash, "values": values}
    return {
        "seeds": list(figure.seeds),
        "settings": {who: settings_of_today(who) for who in figure.played},
        "sections": sections,
        "versions": dict(versions()),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def settings_of_today(mechanism: str) -> dict[str, Any]:
    """All settings of a mechanism as its name stands for them today."""
    return {} if mechanism == ORACLE else dict(values_of(mechanism, domain_named("production")))


def keep_record(name: str, record: Record) -> None:
    """Write a record to its file."""
    RECORDS.mkdir(exist_ok=True)
    text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False)
    (RECORDS / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def read_record(name: str) -> Record | None:
    """The record of a table; None if it was never run."""
    path = RECORDS / f"{name}.json"
    found: Record | None = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    return found


def filled(text: str) -> str:
    """A document with its tables as their records say."""
    return PLACE.sub(_fill, text)


def _fill(found: re.Match[str]) -> str:
    record = read_record(found[2])
    return found[0] if record is None else f"{found[1]}{table(found[2], record)}\n{found[3]}"


def table(name: str, record: Record) -> str:
    """A record as tables in Markdown."""
    figure = FIGURES[name]
    if figure.across:
        return _table_across(figure, record)
    parts = []
    for heading, section in record["sections"].items():
        lines = _section(figure, section["values"])
        title = [f"**{heading}** (contract `{section['contract']}`)", ""]
        parts.append("\n".join([*title, *lines]))
    return "\n\n".join(parts)


def _section(figure: Figure, values: Mapping[str, Any]) -> list[str]:
    """One table: mechanisms by score."""
    heads = [*figure.measures.values()]
    heads += [f"score less {label_mechanism(figure.base)}'s"] * bool(figure.base)
    lines = [_line(["", *heads]), _line(["---"] * (1 + len(heads)))]
    for who in sorted(figure.mechanisms, key=lambda m: -_mean(values[m]["score"])):
        cells = [_cell(_summary(values, who, m)) for m in figure.measures]
        if figure.base:
            gap = "–" if who == figure.base else _cell(_paired(values, who, figure.base))
            cells.append(gap)
        lines.append(_line([_label(who), *cells]))
    return lines


def _table_across(figure: Figure, record: Record) -> str:
    """One table whose columns are the sections."""
    sections = record["sections"]
    (measure,) = figure.measures
    first = next(iter(sections.values()))["values"]
    lines = [_line(["", *sections]), _line(["---"] * (1 + len(sections)))]
    for who in sorted(figure.mechanisms, key=lambda m: -_mean(first[m]["score"])):
        cells = [_cell(_summary(s["values"], who, measure)) for s in sections.values()]
        lines.append(_line([_label(who), *cells]))
    hashes = ", ".join(f"`{s['contract']}`" for s in sections.values())
    return "\n".join([*lines, "", f"Contracts {hashes}."])


def _label(mechanism: str) -> str:
    return "static optimum (oracle)" if mechanism == ORACLE else label_mechanism(mechanism)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _mean(values: Sequence[float | None]) -> float:
    return float(np.mean([v or 0.0 for v in values]))


def _summary(values: Mapping[str, Any], who: str, measure: str) -> Summary:
    if measure == "way":
        return _way(values, who)
    return summarise([Measured(v) for v in values[who][measure]], "")


def _way(values: Mapping[str, Any], who: str) -> Summary:
    """Share of the way from habit's score to the optimum's."""
    three = [values[m]["score"] for m in (who, NULL, ORACLE)]
    if any(v is None for part in three for v in part):
        return Summary(None, None, "", "a run has no score")
    return find_share_of_way(*three)


def _paired(values: Mapping[str, Any], who: str, base: str) -> Summary:
    one, two = values[who]["score"], values[base]["score"]
    if any(v is None for v in (*one, *two)):
        return Summary(None, None, "", "a run has no score")
    return summarise([Measured(a - b) for a, b in zip(one, two, strict=True)], "")


def _cell(found: Summary) -> str:
    """Mean and half-width of the 95 % interval."""
    if found.mean is None or found.ci95 is None:
        return number(found.mean)
    half = (found.ci95[1] - found.ci95[0]) / 2
    if abs(found.mean) >= 1e4 or half == 0.0:
        return number(found.mean)
    d = count_decimals(found.mean, half)
    return f"{fixed(found.mean, d)} ± {fixed(half, d)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
