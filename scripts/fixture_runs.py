"""The runs that `fixtures.py` compares: plays them all and prints their bits as JSON.

    python scripts/fixture_runs.py

`fixtures.py` starts this one file with the package of either tree, so both record the same runs.
Names are imported from where users import them, which moves least. What fails in a tree is
recorded as its error, so a name that only one tree has is a difference and not a crash.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from typing import Any

import catallax
from catallax import (
    BehaviourLaw,
    ChannelLaw,
    Contract,
    KnowledgeLaw,
    LineLaw,
    Run,
    Shock,
    StaticOptimum,
    ai_planner,
    economy_named,
    generate,
    market,
    oil,
    simulate,
    tariff,
    tin,
)


def part(name: str) -> Any:
    """A part of the economy; in a tree of before it had no folder of its own."""
    try:
        return import_module(f"catallax.domains.production.{name}")
    except ModuleNotFoundError:
        return import_module(f"catallax.{name}")


REGISTRY: Mapping[str, Any] = part("mechanisms").REGISTRY
VARIANTS: Mapping[str, Mapping[str, Any]] = part("mechanisms").VARIANTS
simulate_many: Callable[..., list[Run]] = part("run").simulate_many

SEED = 3
WEEKS = 26

EXACT = LineLaw(delay=0.0, noise=0.0, resolution=0)
LATE = LineLaw(delay=4.0)
ROUGH = LineLaw(noise=0.2, resolution=5)
PARTLY = LineLaw(delay=2.0, coverage=0.6)
ROUNDS = ChannelLaw(3, LineLaw(delay=1 / 3), LineLaw(delay=2 / 3))
KINDS = ChannelLaw(kinds=(("output", LATE), ("z", ROUGH)))
MOVING = KnowledgeLaw(
    drift=0.02,
    drift_z=0.01,
    novelty=0.5,
    pattern="trending",
    jump=0.3,
    misspecification=0.2,
    tacit_sigma=0.5,
    dispersion_capital=0.1,
    tacit_capital=0.3,
)

CONTRACTS: Mapping[str, Callable[[], Contract]] = {
    "calm": lambda: Contract(economy_named("us15"), weeks=WEEKS),
    "tin": lambda: tin(economy_named("us15"), weeks=WEEKS, week=9),
    "oil, announced": lambda: oil(economy_named("us15"), weeks=WEEKS, week=9, announced=True),
    "tariff, foreign": lambda: tariff(economy_named("us15"), weeks=WEEKS, week=9),
    "tariff, domestic": lambda: tariff(
        economy_named("us15"), weeks=WEEKS, week=9, kind="domestic", announced=True
    ),
    "labour comes back": lambda: Contract(
        economy_named("small:0"),
        shocks=(Shock("labour", 6, 0.8), Shock("labour", 30, 1.0)),
        weeks=60,
    ),
    "no delay": lambda: _on("us15", ChannelLaw(1, EXACT, EXACT)),
    "four weeks late": lambda: _on("us15", ChannelLaw(1, LATE, LATE)),
    "partly covered": lambda: _on("us15", ChannelLaw(1, PARTLY, PARTLY)),
    "noisy, five bits": lambda: _on("us15", ChannelLaw(1, ROUGH, ROUGH)),
    "three rounds": lambda: Contract(generate(1), channel=ROUNDS, weeks=WEEKS),
    "kinds of their own": lambda: _on("us15", KINDS),
    "nothing tacit": lambda: _knowing(KnowledgeLaw(tacit=0.0)),
    "all tacit": lambda: _knowing(KnowledgeLaw(tacit=1.0)),
    "facts move": lambda: _knowing(MOVING),
    "strategic": lambda: _behaving("strategic"),
    "adversarial": lambda: _behaving("adversarial"),
    "backlog": lambda: Contract(
        economy_named("us15"), shocks=(Shock("labour", 6, 0.8),), weeks=WEEKS, backlog=True
    ),
    "made": lambda: Contract(generate(1), weeks=WEEKS),
    "split": lambda: Contract(economy_named("us15:60x30"), weeks=20),
}

VARIED = {f"{name}:{word}": (name, word) for name, words in VARIANTS.items() for word in words}
MECHANISMS: Mapping[str, Callable[[], Any]] = {
    **REGISTRY,
    **{text: partial(REGISTRY[m], **VARIANTS[m][word]) for text, (m, word) in VARIED.items()},
    "static_optimum": StaticOptimum,
    "ai_planner that audits": lambda: ai_planner(audit=0.2),
    "ai_planner that experiments": lambda: ai_planner(probe=0.1),
    "ai_planner once a month": lambda: ai_planner(interval=4),
    "market of slow prices": lambda: market(reprice=0.25),
    "market that misprices": lambda: market(price_error=0.3),
}

# Contract -> what runs under it.
RUNS: Mapping[str, Sequence[str]] = {
    "calm": [*REGISTRY, "static_optimum"],
    "tin": ["market", "ai_planner", *VARIED],
    "oil, announced": ["market", "ai_planner", "static_optimum"],
    "tariff, foreign": ["market", "ai_planner", "five_year_plan", "static_optimum"],
    "tariff, domestic": ["ai_market", "ai_planner", "static_optimum"],
    "labour comes back": [*REGISTRY, "static_optimum"],
    "no delay": ["market", "ai_planner"],
    "four weeks late": ["ai_market", "ai_planner once a month", "five_year_plan"],
    "partly covered": ["federated_market", "ai_planner:in_kind"],
    "noisy, five bits": ["market of slow prices", "ai_planner:own_mix"],
    "three rounds": ["federated_market", "ai_planner"],
    "kinds of their own": ["ai_planner", "five_year_plan:in_kind"],
    "nothing tacit": ["ai_planner", "static_optimum"],
    "all tacit": ["market that misprices", "ai_planner that experiments"],
    "facts move": ["ai_market", "ai_planner", "static_optimum"],
    "strategic": ["market", "ai_planner that audits", "five_year_plan"],
    "adversarial": ["federated_market", "ai_planner"],
    "backlog": ["market", "ai_planner", "five_year_plan"],
    "made": ["ai_market", "ai_planner"],
    "split": [*REGISTRY, "static_optimum"],
}

# Runs that are also played side by side, with the seeds of a batch.
BATCHES = [
    ("tin", "market"),
    ("labour comes back", "federated_market"),
    ("three rounds", "ai_planner"),
    ("strategic", "five_year_plan"),
    ("split", "ai_market"),
    ("tariff, domestic", "static_optimum"),
    ("backlog", "market"),
    ("backlog", "five_year_plan"),
]
SEEDS = (3, 0, 8)


def _on(economy: str, channel: ChannelLaw) -> Contract:
    return Contract(economy_named(economy), channel=channel, weeks=WEEKS)


def _knowing(law: KnowledgeLaw) -> Contract:
    return Contract(economy_named("us15"), law, weeks=WEEKS)


def _behaving(kind: str) -> Contract:
    return Contract(economy_named("us15"), behaviour=BehaviourLaw(kind), weeks=WEEKS)


@cache
def contract_of(name: str) -> Contract:
    """One object for all runs under it."""
    return CONTRACTS[name]()


def play(held: str, name: str, seed: int = SEED) -> Run:
    """One run by itself."""
    return simulate(contract_of(held), MECHANISMS[name](), seed)


def play_batch(held: str, name: str) -> list[Run]:
    """The runs of all seeds side by side."""
    return simulate_many(contract_of(held), MECHANISMS[name](), SEEDS, batch=len(SEEDS))


def record_run(held: str, name: str) -> str:
    """The bits of a run and why it ended; the error if it could not be played."""
    try:
        return describe(play(held, name))
    except Exception as e:
        return f"failed: {type(e).__name__}: {e}"


def record_batch(held: str, name: str) -> dict[str, list[str]]:
    """The bits of runs side by side, and of each by itself."""
    return {
        "together": [describe(run) for run in play_batch(held, name)],
        "alone": [describe(play(held, name, seed)) for seed in SEEDS],
    }


def describe(run: Run) -> str:
    """What has to be equal: all recorded numbers, and why the run ended."""
    return " ".join([run.bits, run.stop.name.lower(), run.reason]).strip()


def main() -> int:
    """Print the package's place, the bits of all runs and those of all batches."""
    found = {
        "package": catallax.__file__,
        "runs": {
            f"{name} on {held}": record_run(held, name) for held in RUNS for name in RUNS[held]
        },
        "batches": {f"{name} on {held}": record_batch(held, name) for held, name in BATCHES},
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
