"""Every example runs: a mechanism keeps the knowledge barrier, a domain is the one of the docs."""

import os
from pathlib import Path

import pytest

from catallax.apps.cli import main
from catallax.testing import barrier

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
DOMAIN = ROOT / "examples" / "commons.py"
MECHANISMS = [path for path in EXAMPLES if "def mechanism(" in path.read_text()]


def test_there_are_examples() -> None:
    assert MECHANISMS
    assert set(EXAMPLES) == {*MECHANISMS, DOMAIN}


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
