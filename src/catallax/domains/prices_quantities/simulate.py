"""One run: costs are drawn, the centre speaks, plants answer, and nature counts."""

import time
from dataclasses import dataclass, replace
from math import log2
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.prices_quantities.contract import PlantsContract
from catallax.domains.prices_quantities.curves import compute_welfare, find_best_output
from catallax.domains.prices_quantities.mechanisms import (
    EXCHANGE,
    Announcement,
    CommonKnowledge,
    FullInformation,
    Instrument,
    PlantView,
    TradedInstrument,
)
from catallax.domains.prices_quantities.run import (
    MessageFlows,
    PlantsMeter,
    PlantsRun,
    PlantsStop,
)
from catallax.errors import InputError
from catallax.protocol import domain_named, identity_of
from catallax.protocol.mechanism_names import mechanism_named
from catallax.protocol.sealed import frozen, sealed
from catallax.streams import Streams

NUMBER = 64  # bits: what is announced arrives exactly, as the double that the centre set


def simulate(contract: PlantsContract, mechanism: Any, seed: int) -> PlantsRun:
    """One run, a pure function of its arguments and the code.

    mechanism : an `Instrument`, the oracle, or the name of one

    Raises InputError for what is none of these and for a seed below 0.
    """
    began = time.perf_counter()
    if isinstance(mechanism, str):
        mechanism = mechanism_named(mechanism, domain_named(contract.domain))
    if not isinstance(mechanism, Instrument | FullInformation):
        raise InputError(
            f"mechanism: {type(mechanism).__name__} is no mechanism of {contract.domain}; give a "
            f"name such as 'price', or an Instrument"
        )
    costs = draw_costs(contract, seed)
    answer = respond(contract, mechanism, costs)
    name, settings = identity_of(mechanism)
    run = PlantsRun(contract, name, settings, seed, isinstance(mechanism, FullInformation))
    if answer.stop is not PlantsStop.COMPLETED:
        run = replace(run, stop=answer.stop, reason=answer.reason)
    else:
        run = _record_series(run, answer, costs)
    return replace(run, seconds=time.perf_counter() - began)


def draw_costs(contract: PlantsContract, seed: int) -> Floats:
    """(weeks, plants) marginal costs at base-year output, the same for every mechanism.

    A plant's draws stay the same when other plants are added.
    """
    streams, curves = Streams(seed), contract.curves
    weeks, plants = contract.weeks, contract.plants
    own = streams.normal("own cost", plants * weeks).reshape(plants, weeks).T
    common = streams.normal("common cost", weeks) if contract.correlation else np.zeros(weeks)
    mixed = np.sqrt(contract.correlation) * common[:, None]
    mixed = mixed + np.sqrt(1.0 - contract.correlation) * own
    return np.asarray(curves.cost[:, None] + curves.sigma[:, None] * mixed)


@final
@dataclass(frozen=True, eq=False)
class PlantsResponse:
    """What a mechanism made of costs.

    output    : (weeks, plants)
    announced : what the centre said
    exchange  : what the exchange answered, (weeks,); None where nothing is traded
    stop      : `COMPLETED`, or which verb broke the rules, and reason how
    """

    output: Floats
    announced: Announcement
    exchange: Floats | None = None
    stop: PlantsStop = PlantsStop.COMPLETED
    reason: str = ""


def respond(
    contract: PlantsContract, mechanism: Instrument | FullInformation, costs: Floats
) -> PlantsResponse:
    """What a mechanism makes of costs (weeks, plants). Only the oracle is shown them whole."""
    curves, shape = contract.curves, costs.shape
    if isinstance(mechanism, FullInformation):
        return PlantsResponse(mechanism.choose(curves, costs), {})
    announced = dict(mechanism.announce(gather_common_knowledge(contract)))
    for name, values in announced.items():
        taken = name == EXCHANGE and isinstance(mechanism, TradedInstrument)
        why = "is the exchange's number" if taken else _find_fault(values, (contract.weeks,))
        if why:
            return PlantsResponse(costs, {}, None, PlantsStop.BAD_ANNOUNCEMENT, f"{name} {why}")
        announced[name] = values.copy()  # what is handed over can be changed by nobody
    heard = {name: _tell_all(values, shape) for name, values in announced.items()}
    view, exchange = PlantView(frozen(costs), _tell_all(curves.cost_slope, shape), heard), None
    if isinstance(mechanism, TradedInstrument):
        bids = mechanism.bid(view)
        why = _find_fault(bids, shape)
        if why:
            return PlantsResponse(costs, {}, None, PlantsStop.BAD_BID, why)
        exchange = bids.mean(axis=1)
        view = replace(view, heard={**heard, EXCHANGE: _tell_all(exchange, shape)})
    output = mechanism.act(view)
    why = _find_fault(output, shape)
    if why:
        return PlantsResponse(costs, announced, exchange, PlantsStop.BAD_ACT, why)
    return PlantsResponse(output.copy(), announced, exchange)


def _tell_all(values: Floats, shape: tuple[int, ...]) -> Floats:
    """(weeks, plants) the values (weeks,) as every plant hears them, sealed."""
    return sealed(np.broadcast_to(values[:, None], shape))


def gather_common_knowledge(contract: PlantsContract) -> CommonKnowledge:
    """What everybody knows, announced shocks included."""
    return CommonKnowledge(
        contract.weeks, contract.plants, contract.correlation, contract.public_curves
    )


def _find_fault(values: Any, shape: tuple[int, ...]) -> str:
    """What is wrong with an announced number or an answer; "" if nothing."""
    if type(values) is not np.ndarray or values.dtype != np.float64:
        return f"is {type(values).__name__}, expected an array of float64"
    if values.shape != shape:
        return f"has shape {values.shape}, expected {shape}"
    finite = np.isfinite(values)
    if finite.all():
        return ""
    bad = np.argwhere(~finite)
    where = f"week {bad[0][0]}" + (f" for plant {bad[0][1]}" if len(shape) > 1 else "")
    return f"is {values[tuple(bad[0])]} in {where}"


def _record_series(run: PlantsRun, answer: PlantsResponse, costs: Floats) -> PlantsRun:
    """The run with what came of it."""
    contract, curves, output = run.contract, run.contract.curves, answer.output
    quota = contract.public_curves.best_quota(contract.plants)
    heard = {**answer.announced}
    if answer.exchange is not None:
        heard[EXCHANGE] = answer.exchange
    series = {
        "output": output,
        "marginal_cost": costs + curves.cost_slope[:, None] * output,
        "marginal_benefit": curves.benefit + curves.benefit_slope * output.sum(axis=1),
        "welfare": compute_welfare(curves, costs, output),
        "best": compute_welfare(curves, costs, find_best_output(curves, costs)),
        "planned": compute_welfare(curves, costs, _tell_all(quota, costs.shape)),
        **{f"heard_{name}": values for name, values in heard.items()},
    }
    traded, weeks = answer.exchange is not None, contract.weeks
    deliveries, traffic = _count_messages(contract.plants, len(answer.announced), traded)
    meter = _meter_by_kind(contract, len(answer.announced), traded)
    return replace(
        run, series=series, deliveries=weeks * deliveries, traffic=weeks * traffic, meter=meter
    )


def _count_messages(plants: int, announced: int, traded: bool) -> tuple[int, float]:
    """Messages and bits a week: the announcement, and with trade bids and the price they make.

    The exchange has to tell the bidders apart.
    """
    told = plants * bool(announced), float(plants * announced * NUMBER)
    if not traded:
        return told
    return told[0] + 2 * plants, told[1] + plants * (2 * NUMBER + log2(plants))


def _meter_by_kind(contract: PlantsContract, announced: int, traded: bool) -> PlantsMeter:
    """The same by kind of message, sent and delivered, over the whole run."""
    weeks, plants = contract.weeks, contract.plants
    all_hear = weeks * plants
    kinds: dict[str, MessageFlows] = {}
    if announced:
        bits = announced * NUMBER
        kinds["announcement"] = MessageFlows(weeks, all_hear, weeks * bits, all_hear * bits)
    if traded:
        heard = all_hear * (NUMBER + log2(plants))
        kinds["bid"] = MessageFlows(all_hear, all_hear, all_hear * NUMBER, heard)
        kinds["exchange price"] = MessageFlows(weeks, all_hear, weeks * NUMBER, all_hear * NUMBER)
    return PlantsMeter(kinds)
