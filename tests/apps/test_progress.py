"""What the user sees while runs go on."""

import pytest

from catallax.apps import progress
from catallax.kernels import ready


@pytest.fixture
def cold_machine(monkeypatch):
    """A machine on which two loops are not compiled yet."""

    def prepare(tell):
        tell(1, 2, "act")
        tell(2, 2, "settle")

    monkeypatch.setattr(ready, "cold", lambda: True)
    monkeypatch.setattr(ready, "prepare", prepare)


def test_the_first_run_on_a_machine_says_what_it_waits_for(cold_machine, capsys):
    with progress.show_progress(3, quiet=False) as tell:
        tell(3, 3, "market, seed 0")
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.split(",")[0] for line in said.err.splitlines()] == [
        "Compiling loops for this machine: once",
        "1 of 2 done (act)",
        "2 of 2 done (settle)",
        "3 of 3 done (market",
    ]


def test_whoever_wants_quiet_waits_in_silence(cold_machine, capsys):
    with progress.show_progress(3, quiet=True) as tell:
        assert tell is None
    assert capsys.readouterr().err == ""


def test_the_time_that_is_left_goes_by_the_speed_of_what_is_done(capsys):
    """5 of 20 take 30 s, so that 15 take 90; nothing is said again within ten seconds."""
    moments = iter([0.0, 2.0, 30.0, 35.0, 60.0])
    tell = progress.ProgressLines(lambda: next(moments))
    for done in (1, 5, 6, 20):
        tell(done, 20, "market, seed 0")
    assert capsys.readouterr().err.splitlines() == [
        "1 of 20 done (market, seed 0), 2 s, about 38 s left",
        "5 of 20 done (market, seed 0), 30 s, about 90 s left",
        "20 of 20 done (market, seed 0), 60 s, about 0 s left",
    ]
