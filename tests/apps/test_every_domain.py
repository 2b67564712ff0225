"""Every domain through every command that is not about the production economy alone.

What a domain needs to be small is said here; all else is read off the domain.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from catallax.execute.store import Store
from catallax.protocol import domain_in, domains, settings_of

EXAMPLES = Path(__file__).parents[2] / "examples"
COMMONS = "commons.py"
NAMES = [*domains(), COMMONS]
FEW = ("--workers", "0", "--quiet")
SMALL = {"production": {"economy": "small:0", "weeks": 56}}  # scores count from week 52 on
EXPERIMENT = {"production": "compare"}  # of any economy
QUICK = {"production": ["market", "five_year_plan"]}


class Walks:
    """In the place of Morris's method, which an extra installs: the middle and one end."""

    name = "morris"

    def points(self, dimensions):
        return np.array([[0.5] * dimensions, [1.0] * dimensions])

    def indices(self, points, answers):
        slope = np.full(points.shape[1], np.ptp(answers))
        none = np.full(len(slope), np.nan)
        return {"mu*": (slope, none), "mu": (slope, none), "sigma": (none, none)}


class Known:
    """A domain with what makes a tiny contract of it."""

    def __init__(self, name, domain):
        self.domain = domain
        self.experiment = EXPERIMENT.get(name, name)
        self.settings = SMALL.get(name, {"weeks": 5})
        self.options = [w for k, v in self.settings.items() for w in (f"--{k}", str(v))]
        first = domain.experiments.get(self.experiment, next(iter(domain.experiments.values())))
        graded = [m for m in first.mechanisms if m not in domain.oracles]
        self.rivals = QUICK.get(name, graded[:2])
        self.axes = [a for a in domain.axes.values() if a.keys and a.numbers is not None][:2]
        self.judged = domain.judged_by

    @property
    def toml(self):
        """The settings as lines of a TOML file."""
        return "".join(f"{key} = {json.dumps(value)}\n" for key, value in self.settings.items())


@pytest.fixture(params=NAMES)
def known(request, folder):
    """A domain; the one of a file stands in the working directory."""
    if request.param == COMMONS:
        (folder / COMMONS).write_text((EXAMPLES / COMMONS).read_text())
        return Known(COMMONS, domain_in(COMMONS))
    return Known(request.param, domains()[request.param])


def test_run_and_compare(known, call):
    words = (*known.options, "--seeds", "2", "--mechanisms", ",".join(known.rivals), *FEW)
    said = call("run", known.experiment, *words, "--store", "kept", "--json")
    assert (said.code, said.err) == (0, "")
    found = json.loads(said.out)
    assert list(found["mechanisms"]) == known.rivals
    assert found["mechanisms"][known.rivals[0]][known.judged]["mean"] is not None
    again = call("compare", "--experiment", known.experiment, *words, "--store", "kept")
    assert again.code == 0, again.err
    assert len(Store("kept").rows()) == 4


def test_its_settings_are_options(known, call):
    said = call("run", known.experiment, "--help").out
    for key in known.settings:
        assert f"--{key} " in said


def test_a_map(known, call, folder):
    sides = [f"{a.name}={a.values[0]:g},{a.values[-1]:g}" for a in known.axes]
    named = ("--experiment", known.experiment, "--mechanisms", ",".join(known.rivals))
    said = call("frontier", *sides, *named, *known.options, "--seeds", "2", *FEW)
    assert said.code == 0, said.err
    assert known.judged.replace("_", " ") in said.out or known.judged in said.out
    assert (folder / "frontier.html").is_file()


def test_a_sweep_and_its_results(known, call, folder):
    (folder / "map.toml").write_text(
        f'experiment = "{known.experiment}"\nseeds = 1\nmechanisms = ["{known.rivals[0]}"]\n'
        f"[contract]\n{known.toml}[axes]\n"
        f"{known.axes[0].name} = [{known.axes[0].values[0]}, {known.axes[0].values[-1]}]\n"
    )
    assert call("sweep", "map.toml", *FEW).out.startswith("2 runs in map.runs, 2 of them new.")
    found = json.loads(call("results", "map.runs", "--json").out)
    assert found["runs"] == 2
    assert known.judged in found["groups"][0]["measures"]


def test_sensitivity(known, call, monkeypatch):
    monkeypatch.setattr(
        "catallax.study.sensitivity.method_named", lambda name, count, seed: Walks()
    )
    named = ("--experiment", known.experiment, "--axes", ",".join(a.name for a in known.axes))
    said = call("sensitivity", *known.rivals, *named, *known.options, "--seeds", "1", *FEW)
    assert said.code == 0, said.err
    assert said.out.startswith(known.judged)


def test_the_adversary(known, call):
    pytest.importorskip("cmaes", reason="the extra `search` is not installed")
    keys = ",".join(list(known.domain.priors)[:2])
    named = ("--experiment", known.experiment, "--keys", keys)
    few = ("--seeds", "2", "--fresh", "5-6", "--budget", "8", *FEW)
    said = call("adversary", *known.rivals, *named, *known.options, *few)
    assert said.code == 0, said.err
    assert known.judged in said.out


def test_tuning(known, call, folder):
    name, key, start = next(
        (name, key, s.default)
        for name, make in known.domain.mechanisms.items()
        for key, s in settings_of(make).items()
        if s.kind is float and s.default
    )
    (folder / "mine.toml").write_text(
        f'experiment = "{known.experiment}"\nbudget = 2\nseeds = [5]\nfailed = 0.0\n'
        f'[[contracts]]\nname = "tiny"\n{known.toml}'
        f"[mechanisms.{name}]\n{key} = {{ low = {0.9 * start}, high = {1.1 * start}, "
        f'start = {start}, why = "near" }}\n'
    )
    said = call("tune", "--file", "mine.toml", *FEW)
    assert said.code == 0, said.err
    assert said.out.startswith(f"{name}: {known.judged} ")
    assert call("tune", "--file", "mine.toml", "--check").out == f"{name}: passed\n"


def test_claims(known, call, folder):
    first, second = known.rivals
    (folder / "claims.toml").write_text(
        f'seeds = 2\n[essays]\nT = "a test"\n'
        f'[contracts.tiny]\nwhy = "small"\nexperiment = "{known.experiment}"\n{known.toml}'
        f'[maps.one]\nwhy = "one place"\ncontracts = {{ tiny = 1.0 }}\n'
        f'[claims.T1]\ntext = "The first is better."\nexperiment = "compare"\n'
        f'looked_at = "both"\nrule = "direction"\nmap = "one"\nchanges = "nothing"\n'
        f'[[claims.T1.parts]]\ntitle = "difference"\nform = "difference"\n'
        f'measure = "{known.judged}"\nfirst = "{first}"\nsecond = "{second}"\nsign = 1\n'
    )
    said = call("claims", "--file", "claims.toml", "--run", "T1", *FEW)
    assert said.code == 0, said.err
    assert said.out.startswith("T1: ")


def test_what_is_known_of_it(known, call):
    name = known.experiment if known.domain.file else known.domain.name
    found = json.loads(call("list", name, "--json").out)[known.domain.name]
    assert list(found["measures"]) == list(known.domain.measures)
    assert known.judged in call("explain", known.judged).out
    rows = known.domain.validation()
    if rows:
        assert call("validate", rows[0].id, *FEW).code == 0


def test_check(known, call):
    mechanism = next(iter(known.domain.mechanisms))
    whose = known.experiment if known.domain.file else known.domain.name
    said = call("check", mechanism, "--domain", whose)
    if known.domain.file:  # a plain domain has no calls to replay
        assert (said.code, said.out) == (2, "")
        assert "records no calls" in said.err
    else:
        assert said.out.startswith("passed: "), said.err
