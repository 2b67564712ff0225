"""Tables of settings in the documents, from what the settings say of themselves.

    python scripts/make_settings.py [--check]

Fills each place of `docs/*.md` that stands between `<!-- settings: NAME -->` and
`<!-- end of settings -->`; NAME is a mechanism, as DOMAIN/MECHANISM where its domain is not the
production economy, or the beginning of keys of an experiment, as EXPERIMENT:KEY or EXPERIMENT: for
all. With `--check` nothing is written, and the exit code is 1 if a table is not what the code says.
"""

import argparse
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from catallax.protocol import PRODUCTION, Setting, domain_named, experiment_named, settings_of
from catallax.protocol.tuned import Tuned, TunedSpan

DOCS = Path(__file__).resolve().parents[1] / "docs"
PLACE = re.compile(r"(<!-- settings: (\S+) -->\n).*?(<!-- end of settings -->)", re.DOTALL)
HEADS = ("setting", "default", "unit", "range", "meaning", "source of the default")
TUNED = "tuned over"


def filled(text: str) -> str:
    """A document with its tables as the code says them now."""
    return PLACE.sub(lambda found: f"{found[1]}{table(known(found[2]))}\n{found[3]}", text)


def known(name: str) -> dict[str, Setting]:
    """The settings that NAME stands for. Raises InputError for one that is not known."""
    experiment, colon, first = name.partition(":")
    if colon:
        whole = experiment_named(experiment).settings
        return {key: s for key, s in whole.items() if key.startswith(first)}
    domain, _, mechanism = name.rpartition("/")
    return settings_of(domain_named(domain or PRODUCTION).mechanisms[mechanism])


def table(settings: Mapping[str, Setting]) -> str:
    """The settings as a table in Markdown."""
    tuned = any(s.tuned for s in settings.values())
    heads = [*HEADS, *[TUNED] * tuned]
    rows = [[*_cells(key, s), *[_tuned(s.tuned)] * tuned] for key, s in settings.items()]
    return "\n".join(_line(cells) for cells in (heads, ["---"] * len(heads), *rows))


def _cells(key: str, s: Setting) -> tuple[str, ...]:
    name = f"`{key}` (was `{s.hash_name}`)" if s.hash_name else f"`{key}`"
    return name, _default(s), s.unit, _range(s), s.meaning, s.source


def _default(s: Setting) -> str:
    if s.default is None:
        return "–"
    if isinstance(s.default, bool):
        return str(s.default).lower()
    return f"{s.default:g}" if isinstance(s.default, float) else str(s.default)


def _range(s: Setting) -> str:
    if s.kind is bool:
        return "true or false"
    return s.range or ("any number" if s.kind is float else "")


def _tuned(tuned: Tuned | None) -> str:
    if tuned is None:
        return ""
    if isinstance(tuned, TunedSpan):
        scale = {"log": ", in logs", "root": ", in roots"}.get(tuned.scale, "")
        return f"{tuned.low:g} to {tuned.high:g}{scale}"
    return ", ".join(str(choice) for choice in tuned.choices)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def main(words: list[str]) -> int:
    """Write the tables, or with `--check` name the documents in which they differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(words).check
    old = {path: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}
    moved = {path: now for path, text in old.items() if (now := filled(text)) != text}
    for path, now in moved.items():
        print(f"{path.name}: {'has' if check else 'had'} other settings than the code")
        if not check:
            path.write_text(now, encoding="utf-8")
    return int(check and bool(moved))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
