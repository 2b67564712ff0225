"""Make the record of claims and the table of docs/claims.md from it.

    python scripts/make_claims.py                    the page from the record
    python scripts/make_claims.py --run [ID,ID...]   run claims first, all if none is named

Runs are kept in the folder that the variable STORE names, if it does, so that whoever is
interrupted goes on. Claims that are not named keep their answers. All of them take half an hour on
two cores. Prose in the page stands outside the marks and stays.
"""

import os
import sys
from functools import partial
from pathlib import Path

from catallax.execute.store import Store
from catallax.show.claims import HEADS, explain_verdict, make_claim_rows
from catallax.show.words import counted
from catallax.study.claims import FILE, AnswerRecord, answers, registry, shipped_answers
from catallax.study.sweep import gather

PAGE = Path(__file__).parents[1] / "docs" / "claims.md"
RUN = "--run"


def main() -> None:
    """Run what is asked for, then write the page."""
    words = sys.argv[1:]
    if words[:1] == [RUN]:
        _run(",".join(words[1:]))
    known = registry()
    plain = [c for c in known.claims.values() if not c.is_answerable]
    record = (
        AnswerRecord({}) + answers(known, plain, gather) + list(shipped_answers().answers.values())
    )
    text = PAGE.read_text(encoding="utf-8")
    for name, part in (("verdicts", table(record)), ("behind", behind(record))):
        text = placed(text, name, part)
    PAGE.write_text(text, encoding="utf-8")


def _run(asked: str) -> None:
    """Answer claims and put them into the record."""
    known = registry()
    names = [n for n in asked.split(",") if n] or list(known.claims)
    claims = [known.claim(name) for name in names]
    store = Store(os.environ["STORE"]) if "STORE" in os.environ else None
    found = answers(known, claims, partial(gather, store=store, progress=_tell))
    whole = shipped_answers() + found
    ordered = {name: whole.answers[name] for name in known.claims if name in whole.answers}
    FILE.parent.mkdir(exist_ok=True)
    AnswerRecord(ordered).save(FILE)


def _tell(done: int, total: int, what: str) -> None:
    print(f"{done} of {total}: {what}", file=sys.stderr, flush=True)


def placed(text: str, name: str, part: str) -> str:
    """`text` with `part` between the marks called `name`."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    head, _, rest = text.partition(begin)
    _, _, tail = rest.partition(end)
    return f"{head}{begin}\n\n{part}\n{end}{tail}"


def table(record: AnswerRecord) -> str:
    """All claims and verdicts, and when they were made."""
    known = registry()
    heads = [f"| {' | '.join(HEADS)} |", f"|{'---|' * len(HEADS)}"]
    every = make_claim_rows(known, record, list(known.claims))
    rows = [f"| {' | '.join(map(_cell, r.cells))} |" for r in every]
    ran = [a for a in record.answers.values() if a.runs]
    note = "No claim was run yet."
    if ran:
        runs = counted(sum(a.runs for a in ran), "run")
        note = f"Made {max(a.made for a in ran)[:10]}; {runs}, shared ones counted for each claim."
    return "\n".join([*heads, *rows, "", note, ""])


def behind(record: AnswerRecord) -> str:
    """What is behind each verdict that runs decided or could decide."""
    known, parts = registry(), list[str]()
    for name, claim in known.claims.items():
        if claim.is_answerable:
            said = "\n".join(
                f"- {_cell(text)}" for text in explain_verdict(claim, record.answers.get(name))
            )
            parts.append(f"**{name}.** {claim.text}\n\n{said}\n")
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    main()
