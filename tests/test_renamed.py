"""Old names of modules work, with a warning that says the new one."""

import importlib.util
import subprocess
import sys
import warnings

import pytest

import catallax.protocol
from catallax import renamed
from catallax.errors import OldNameWarning


@pytest.fixture(autouse=True)
def _forgotten():
    yield
    for name in [n for n in sys.modules if renamed.places_of(n)]:
        del sys.modules[name]


@pytest.mark.parametrize("old", renamed.MOVED)
def test_every_old_name_hands_out_what_the_new_module_holds(old):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        module = importlib.import_module(f"catallax.{old}")
    assert any(f"catallax.{old} is now catallax." in str(w.message) for w in told)
    for place in renamed.MOVED[old]:
        held = importlib.import_module(place)
        for name in getattr(held, "__all__", [n for n in vars(held) if not n.startswith("_")]):
            assert hasattr(module, name)


def test_a_file_of_a_user_that_was_written_before_still_runs():
    with pytest.warns(DeprecationWarning, match="import that") as told:
        exec(
            "from catallax.network import ENDOWMENT, Floats, frozen\n"
            "from catallax.experiments import compare, mechanism_named\n"
            "from catallax.economy.tables import read_table\n"
            "import catallax.run.contract\n"
            "found = catallax.run.contract.Contract",
            names := {},
        )
    from catallax import Contract, compare

    assert names["found"] is Contract
    assert names["compare"] is compare
    assert len(told) == 6  # parts, and modules in them


RENAMED = [(package, old) for package, names in renamed.RENAMED.items() for old in names]


@pytest.mark.parametrize(("package", "old"), RENAMED)
def test_a_package_hands_out_what_it_holds_by_old_names_too(package, old):
    module = importlib.import_module(f"catallax.{package}")
    new = renamed.RENAMED[package][old]
    assert new in vars(module).get("__all__", [new])
    if hasattr(module, "__path__") and importlib.util.find_spec(f"catallax.{package}.{old}"):
        return  # a module has the place of the old name; `experiments` hands out the function
    with pytest.warns(OldNameWarning, match=rf"catallax\.{package}: {old} is now called {new}"):
        assert getattr(module, old) is getattr(module, new)


def test_files_that_were_written_for_old_names_of_modules_and_of_what_they_hold_run():
    from catallax.protocol import TrialRun, versions
    from catallax.study.frontier import MapBorder, find_border
    from catallax.study.sweep import RunRows

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        exec(
            "from catallax.experiments.sweep import Rows\n"
            "from catallax.experiments.frontier import Border, border\n"
            "from catallax.protocol import Trial\n"
            "import catallax.protocol.versions\n",
            names := {},
        )
        assert catallax.protocol.versions() == versions()
    said = " ".join(str(w.message) for w in told)
    for old in ("Rows", "Border", "border", "Trial", "catallax.protocol.versions"):
        assert f"{old} is now" in said
    assert names["Rows"] is RunRows
    assert (names["Border"], names["border"]) == (MapBorder, find_border)
    assert names["Trial"] is TrialRun


def test_a_file_that_was_written_for_laboratories_where_they_stood_before_runs():
    from catallax.labs import federated, forecasting
    from catallax.labs import linear_programming as programming
    from catallax.labs.federated import line, masks, privacy, trials

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        exec(
            "from catallax.optimum import Optimum, Recipes, leontief, gross_output\n"
            "from catallax.optimum.passes import Passes\n"
            "from catallax.learning.forecast import Choice, Ewma, HoltWinters, forecast\n"
            "from catallax.learning.federated import FedAvg, Line, pooled\n"
            "from catallax.learning.federated.line import Line as same\n"
            "from catallax.learning.federated.keys import PRIME\n"
            "from catallax.experiments.federated import Setting, rivals\n"
            "from catallax.experiments.forecasting import forecast_bench, Bench\n"
            "from catallax.adapters.accounting import sampled_epsilon\n"
            "from catallax.adapters.lightgbm import LightGbm\n",
            names := {},
        )
    assert names["leontief"] is programming.plan_largest_scale
    assert names["gross_output"] is programming.find_gross_output
    assert names["Recipes"] is programming.Recipes
    assert names["HoltWinters"] is forecasting.FittedHoltWinters
    assert names["Bench"] is forecasting.BenchResult
    assert names["Line"] is names["same"] is line.TrainingLine
    assert names["pooled"] is federated.train_pooled
    assert names["PRIME"] == masks.PRIME
    assert names["Setting"] is trials.LearningProblem
    assert names["rivals"] is trials.compare_ways
    assert names["sampled_epsilon"] is privacy.find_sampled_epsilon
    said = " ".join(str(w.message) for w in told)
    for new in ("labs.linear_programming", "plan_largest_scale", "FittedEwma", "labs.federated"):
        assert new in said


def test_a_name_that_no_package_ever_had_is_refused():
    with pytest.raises(ImportError, match="nowhere"):
        exec("from catallax.study.sweep import nowhere")


def test_the_warning_points_at_the_import():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        import catallax.network  # type: ignore[import-not-found]  # noqa: F401
    assert told[0].filename == __file__


@pytest.mark.parametrize("name", ["catallax.nowhere", "catallax.run.nowhere", "catallax.execut"])
def test_a_name_that_never_was_is_not_found(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(name)


def test_no_module_of_the_package_uses_an_old_name():
    """Else a user would be told of imports that are not the user's."""
    code = "import pkgutil, catallax, importlib, sys\n" + (
        "for m in pkgutil.walk_packages(catallax.__path__, 'catallax.'):\n"
        "    if 'labs' not in m.name and 'adapters' not in m.name and '__main__' not in m.name:\n"
        "        importlib.import_module(m.name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:catallax", "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
