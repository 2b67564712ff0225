"""Every example runs: a mechanism keeps the knowledge barrier, a domain is the one of the docs."""

import json
import os
from pathlib import Path

import pytest

from catallax.apps.cli import main
from catallax.testing import barrier

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
DOMAIN = ROOT / "examples" / "commons.py"
COUPLED = ROOT / "examples" / "savings.py"
MECHANISMS = [path for path in EXAMPLES if "def mechanism(" in path.read_text()]


def test_there_are_examples() -> None:
    assert MECHANISMS
    assert set(EXAMPLES) == {*MECHANISMS, DOMAIN, COUPLED}


@pytest.mark.parametrize("path", MECHANISMS, ids=lambda path: path.stem)
def test_an_example_keeps_the_barrier(path: Path) -> None:
    report = barrier(str(path))
    assert report.passed, report.lines


def test_the_domain_of_the_documents_is_the_example_and_takes_sixty_lines() -> None:
    text = DOMAIN.read_text()
    assert f'```python title="commons.py"\n{text}```' in (ROOT / "docs/domains.md").read_text()
    assert len(text.splitlines()) <= 60


def test_the_claims_of_the_documents_are_the_example() -> None:
    text = (ROOT / "examples" / "weitzman.toml").read_text()
    assert f'```toml title="weitzman.toml"\n{text}```' in (ROOT / "docs/claims.md").read_text()


def test_the_domain_runs_in_another_folder_with_two_workers(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    path = os.path.relpath(DOMAIN)
    with pytest.raises(SystemExit) as ended:
        main(["run", path, "--seeds", "4", "--workers", "2", "--json"])
    assert not ended.value.code
    said = capsys.readouterr().out
    assert '"experiment": "commons"' in said
    assert '"open_access"' in said


def test_the_domain_that_stands_on_another_is_the_one_of_the_documents(
    tmp_path, monkeypatch, capsys
) -> None:
    text = COUPLED.read_text()
    assert f'```python title="savings.py"\n{text}```' in (ROOT / "docs/domains.md").read_text()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["run", os.path.relpath(COUPLED), "--seeds", "1", "--workers", "0", "--json",
              "--set", "weeks=8", "--set", "inputs.income.weeks=60"])  # fmt: skip
    assert not ended.value.code
    said = json.loads(capsys.readouterr().out)
    assert said["contract"]["inputs"]["income"]["mechanism"] == "market"
    assert said["mechanisms"]["spend_all"]["welfare"]["mean"] is not None
