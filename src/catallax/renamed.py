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
FEDERATED = "catallax.labs.federated"
FORECASTING = "catallax.labs.forecasting"
PROGRAMMING = "catallax.labs.linear_programming"
MOVED: dict[str, tuple[str, ...]] = {
    "adapters.accounting": (f"{FEDERATED}.privacy",),
    "adapters.flower": (f"{FEDERATED}.flower",),
    "adapters.fracast": (f"{FORECASTING}.fracast",),
    "adapters.lightgbm": (f"{FORECASTING}.lightgbm",),
    "adapters.retail": (f"{FORECASTING}.retail",),
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
    "domains.prices_quantities.axes": ("catallax.domains.prices_quantities.experiment",),
    "domains.prices_quantities.expectation": ("catallax.domains.prices_quantities.weitzman",),
    "domains.prices_quantities.oracle": ("catallax.domains.prices_quantities.mechanisms",),
    "domains.prices_quantities.pages.story": ("catallax.domains.prices_quantities.pages.sections",),
    "domains.prices_quantities.tracing": ("catallax.domains.prices_quantities.run",),
    "domains.prices_quantities.welfare": ("catallax.domains.prices_quantities.curves",),
    "domains.production.calls": (f"{PRODUCTION}.barrier.calls",),
    "domains.production.listened": (f"{PRODUCTION}.barrier.calls",),
    "domains.production.pages.findings": (f"{PRODUCTION}.pages.story",),
    "domains.production.pages.users": (f"{PRODUCTION}.pages.charts",),
    "domains.production.recorder": (f"{PRODUCTION}.barrier.recorder",),
    "domains.production.tracing": (f"{PRODUCTION}.observing",),
    "domains.production.trials": (f"{PRODUCTION}.barrier.trials",),
    "economy": (f"{PRODUCTION}.economy",),
    "economy.tables.make_use": (f"{PRODUCTION}.economy.tables.symmetric",),
    "economy.tables.moved": (f"{PRODUCTION}.economy.tables.mend",),
    "economy.tables.mrio": (f"{PRODUCTION}.economy.tables.regions",),
    "economy.tables.parse": (f"{PRODUCTION}.economy.tables.sheet",),
    "economy.tables.producers": (f"{PRODUCTION}.economy.tables.table",),
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
    "experiments.execute.processes": ("catallax.processes",),
    "experiments.federated": (f"{FEDERATED}.trials",),
    "experiments.forecasting": (FORECASTING,),
    "experiments.forecasting.judge": (f"{FORECASTING}.scores",),
    "experiments.forecasting.read": (f"{FORECASTING}.panel",),
    "experiments.forecasting.runs": (f"{FORECASTING}.rolling",),
    "experiments.frontier": ("catallax.study.frontier",),
    "experiments.frontier.contest": ("catallax.study.frontier.results",),
    "experiments.frontier.desk": ("catallax.study.frontier.results",),
    "experiments.frontier.pareto": ("catallax.study.frontier.map",),
    "experiments.free": (f"{PRODUCTION}.experiments.questions",),
    "experiments.oil": (f"{PRODUCTION}.experiments.questions",),
    "experiments.question": (f"{PRODUCTION}.experiments.questions",),
    "experiments.registry": (f"{PRODUCTION}.experiments.questions",),
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
    "experiments.tariff": (f"{PRODUCTION}.experiments.questions",),
    "experiments.tin": (f"{PRODUCTION}.experiments.questions",),
    "experiments.tuning": ("catallax.study.tuning",),
    "experiments.tuning.search": ("catallax.study.tuning.tune",),
    "experiments.tuning.verify": ("catallax.study.tuning.standing",),
    "experiments.under": (f"{PRODUCTION}.experiments.questions",),
    "experiments.worth": (f"{PRODUCTION}.value_of_information",),
    "experiments.worth.result": (f"{PRODUCTION}.value_of_information.value",),
    "experiments.worth.sent": (f"{PRODUCTION}.value_of_information.design",),
    "experiments.worth.worth": (f"{PRODUCTION}.value_of_information.value",),
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
    "learning.known": ("catallax.learning",),
    "measures": (f"{PRODUCTION}.measures", "catallax.protocol"),
    "measures.adaptation": (f"{PRODUCTION}.measures.dynamics",),
    "measures.claims": (f"{PRODUCTION}.measures.income_optimum",),
    "measures.economising": (f"{PRODUCTION}.measures.scarcity",),
    "measures.loop": (f"{PRODUCTION}.measures.dynamics",),
    "measures.measure": (f"{PRODUCTION}.measures.catalogue",),
    "measures.measured": (f"{PRODUCTION}.measures.assess", "catallax.protocol"),
    "measures.nash": (f"{PRODUCTION}.measures.income_optimum",),
    "measures.service": (f"{PRODUCTION}.measures.values",),
    "measures.swing": (f"{PRODUCTION}.measures.dynamics",),
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
    "protocol.blame": ("catallax.protocol.userfile",),
    "protocol.hashes": ("catallax.protocol.provenance",),
    "protocol.named": ("catallax.protocol.mechanism_names",),
    "protocol.priors": ("catallax.protocol.axes",),
    "protocol.specs": ("catallax.protocol.mechanism_names",),
    "protocol.versions": ("catallax.protocol.provenance",),
    "report": ("catallax.show",),
    "report.claims_page": ("catallax.show.claims",),
    "report.document": ("catallax.show.markup",),
    "report.domain_page": ("catallax.show.page",),
    "report.effort": ("catallax.show.origins",),
    "report.files": ("catallax.show.markup", "catallax.show.terminal"),
    "report.frontier.naming": ("catallax.show.frontier.tiles",),
    "report.series": ("catallax.show.charts",),
    "run": (f"{PRODUCTION}.run",),
    "testing.snapshot": ("catallax.testing.inside",),
    "testing.whose": ("catallax.testing.nursery",),
}
"""Old name behind `catallax.` -> modules that hold now what it held, the first one above all."""

RENAMED: dict[str, dict[str, str]] = {
    "domains.production.mechanisms": {
        "Planned": "DirectedAgents",
    },
    "domains.production.optimum": {
        "Plan": "ForesightPlan",
    },
    "domains.production.economy": {
        "Checked": "CheckedWeek",
        "announced": "list_announcements",
        "checked": "check_and_settle",
        "fault": "find_fault",
        "rate_at": "find_rate",
        "settle": "settle_act",
        "shock_of": "read_shock",
        "start": "start_state",
        "step": "advance_state",
        "supply_at": "find_supply",
        "technology_at": "find_technology",
    },
    "domains.production.economy.tables": {
        "Moved": "MovedCell",
        "load": "load_table",
        "shipped": "list_shipped",
    },
    "domains.production.knowledge": {
        "advance": "advance_facts",
        "claimed": "inflate_asks",
        "public_sigma": "find_public_sigma",
        "public_technology": "make_public_technology",
        "reference": "make_reference",
        "spoken": "distort_reports",
        "technology": "make_technology",
    },
    "domains.production.measures": {
        "adaptation_lag": "compute_adaptation_lag",
        "area_lost": "compute_area_lost",
        "best_log": "find_best_log",
        "cuts": "find_cuts",
        "nash_welfare": "measure_nash_welfare",
        "scarcity_price": "find_scarcity_price",
    },
    "domains.production.run": {
        "truths": "draw_truths",
    },
    "domains.production.value_of_information": {
        "Dot": "LawPoint",
        "Fact": "FactValue",
        "Sent": "SentCounter",
        "Worth": "InformationValue",
        "sent": "count_sent",
        "under_law": "change_law",
        "worth": "value_information",
    },
    "execute": {
        "Row": "RunRow",
        "Rows": "RunRows",
    },
    "labs.federated": {
        "Combined": "CombinedUpdate",
        "Count": "MessageCount",
        "Drawn": "Turnout",
        "Line": "TrainingLine",
        "Place": "NoiseSource",
        "Round": "TrainingRound",
        "Stop": "TrainingEnd",
        "Trained": "TrainingResult",
        "epsilon": "find_epsilon",
        "local_only": "train_alone",
        "pooled": "train_pooled",
    },
    "labs.federated.dual": {
        "clearing_price": "find_clearing_price",
        "exchanged_price": "exchange_price",
    },
    "labs.federated.flower": {
        "flower_models": "train_with_flower",
    },
    "labs.federated.privacy": {
        "clipped": "clip_updates",
        "sampled_epsilon": "find_sampled_epsilon",
    },
    "labs.federated.trials": {
        "Border": "LearningBorder",
        "Bridge": "PriceDiscovery",
        "Costs": "PrivacyCosts",
        "Heard": "MessageKind",
        "Leaks": "Leakage",
        "Path": "LearningCurve",
        "Rivals": "LearningComparison",
        "Rows": "LearningRows",
        "Setting": "LearningProblem",
        "border": "map_border",
        "bridge": "discover_price",
        "costs": "measure_costs",
        "leaks": "measure_leaks",
        "paths": "train_every_way",
        "regional_economy": "build_regional_economy",
        "regions_drawn": "draw_regions",
        "rivals": "compare_ways",
        "rows": "draw_rows",
    },
    "labs.forecasting": {
        "Bench": "BenchResult",
        "Chose": "ChoiceSummary",
        "Chosen": "MethodChoice",
        "Ewma": "FittedEwma",
        "HoltWinters": "FittedHoltWinters",
        "Method": "ForecastMethod",
        "Scored": "MethodScore",
        "around": "spread_around",
        "by_row": "average_by_row",
        "came": "collect_outcomes",
        "check": "check_series",
        "coverage": "measure_coverage",
        "mean": "average_known",
        "method": "make_method",
        "methods": "make_methods",
        "origins": "choose_origins",
        "picked": "pick",
        "pinball": "measure_pinball",
        "records": "record_errors",
        "rolled": "roll_forecasts",
        "scale": "measure_scale",
        "wape": "measure_wape",
    },
    "labs.forecasting.retail": {
        "supermarket": "read_supermarket",
    },
    "labs.linear_programming": {
        "Gross": "GrossOutput",
        "Planned": "PlanStatus",
        "gross_output": "find_gross_output",
        "leontief": "plan_largest_scale",
        "recipes": "make_recipes",
    },
    "protocol": {
        "Ending": "RunEnding",
        "Trial": "TrialRun",
        "Watch": "CallContext",
        "described": "describe_setting",
        "measured_by": "measure_run",
        "validated": "validate_row",
    },
    "show.frontier": {
        "drawing": "draw_map",
        "page": "build_map_page",
        "standing_alone": "draw_stand_alone",
        "terminal": "write_map_text",
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
"""Module behind `catallax.` -> old name of what it hands out -> the name now.

What a package hands out has the same new name in the modules that the package is made of.
"""


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
    """What a module, or a package that it is in, calls now what was called `name`."""
    while module:
        found = RENAMED.get(module.partition(".")[2], {}).get(name)
        if found is not None:
            return found
        module = module.rpartition(".")[0]
    return name


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
            now = present_name(place, name)
            if hasattr(module, now):
                if now != name:
                    warn_of_old_name(place, name, now)
                return getattr(module, now)
            if hasattr(module, name):
                return getattr(module, name)
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
