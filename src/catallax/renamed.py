"""Names of modules that users' files may still import, and where what they held is now.

An old name imports with a warning that says the new one; nothing in the package uses one.
"""

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module, util
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, final

PRODUCTION = "catallax.domains.production"
FEDERATED = "catallax.labs.federated"
FORECASTING = "catallax.labs.forecasting"
PROGRAMMING = "catallax.labs.linear_programming"
MOVED: dict[str, tuple[str, ...]] = {
    "adapters.accounting": (f"{FEDERATED}.privacy",),
    "adapters.flower": (f"{FEDERATED}.flower",),
    "adapters.fracast": (f"{FORECASTING}.fracast",),
    "adapters.lightgbm": (f"{FORECASTING}.lightgbm",),
    "adapters.retail": (f"{FORECASTING}.retail",),
    "economy": (f"{PRODUCTION}.economy",),
    "experiments": (f"{PRODUCTION}.experiments", "catallax.study", "catallax.protocol.named"),
    "experiments.adversary": ("catallax.study.adversary",),
    "experiments.claims": ("catallax.study.claims",),
    "experiments.execute": ("catallax.execute",),
    "experiments.federated": (f"{FEDERATED}.trials",),
    "experiments.forecasting": (FORECASTING,),
    "experiments.forecasting.judge": (f"{FORECASTING}.scores",),
    "experiments.forecasting.read": (f"{FORECASTING}.panel",),
    "experiments.forecasting.runs": (f"{FORECASTING}.rolling",),
    "experiments.frontier": ("catallax.study.frontier",),
    "experiments.sensitivity": ("catallax.study.sensitivity",),
    "experiments.statistics": ("catallax.study.statistics",),
    "experiments.store": ("catallax.execute.store",),
    "experiments.sweep": ("catallax.study.sweep",),
    "experiments.tuning": ("catallax.study.tuning",),
    "experiments.worth": (f"{PRODUCTION}.value_of_information",),
    "knowledge": (f"{PRODUCTION}.knowledge",),
    "learning.federated": (FEDERATED,),
    "learning.federated.baselines": (f"{FEDERATED}.training",),
    "learning.federated.fedavg": (f"{FEDERATED}.rules",),
    "learning.federated.fedprox": (f"{FEDERATED}.rules",),
    "learning.federated.fixed_point": (f"{FEDERATED}.masks",),
    "learning.federated.keys": (f"{FEDERATED}.masks",),
    "learning.federated.local": (f"{FEDERATED}.model",),
    "learning.federated.protocol": (f"{FEDERATED}.secure",),
    "learning.federated.shamir": (f"{FEDERATED}.masks",),
    "learning.federated.tally": (f"{FEDERATED}.line",),
    "learning.forecast": (FORECASTING,),
    "measures": (f"{PRODUCTION}.measures", "catallax.protocol"),
    "mechanisms": (f"{PRODUCTION}.mechanisms",),
    "network": (f"{PRODUCTION}.network", "catallax.arrays", "catallax.protocol.sealed"),
    "optimum": (f"{PRODUCTION}.optimum", PROGRAMMING),
    "optimum.certify": (f"{PROGRAMMING}.certify",),
    "optimum.curved": (f"{PROGRAMMING}.curved",),
    "optimum.embodied": (f"{PROGRAMMING}.embodied",),
    "optimum.gross": (f"{PROGRAMMING}.gross",),
    "optimum.leontief": (f"{PROGRAMMING}.leontief",),
    "optimum.linear": (f"{PROGRAMMING}.linear",),
    "optimum.passes": (f"{PROGRAMMING}.passes",),
    "optimum.recipes": (f"{PROGRAMMING}.recipes",),
    "optimum.relaxed": (f"{PROGRAMMING}.relaxed",),
    "optimum.vertex": (f"{PROGRAMMING}.vertex",),
    "report": ("catallax.show",),
    "run": (f"{PRODUCTION}.run",),
}
"""Old name behind `catallax.` -> modules that hold now what it held, the first one above all."""
RENAMED: dict[str, dict[str, str]] = {
    "adapters": {
        "flower_models": "train_with_flower",
        "lightgbm": "import_lightgbm",
        "model": "load_model",
        "sampled_epsilon": "find_sampled_epsilon",
        "supermarket": "read_supermarket",
    },
    "experiments.federated": {
        "Border": "LearningBorder",
        "Bridge": "PriceDiscovery",
        "Costs": "PrivacyCosts",
        "Heard": "MessageKind",
        "Leaks": "Leakage",
        "Path": "LearningCurve",
        "Rivals": "LearningComparison",
        "Rows": "LearningRows",
        "Setting": "LearningProblem",
        "Told": "Reconstruction",
        "border": "map_border",
        "bridge": "discover_price",
        "clients_of": "make_clients",
        "costs": "measure_costs",
        "crossing": "find_crossing",
        "judged": "judge_reconstruction",
        "leaks": "measure_leaks",
        "measured": "measure_error",
        "metered": "meter_tally",
        "paths": "train_every_way",
        "regional_economy": "build_regional_economy",
        "regions_drawn": "draw_regions",
        "rivals": "compare_ways",
        "rows": "draw_rows",
    },
    "experiments.forecasting": {
        "Bench": "BenchResult",
        "Chose": "ChoiceSummary",
        "Run": "RolledForecasts",
        "Scored": "MethodScore",
        "able": "find_able",
        "methods": "make_methods",
        "runs_of": "roll_every_method",
    },
    "learning.federated": {
        "Combined": "CombinedUpdate",
        "Count": "MessageCount",
        "Drawn": "Turnout",
        "Line": "TrainingLine",
        "Place": "NoiseSource",
        "Round": "TrainingRound",
        "Seen": "CentreView",
        "Stop": "TrainingEnd",
        "Trained": "TrainingResult",
        "Words": "Residues",
        "addressed": "count_addressed",
        "agreed": "agree_seed",
        "clearing_price": "find_clearing_price",
        "clipped": "clip_updates",
        "decoded": "decode",
        "down": "count_down",
        "encoded": "encode",
        "epsilon": "find_epsilon",
        "exchanged": "exchange",
        "exchanged_price": "exchange_price",
        "expanded": "expand_seed",
        "local_only": "train_alone",
        "masked": "mask",
        "member": "draw_member",
        "one_example": "solve_one_example",
        "own_mask": "make_own_mask",
        "pair_masks": "make_pair_masks",
        "pooled": "train_pooled",
        "predicted": "predict",
        "public": "derive_public_key",
        "reconstructed": "reconstruct",
        "recovered": "recover_secret",
        "reduced": "reduce_modulo",
        "series": "describe_series",
        "shares": "split_secret",
        "unmasked": "unmask",
        "up": "count_up",
    },
    "learning.forecast": {
        "Chosen": "MethodChoice",
        "Ewma": "FittedEwma",
        "HoltWinters": "FittedHoltWinters",
        "Method": "ForecastMethod",
        "around": "spread_around",
        "begun": "estimate_start",
        "best": "choose_options",
        "by_row": "average_by_row",
        "came": "collect_outcomes",
        "check": "check_series",
        "coverage": "measure_coverage",
        "ewma": "smooth_ewma",
        "ewma_scores": "score_ewma",
        "holt": "smooth_holt_winters",
        "holt_scores": "score_holt_winters",
        "mean": "average_known",
        "method": "make_method",
        "origins": "choose_origins",
        "picked": "pick",
        "pinball": "measure_pinball",
        "records": "record_errors",
        "rolled": "roll_forecasts",
        "scale": "measure_scale",
        "seasonal": "repeat_season",
        "wape": "measure_wape",
    },
    "optimum": {
        "Basis": "MarginalBasis",
        "Gross": "GrossOutput",
        "Model": "ConicProgramme",
        "Plan": "ForesightPlan",
        "Planned": "PlanStatus",
        "Relaxed": "Relaxation",
        "balanced": "balance",
        "bounded": "prove_bound",
        "cheapest": "find_cheapest_basis",
        "checked_fixed": "check_fixed",
        "checked_utility": "check_utility",
        "curved": "plan_curved",
        "executed": "find_shortfall",
        "gross_output": "find_gross_output",
        "leontief": "plan_largest_scale",
        "programme": "build_programme",
        "recipes": "make_recipes",
        "relaxed": "solve_relaxation",
        "repaired": "repair_plan",
        "settle": "solve_linear_fixed_point",
        "vertices": "search_vertices",
    },
}
"""Old module behind `catallax.`, and all in it -> name that it had -> name in the new modules."""


def places_of(name: str) -> tuple[str, ...]:
    """The modules that hold now what the module called `name` held; () if it was never moved."""
    before, _, rest = name.partition(".")
    if before != "catallax" or not rest:
        return ()
    words = rest.split(".")
    for end in range(len(words), 0, -1):
        held = MOVED.get(".".join(words[:end]))
        if held is not None:
            return held if end == len(words) else (".".join((held[0], *words[end:])),)
    return ()


def present_name(module: str, name: str) -> str:
    """What the thing that an old module called `name` is called now."""
    words = module.split(".")[1:]
    for end in range(len(words), 0, -1):
        found = RENAMED.get(".".join(words[:end]), {}).get(name)
        if found is not None:
            return found
    return name


@final
class OldName(ModuleType):
    """A module by its old name, which hands out what the new ones hold."""

    def __setattr__(self, name: str, value: Any) -> None:
        """A thing hides the module of its name, as it did in the package that held both."""
        if not isinstance(value, OldName) or present_name(self.__name__, name) == name:
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        now = present_name(self.__name__, name)
        for place in places_of(self.__name__):
            module = import_module(place)
            if hasattr(module, now):
                if now != name:
                    _tell(f"{self.__name__}.{name}", f"{place}.{now}", 3)
                return getattr(module, now)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


@final
class OldNames(MetaPathFinder, Loader):
    """Finds the modules of old names, after Python has looked for them in vain."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where an old name is; None for a name that never was."""
        places = places_of(fullname)
        if not places or util.find_spec(places[0]) is None:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """A module that knows where everything is now."""
        return OldName(spec.name, f"Moved to {places_of(spec.name)[0]}.")

    def exec_module(self, module: ModuleType) -> None:
        """Say the new name."""
        _tell(module.__name__, places_of(module.__name__)[0], 3)


def _tell(old: str, now: str, level: int) -> None:
    """Warn whoever stands `level` frames above this one."""
    warnings.warn(f"{old} is now {now}; import that", DeprecationWarning, stacklevel=level)


def accept_old_names() -> None:
    """Make the old names importable, once."""
    if not any(isinstance(finder, OldNames) for finder in sys.meta_path):
        sys.meta_path.append(OldNames())
