"""Old names of modules work, with a warning that says the new one."""

import importlib
import pkgutil
import subprocess
import sys
import warnings

import pytest

from catallax import renamed


@pytest.fixture(autouse=True)
def _forgotten():
    yield
    for name in [n for n in sys.modules if renamed.places_of(n)]:
        del sys.modules[name]


def _said(told):
    return {str(w.message) for w in told if w.category is DeprecationWarning}


@pytest.mark.parametrize("old", renamed.MOVED)
def test_every_old_name_hands_out_what_the_new_module_holds(old):
    with warnings.catch_warnings(record=True) as told:  # of packages that it was in, too
        warnings.simplefilter("always")
        module = importlib.import_module(f"catallax.{old}")
    assert f"catallax.{old} is now {renamed.MOVED[old][0]}; import that" in _said(told)
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
    old = ("network", "experiments", "economy", "economy.tables", "run", "run.contract")
    assert {text.split(" is now ")[0] for text in _said(told)} == {f"catallax.{o}" for o in old}


def test_the_warning_points_at_the_import():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        import catallax.network  # noqa: F401
    assert told[0].filename == __file__


RENAMED = [(module, old) for module, names in renamed.RENAMED.items() for old in names]


@pytest.mark.filterwarnings("ignore:.* is now .*; import that:DeprecationWarning")
@pytest.mark.parametrize(("module", "old"), RENAMED, ids=[".".join(one) for one in RENAMED])
def test_every_old_name_of_a_thing_hands_out_what_it_is_called_now(module, old):
    """From the old module itself, or from one in it that held the thing."""
    now = renamed.RENAMED[module][old]
    known = [name for name in renamed.MOVED if name == module or name.startswith(f"{module}.")]
    inner = [f"{name}.{part}" for name in known for part in _parts(name)]
    held = [m for m in map(_imported, [*known, *inner]) if hasattr(m, old)]
    assert held, f"no old module hands out {old}"
    for holder in held:
        assert getattr(holder, old) is getattr(holder, now)


def _parts(name):
    """Names of the modules in the package that holds what `name` held."""
    paths = getattr(importlib.import_module(renamed.MOVED[name][0]), "__path__", ())
    return [found.name for found in pkgutil.iter_modules(paths)]


def _imported(name):
    return importlib.import_module(f"catallax.{name}")


@pytest.mark.filterwarnings("ignore:.* is now .*; import that:DeprecationWarning")
def test_a_thing_hides_the_module_of_its_name_as_it_always_did():
    exec(
        "from catallax.optimum.leontief import METHODS\nfrom catallax.optimum import leontief",
        names := {},
    )
    from catallax.labs.linear_programming import plan_largest_scale
    from catallax.labs.linear_programming.leontief import METHODS

    assert names["leontief"] is plan_largest_scale
    assert names["METHODS"] is METHODS


def test_a_thing_that_has_another_name_now_is_told_with_it():
    with pytest.warns(DeprecationWarning, match="import that") as told:
        exec("from catallax.optimum import Recipes, leontief", names := {})
    from catallax.labs.linear_programming import Recipes, plan_largest_scale

    assert names["leontief"] is plan_largest_scale
    assert names["Recipes"] is Recipes
    new = "catallax.labs.linear_programming.plan_largest_scale"
    assert f"catallax.optimum.leontief is now {new}; import that" in _said(told)


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
