"""How fast material balances and Leontief programmes of the size of a national plan are solved.

50,000 producer goods and 5,000 consumer goods with 2,000 inputs each, 110 million coefficients,
is the size that Cockshott & Cottrell (1993) ask of a planner's computer. Drawing the network is
not counted; turning its (technique, input, amount) arrays, in any order, into what the solver
reads is.

    python -m benchmarks.leontief [--goods 50000 --final 5000 --inputs 2000]
"""

import argparse
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import numba
import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

from catallax.kernels.threads import count, over
from catallax.labs.linear_programming import (
    LeontiefPlan,
    Recipes,
    find_gross_output,
    plan_largest_scale,
)
from catallax.labs.linear_programming.passes import Passes

DENSITY = 2_000 / 55_000  # inputs of a recipe as a share of all goods, at any size
RESOURCES = 8
ALTERNATIVES = 0.2  # share of products with a second technique, whose first has a capacity


class Record(NamedTuple):
    """One measured figure."""

    name: str
    value: float
    unit: str
    note: str


@dataclass(frozen=True, eq=False)
class Links:
    """A drawn economy as plain arrays: first techniques of all products, then some second ones."""

    technique: Any
    input: Any  # products, then resources
    amount: Any
    product: Any
    demand: Any
    resource: Any  # (P, RESOURCES)

    @property
    def goods(self) -> int:
        return len(self.demand)

    def recipes(self, capacity: Any = None, supply: Any = None, **kept: Any) -> Recipes:
        """The solver's form."""
        return Recipes.of_links(
            self.technique,
            self.input,
            self.amount,
            demand=self.demand,
            product=self.product,
            capacity=capacity,
            supply=np.ones(RESOURCES) if supply is None else supply,
            **kept,
        )

    def shuffled(self) -> "Links":
        """The same entries in an order that has nothing to do with techniques."""
        size, step = len(self.amount), 48_271
        while np.gcd(size, step) > 1:
            step += 2
        moved = [np.empty_like(a) for a in (self.technique, self.input, self.amount)]
        for old, new in zip((self.technique, self.input, self.amount), moved, strict=True):
            over(size, size, partial(_strided, old, new, step))
        return replace(self, technique=moved[0], input=moved[1], amount=moved[2])


@numba.njit(nogil=True)  # type: ignore[untyped-decorator]
def _strided(old: Any, new: Any, step: int, first: int, stop: int) -> None:
    for k in range(first, stop):
        new[k] = old[k * step % len(old)]


@numba.njit(nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _fill(
    width: int, sellers: int, share: Any, technique: Any, column: Any, amount: Any, a: int, b: int
) -> None:
    """Recipes of rows a to b: one input from each of `width` equal ranges of sellers."""
    for k in range(a, b):
        state = np.uint64(k) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x2545F4914F6CDD1D)
        total = 0.0
        for j in range(width):
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            low, high = sellers * j // width, sellers * (j + 1) // width
            at = k * width + j
            technique[at] = k
            column[at] = low + np.int64((state >> np.uint64(11)) % np.uint64(high - low))
            amount[at] = -np.log(1.0 - float(state >> np.uint64(11)) * 2.0**-53)
            total += amount[at]
        for at in range(k * width, (k + 1) * width):
            amount[at] *= share[k] / total


def draw(goods: int, final: int, inputs: int, *, second: float = 0.0, seed: int = 0) -> Links:
    """An economy in value units: inputs are 40 to 60 % of a product's value, resources the rest.

    goods  : producer goods, which are inputs; final : consumer goods, which are wanted
    second : share of products with a second technique, which takes 15 % more of everything
    """
    r = np.random.default_rng(seed)
    n = goods + final
    extra = np.flatnonzero(r.random(n) < second)
    product = np.concatenate((np.arange(n), extra))
    worse = np.where(np.arange(len(product)) < n, 1.0, 1.15)
    share = r.uniform(0.4, 0.6, len(product))
    resource = r.exponential(size=(len(product), RESOURCES))
    resource *= r.random(resource.shape) < 0.5
    resource[:, 0] += 0.5
    resource *= ((1.0 - share) * worse / resource.sum(axis=1))[:, None]
    who, what = np.nonzero(resource)
    links = len(product) * inputs
    technique, column = np.empty((2, links + len(who)), np.int32)
    amount = np.empty(links + len(who))
    technique[links:], column[links:], amount[links:] = who, n + what, resource[who, what]

    def work(a: int, b: int) -> None:
        _fill(inputs, goods, share * worse, technique, column, amount, a, b)

    over(len(product), links, work)
    demand = np.concatenate((np.zeros(goods), r.lognormal(size=final)))
    return Links(technique, column, amount, product, demand, resource)


def bounds(links: Links, seed: int = 0) -> tuple[Any, Any]:
    """(capacity, supply): both around what demand takes if all is made by first techniques."""
    r = np.random.default_rng([seed, 1])
    n = links.goods
    mine = links.technique < n
    plain = replace(
        links,
        technique=links.technique[mine],
        input=links.input[mine],
        amount=links.amount[mine],
        product=links.product[:n],
    )
    output = find_gross_output(plain.recipes(), tol=1e-6).output
    capacity = np.full(len(links.product), np.inf)
    extra = links.product[n:]
    capacity[extra] = output[extra] * r.uniform(0.3, 1.2, len(extra))
    return capacity, (output @ links.resource[:n]) * r.uniform(0.95, 1.05, RESOURCES)


def balances(
    goods: int, final: int, inputs: int, *, single: bool = False, shuffled: bool = False
) -> list[Record]:
    """Gross outputs for given final demand, assembly included.

    shuffled : whether entries come in no order; if not, recipe by recipe
    """
    links = draw(goods, final, inputs)
    links = links.shuffled() if shuffled else links
    find_gross_output(draw(40, 10, 5).recipes(single=single))  # compiled before the clock starts
    triad = bandwidth()
    begin = time.perf_counter()
    recipes = links.recipes(single=single)
    middle = time.perf_counter()
    found = find_gross_output(recipes)
    end = time.perf_counter()
    read = found.passes * recipes.nbytes
    name = f"balances{', float32' if single else ''}{', shuffled' if shuffled else ''}"
    what = f"{goods} + {final} goods, {inputs} inputs each"
    out = [
        Record(f"{name}: assembly", middle - begin, "s", f"{what}, {count()} threads"),
        Record(f"{name}: solution", end - middle, "s", f"{found.passes:.0f} passes"),
        Record(f"{name}: both", end - begin, "s", "from arrays in memory to gross outputs"),
        Record(f"{name}: coefficients", recipes.entries, "", f"{recipes.nbytes / 1e9:.2f} GB"),
        Record(f"{name}: read", read / 1e9, "GB", "coefficients and columns, all passes"),
        Record(
            f"{name}: bandwidth",
            read / (end - middle) / triad,
            "of triad",
            f"triad {triad / 1e9:.1f} GB/s in this run",
        ),
        Record(f"{name}: worst product's shortfall", found.shortfall, "share", "of its uses"),
        Record(f"{name}: error", found.error, "share", "bound on outputs, from column sums"),
    ]
    if single:
        exact = find_gross_output(links.recipes()).output
        some = exact > 0
        worst = float(np.max(np.abs(found.output[some] / exact[some] - 1.0)))
        out.append(Record(f"{name}: cost", worst, "share", "worst output against float64"))
    return out


def bandwidth() -> float:
    """Bytes a second of a STREAM triad on as many threads as the kernels use."""
    a, b, c = np.zeros(1 << 25), np.ones(1 << 25), np.ones(1 << 25)
    _triad(a, b, c, 0, 1)
    work = partial(_triad, a, b, c)
    return max(3 * a.nbytes / _seconds(lambda: over(len(a), len(a), work))[0] for _ in range(3))


@numba.njit(nogil=True)  # type: ignore[untyped-decorator]
def _triad(a: Any, b: Any, c: Any, first: int, stop: int) -> None:
    for i in range(first, stop):
        a[i] = b[i] + 3.0 * c[i]


def direct(sizes: Sequence[int], target: int = 55_000) -> list[Record]:
    """scipy's sparse direct solve against passes, at equal sizes, density and data."""
    out, took = [], []
    for n in sizes:
        goods = n * 10 // 11
        links = draw(goods, n - goods, max(2, round(DENSITY * n)))
        size = (n, n)
        slow, x = _seconds(lambda: _spsolve(links, size))  # noqa: B023
        fast, y = _seconds(lambda: find_gross_output(links.recipes()).output)  # noqa: B023
        apart = float(np.max(np.abs(x - y)[y > 0] / y[y > 0]))
        took.append(slow)
        out += [
            Record(f"direct: scipy spsolve at {n}", slow, "s", "assembly included"),
            Record(f"direct: passes at {n}", fast, "s", f"worst output apart by {apart:.0e}"),
            Record(f"direct: ratio at {n}", slow / fast, "x", "same data, same run"),
        ]
    if len(sizes) > 1:
        power = np.log(took[-1] / took[-2]) / np.log(sizes[-1] / sizes[-2])
        guess = took[-1] * (target / sizes[-1]) ** power
        note = f"extrapolated from {sizes[-1]} with exponent {power:.2f}; not run"
        out.append(Record(f"direct: scipy spsolve at {target}", guess, "s", note))
    return out


def _spsolve(links: Links, size: tuple[int, int]) -> Any:
    mine = links.input < size[0]
    entries = links.amount[mine], (links.input[mine], links.technique[mine])
    a = sparse.coo_matrix(entries, shape=size)
    return spsolve((sparse.eye(size[0]) - a).tocsc(), links.demand)


def _seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    done = work()
    return time.perf_counter() - begin, done


def programme(goods: int, final: int, inputs: int, *, method: str = "iterate") -> list[Record]:
    """The largest scale of final demand under resources and capacities, with its gap."""
    links = draw(goods, final, inputs, second=ALTERNATIVES)
    capacity, supply = bounds(links)
    assembly, recipes = _seconds(lambda: links.recipes(capacity, supply))
    solution, plan = _seconds(lambda: plan_largest_scale(recipes, method=method))
    name = f"programme ({method})"
    return [
        Record(f"{name}: assembly", assembly, "s", f"{recipes.entries} coefficients"),
        Record(
            f"{name}: solution", solution, "s", f"{plan.rounds} rounds, {plan.passes:.0f} passes"
        ),
        Record(f"{name}: scale", plan.scale, "", _binding(recipes, plan)),
        Record(f"{name}: gap", plan.gap, "share", "bound proved by prices / repaired plan - 1"),
        Record(f"{name}: shortfall", plan.shortfall.worst, "share", "of the plan, carried out"),
        Record(
            f"{name}: shortfall before repair", plan.found.worst, "share", "as the method left it"
        ),
    ]


def _binding(recipes: Recipes, plan: LeontiefPlan) -> str:
    full = int(np.sum(plan.activity >= recipes.capacity * (1 - 1e-7)))
    used = Passes(recipes).use(plan.activity)[recipes.products :]
    binds = int(np.sum(used >= recipes.supply * (1 - 1e-7)))
    idle = int(np.sum(plan.activity <= 1e-9))
    return f"{binds} of {RESOURCES} resources and {full} capacities bind; {idle} techniques idle"


def measure(
    goods: int = 50_000,
    final: int = 5_000,
    inputs: int = 2_000,
    sizes: Sequence[int] = (1_000, 2_000, 4_000),
    checks: Sequence[int] = (1_000,),
) -> list[Record]:
    """All figures: balances and programme at the given size, peers at the sizes they can do."""
    size = (goods, final, inputs)
    out = balances(*size) + balances(*size, shuffled=True) + balances(*size, single=True)
    out += direct(sizes, goods + final)
    for n in checks:
        small = (n * 10 // 11, n - n * 10 // 11, max(2, round(DENSITY * n)))
        out += [
            record._replace(name=f"{record.name} at {n}")
            for method in ("highs", "iterate")
            for record in programme(*small, method=method)
        ]
    return out + programme(*size)


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--goods", type=int, default=50_000)
    parser.add_argument("--final", type=int, default=5_000)
    parser.add_argument("--inputs", type=int, default=2_000)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 2_000, 4_000])
    parser.add_argument("--checks", type=int, nargs="*", default=[500, 1_000])
    asked = parser.parse_args()
    print(f"{platform.machine()}, {count()} threads, numpy {np.__version__}")
    for record in measure(asked.goods, asked.final, asked.inputs, asked.sizes, asked.checks):
        print(f"{record.name:45} {record.value:12.4g} {record.unit:9} {record.note}", flush=True)


if __name__ == "__main__":
    main()
