"""Dask, with a real cluster of this machine: the same bits, and no job lost."""

import pytest

from catallax import InputError, MissingExtra
from catallax.adapters import dask as adapter
from catallax.adapters.dask import Dask
from catallax.domains.production.experiments import FREE
from catallax.errors import WorkerLost
from catallax.study.sweep import Base, Serial, gather
from tests.study.sweep.jobs import deadly, leaving, listening, picky

pytest.importorskip("distributed", reason="the extra `dask` is not installed")

JOBS = [(k,) for k in range(6)]


@pytest.fixture(scope="module")
def cluster():
    found = Dask(1)
    yield found
    found.close()


def test_a_cluster_gives_the_bits_of_this_process(cluster):
    cells = [Base(FREE, {"economy": "small:0", "weeks": 8}, ["market"]).at({})]
    here, there = (gather(cells, range(2), executor=e) for e in (Serial(), cluster))
    assert [r.values for r in here] == [r.values for r in there]
    assert [r.key for r in here] == [r.key for r in there]


def test_what_a_job_raises_is_its_result_and_one_that_kills_its_worker_is_found(cluster):
    for function, error in ((picky, ValueError), (deadly, WorkerLost)):
        found = dict(cluster.run(function, JOBS))
        assert isinstance(found.pop(3), error)
        assert found == {k: k * k for k in range(6) if k != 3}


def test_a_job_that_would_end_its_worker_has_raised_an_error(cluster):
    found = dict(cluster.run(leaving, [(3,), (5,)]))
    assert "SystemExit enough" in str(found[0])
    assert found[1] == 25


def test_a_cluster_that_is_started_here_listens_to_this_machine_alone(cluster):
    assert set(listening()) == {"127.0.0.1"}


def test_a_cluster_that_is_running_is_taken_by_its_address(cluster):
    other = Dask(address=cluster.cluster.scheduler_address)
    assert dict(other.run(picky, JOBS[:2])) == {0: 0, 1: 1}
    other.close()
    assert dict(cluster.run(picky, JOBS[:2])) == {0: 0, 1: 1}


def test_an_address_at_which_nobody_answers_is_refused(monkeypatch):
    monkeypatch.setattr(adapter, "WAIT", "500ms")
    with pytest.raises(InputError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        Dask(address="tcp://127.0.0.1:9")


def test_without_dask_the_extra_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[dask\]"'):
        Dask()
