"""Names that users' files may still import, and where what they meant is now.

`MOVED` is about modules, `RENAMED` about what packages hand out. An old name works with a warning
that says the new one; nothing in the package uses one.
"""

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module, util
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, final

from catallax.errors import warn_of_old_name

PRODUCTION = "catallax.domains.production"
MOVED: dict[str, tuple[str, ...]] = {
    "apps.bounding": ("catallax.apps.commands.bound",),
    "apps.catalogue": ("catallax.apps.commands.list",),
    "apps.checking": ("catallax.apps.commands.check",),
    "apps.claiming": ("catallax.apps.commands.claims",),
    "apps.command_line": ("catallax.apps.contracts",),
    "apps.completing": ("catallax.apps.commands.install_completion",),
    "apps.explaining": ("catallax.apps.commands.explain",),
    "apps.federating": ("catallax.apps.commands.federated",),
    "apps.files": ("catallax.apps.output",),
    "apps.forecasting": ("catallax.apps.commands.forecast_bench",),
    "apps.hunting": ("catallax.apps.commands.adversary",),
    "apps.mapping": ("catallax.apps.commands.frontier", "catallax.apps.map_options"),
    "apps.mechanisms": ("catallax.apps.common_options",),
    "apps.named_experiment": ("catallax.apps.contract_options",),
    "apps.parse_errors": ("catallax.apps.exit_codes",),
    "apps.plugins": ("catallax.apps.exit_codes",),
    "apps.results": ("catallax.apps.commands.results",),
    "apps.running": ("catallax.apps.commands.compare", "catallax.apps.commands.run"),
    "apps.setting_options": ("catallax.apps.contract_options",),
    "apps.stability": ("catallax.apps.commands.frontier_stability",),
    "apps.study": ("catallax.apps.study_start",),
    "apps.sweeping": ("catallax.apps.commands.sweep",),
    "apps.tables": ("catallax.apps.output",),
    "apps.tuning": ("catallax.apps.commands.tune",),
    "apps.validating": ("catallax.apps.commands.validate",),
    "apps.valuing": ("catallax.apps.commands.value_of_information",),
    "apps.weighing": ("catallax.apps.commands.sensitivity",),
    "economy": (f"{PRODUCTION}.economy",),
    "experiments": (
        f"{PRODUCTION}.experiments",
        "catallax.study",
        "catallax.protocol.mechanism_names",
        "catallax.protocol",
    ),
    "experiments.adversary": ("catallax.study.adversary",),
    "experiments.adversary.priors": ("catallax.study.adversary.trials",),
    "experiments.adversary.search": ("catallax.study.adversary.hunt",),
    "experiments.adversary.trial": ("catallax.study.adversary.trials",),
    "experiments.claims": ("catallax.study.claims",),
    "experiments.claims.benches": ("catallax.study.claims.samples",),
    "experiments.claims.border": ("catallax.study.claims.verdict",),
    "experiments.claims.places": ("catallax.study.claims.samples",),
    "experiments.claims.record": ("catallax.study.claims.answer",),
    "experiments.compare": ("catallax.study.comparison", "catallax.study.statistics"),
    "experiments.comparison": ("catallax.study.comparison",),
    "experiments.execute": ("catallax.execute",),
    "experiments.execute.checked_rows": ("catallax.execute.columns",),
    "experiments.execute.each": ("catallax.execute.executor",),
    "experiments.execute.keyed": ("catallax.execute.request",),
    "experiments.federated": ("catallax.labs.federated.trials",),
    "experiments.forecasting": ("catallax.labs.forecasting",),
    "experiments.frontier": ("catallax.study.frontier",),
    "experiments.frontier.contest": ("catallax.study.frontier.results",),
    "experiments.frontier.desk": ("catallax.study.frontier.results",),
    "experiments.frontier.pareto": ("catallax.study.frontier.map",),
    "experiments.sensitivity": ("catallax.study.sensitivity",),
    "experiments.sensitivity.method": ("catallax.study.sensitivity",),
    "experiments.sensitivity.ranges": ("catallax.study.sensitivity",),
    "experiments.sensitivity.sensitivity": ("catallax.study.sensitivity",),
    "experiments.statistics": ("catallax.study.statistics",),
    "experiments.statistics.chance": ("catallax.study.statistics",),
    "experiments.statistics.holm": ("catallax.study.statistics",),
    "experiments.statistics.looks": ("catallax.study.statistics",),
    "experiments.statistics.paired": ("catallax.study.statistics",),
    "experiments.statistics.verdict": ("catallax.study.statistics",),
    "experiments.store": ("catallax.execute.store",),
    "experiments.store.apart": ("catallax.execute.store.files",),
    "experiments.store.lock": ("catallax.execute.store.files",),
    "experiments.summary": ("catallax.study.statistics",),
    "experiments.sweep": ("catallax.study.sweep",),
    "experiments.sweep.gather": ("catallax.study.sweep.cells", "catallax.execute"),
    "experiments.sweep.spans": ("catallax.study.sweep.spec",),
    "experiments.tuning": ("catallax.study.tuning",),
    "experiments.tuning.search": ("catallax.study.tuning.tune",),
    "experiments.tuning.verify": ("catallax.study.tuning.standing",),
    "experiments.worth": (f"{PRODUCTION}.value_of_information",),
    "knowledge": (f"{PRODUCTION}.knowledge",),
    "learning.federated": ("catallax.labs.federated",),
    "measures": (f"{PRODUCTION}.measures", "catallax.protocol"),
    "mechanisms": (f"{PRODUCTION}.mechanisms",),
    "network": (f"{PRODUCTION}.network", "catallax.arrays", "catallax.protocol.sealed"),
    "optimum": (f"{PRODUCTION}.optimum",),
    "protocol.blame": ("catallax.protocol.userfile",),
    "protocol.hashes": ("catallax.protocol.provenance",),
    "protocol.named": ("catallax.protocol.mechanism_names",),
    "protocol.priors": ("catallax.protocol.axes",),
    "protocol.specs": ("catallax.protocol.mechanism_names",),
    "protocol.versions": ("catallax.protocol.provenance",),
    "report": ("catallax.show",),
    "run": (f"{PRODUCTION}.run",),
    "testing.snapshot": ("catallax.testing.inside",),
    "testing.whose": ("catallax.testing.nursery",),
}
"""Old name behind `catallax.` -> modules that hold now what it held, the first one above all."""

RENAMED: dict[str, dict[str, str]] = {
    "domains.production.mechanisms": {
        "Planned": "DirectedAgents",
    },
    "execute": {
        "Row": "RunRow",
        "Rows": "RunRows",
    },
    "protocol": {
        "Ending": "RunEnding",
        "Trial": "TrialRun",
        "Watch": "CallContext",
        "described": "describe_setting",
        "measured_by": "measure_run",
        "validated": "validate_row",
    },
    "study.adversary": {
        "Trial": "ContractTrial",
        "Trials": "ContractTrials",
    },
    "study.claims": {
        "Finding": "PartVerdict",
        "Plan": "ClaimMap",
        "Record": "AnswerRecord",
        "disagree": "figures_disagree",
        "find": "judge_part",
        "places": "map_points",
        "recorded": "shipped_answers",
    },
    "study.frontier": {
        "Border": "MapBorder",
        "Contest": "CellResult",
        "Place": "ParetoPoint",
        "border": "find_border",
        "borders": "find_borders",
        "gain": "gain_scale",
        "overall": "overall_pareto_points",
        "places": "pareto_points",
        "scale": "make_scale",
        "sentence": "describe_border",
        "stability": "map_stability",
    },
    "study.sensitivity": {
        "Index": "SensitivityIndex",
        "Method": "SensitivityMethod",
        "sensitivity": "measure_sensitivity",
    },
    "study.statistics": {
        "by_chance": "count_by_chance",
        "paired": "estimate_mean",
    },
    "study.sweep": {
        "Row": "RunRow",
        "Rows": "RunRows",
    },
    "study.tuning": {
        "Record": "TuningRecord",
        "Trial": "SettingsTrial",
        "adrift": "find_drifted_defaults",
        "declared": "read_declaration",
        "moved": "find_moved_scores",
        "plan": "plan_trials",
        "problems": "find_problems",
        "shipped": "shipped_record",
        "spelt": "spell_mechanism",
        "told": "tuning_report",
    },
    "testing": {
        "whose": "domain_of_mechanism",
    },
}
"""Package behind `catallax.` -> old name of what it hands out -> the name now."""


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


def hand_out_old_names(package: str) -> None:
    """Let a package hand out what `RENAMED` says by the old names too, with a warning.

    Type checkers do not see it: to them an old name is an error.
    """
    now = RENAMED[package.partition(".")[2]]

    def find(name: str) -> Any:
        if name not in now:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        warn_of_old_name(package, name, now[name])
        return getattr(sys.modules[package], now[name])

    vars(sys.modules[package])["__getattr__"] = find


@final
class OldName(ModuleType):
    """A module by its old name, which hands out what the new ones hold."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        for place in places_of(self.__name__):
            module = import_module(place)
            now = RENAMED.get(place.partition(".")[2], {}).get(name, name)
            if now != name:
                warn_of_old_name(place, name, now)
            if hasattr(module, now):
                return getattr(module, now)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call the function of the package whose place an import of its module takes."""
        package, _, name = self.__name__.rpartition(".")
        holder = OldName(package) if places_of(package) else self
        return getattr(holder, name)(*args, **options)


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
        now = places_of(module.__name__)[0]
        warnings.warn(
            f"{module.__name__} is now {now}; import that", DeprecationWarning, stacklevel=2
        )


def accept_old_names() -> None:
    """Make the old names importable, once."""
    if not any(isinstance(finder, OldNames) for finder in sys.meta_path):
        sys.meta_path.append(OldNames())
