"""Numbers about real economies that are not in the tables, each with its source.

"Read" in a source means that the number was read in a stored public copy of that source; what
was not read is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType
from typing import Final, final


@final
@dataclass(frozen=True)
class Sourced:
    """A number and where it comes from."""

    value: float
    source: str


@final
@dataclass(frozen=True)
class LogNormal:
    """A log-normal distribution, clipped to bounds.

    log_mean, log_sd : mean and standard deviation of the logarithm
    bounds           : draws outside are set to the nearer bound
    """

    log_mean: float
    log_sd: float
    bounds: tuple[float, float]
    source: str


_QUINTILE_SPENDING = (35_046.0, 50_054.0, 66_900.0, 89_972.0, 150_342.0)

QUINTILE_SHARES: Final[tuple[float, ...]] = tuple(
    spent / sum(_QUINTILE_SPENDING) for spent in _QUINTILE_SPENDING
)
"""Shares of household spending of the five quintiles of income before taxes, lowest first.

Source: U.S. Bureau of Labor Statistics, Consumer Expenditure Surveys, table 1101, average
annual expenditures, calendar year **2024** (series CXUTOTALEXPLB0102M to ...0106M). Read; the
lowest and the highest in two independent transcriptions. The row of 2021 could not be read.
It would differ little: the shares of 2012 (22,154, 32,632, 43,004, 59,980, 99,368 dollars,
read) are 0.086, 0.127, 0.167, 0.233, 0.386 and those of 2024 lie within 0.005 of them.
The quintiles are of consumer units, not of persons, and "expenditures" include pension
contributions.
"""


def _find_income_spread() -> float:
    """S.d. of log spending within quintiles of a log-normal with these shares at both ends.

    Its Lorenz curve is L(q) = Phi(Phi^-1(q) - s) (Aitchison & Brown 1957); of the variance s^2,
    what lies between quintiles is the mean square of the quintiles' means.
    """
    normal = NormalDist()
    low, high = QUINTILE_SHARES[0], QUINTILE_SHARES[-1]
    s = 0.5 * (normal.inv_cdf(0.2) - normal.inv_cdf(low))
    s += 0.5 * (normal.inv_cdf(0.8) - normal.inv_cdf(1.0 - high))
    density = [0.0, *(normal.pdf(normal.inv_cdf(k / 5)) for k in range(1, 5)), 0.0]
    between = sum((5 * (density[k] - density[k + 1])) ** 2 for k in range(5)) / 5
    return float(s * (1.0 - between) ** 0.5)


INCOME_SPREAD: Final = Sourced(
    _find_income_spread(),
    "s.d. of log spending within quintiles, of the log-normal whose lowest and highest quintile "
    "have the shares of QUINTILE_SHARES: 0.17, of 0.52 in all",
)
"""Spread of log incomes among the households that stand for one quintile."""

_GOSSELIN = (
    "J. Toner Gosselin, Sector-Specific Substitution and the Effect of Sectoral Shocks "
    "(arXiv 2502.07896), elasticity_estimates.csv of its replication package, "
    "github.com/jacobgosselin/HeterogeousSectoralProduction @53b789f; read"
)

# code: (estimate, standard error). An estimate of 0.0 lies at the estimator's lower bound.
_ESTIMATES = {
    "111CA": (0.357, 0.113),
    "113FF": (0.0, 0.165),
    "211": (0.0, 0.091),
    "212": (0.209, 0.097),
    "213": (0.438, 0.096),
    "22": (0.249, 0.104),
    "23": (0.46, 0.066),
    "311FT": (0.0, 0.217),
    "313TT": (0.504, 0.209),
    "315AL": (1.242, 0.18),
    "321": (0.447, 0.092),
    "322": (0.0, 0.109),
    "323": (0.671, 0.222),
    "324": (0.0, 0.251),
    "325": (0.171, 0.1),
    "326": (0.022, 0.091),
    "327": (0.093, 0.085),
    "331": (0.419, 0.081),
    "332": (0.321, 0.187),
    "333": (0.421, 0.168),
    "334": (0.365, 0.16),
    "335": (0.434, 0.119),
    "3361MV": (0.529, 0.136),
    "3364OT": (0.406, 0.181),
    "337": (0.42, 0.147),
    "339": (0.529, 0.068),
    "42": (0.638, 0.144),
    "441": (0.291, 0.114),
    "445": (0.228, 0.138),
    "452": (0.894, 0.379),
    "481": (0.118, 0.132),
    "482": (0.0, 0.132),
    "483": (0.0, 0.336),
    "484": (0.314, 0.122),
    "485": (0.784, 0.167),
    "486": (0.419, 0.28),
    "487OS": (0.438, 0.156),
    "493": (0.171, 0.165),
    "4A0": (0.63, 0.128),
    "511": (0.985, 0.125),
    "512": (0.71, 0.232),
    "513": (0.832, 0.177),
    "514": (0.532, 0.181),
    "521CI": (0.44, 0.137),
    "523": (0.571, 0.111),
    "524": (1.235, 0.591),
    "525": (0.578, 0.406),
    "532RL": (0.289, 0.11),
    "5411": (0.504, 0.213),
    "5412OP": (0.658, 0.178),
    "5415": (0.847, 0.216),
    "55": (0.675, 0.187),
    "561": (0.388, 0.118),
    "562": (0.119, 0.185),
    "61": (0.436, 0.137),
    "621": (0.812, 0.117),
    "622": (0.049, 0.1),
    "623": (0.205, 0.128),
    "624": (2.817, 0.441),
    "711AS": (0.544, 0.305),
    "713": (0.158, 0.092),
    "721": (0.128, 0.124),
    "722": (0.237, 0.086),
    "81": (0.191, 0.091),
    "HS": (2.272, 0.657),
    "ORE": (0.0, 0.268),
}

SIGMA: Final[Mapping[str, tuple[float, str]]] = MappingProxyType(
    {code: (value, _GOSSELIN) for code, (value, _) in _ESTIMATES.items()}
)
"""Elasticity of substitution between intermediate inputs: BEA summary code -> (value, source).

Estimated by GMM, industry by industry, from yearly changes of the input shares and prices in
the BEA accounts of the same 66 private industries. As published, to three decimals: clip to
`SIGMA_DISTRIBUTION.bounds` before use (eight estimates are 0.0, at the estimator's lower bound;
two, 624 and HS, lie above the upper bound with wide standard errors, see `SIGMA_ERROR`). The five
government industries have no estimate. A preprint, not yet peer reviewed. These elasticities
are between inputs; for inputs against labour no estimates by industry were found that could be
stood behind (Oberfield and Raval 2021 have some for manufacturing plants; not read).
For comparison the same source's estimate common to all industries is 0.290 (0.022).
"""

SIGMA_ERROR: Final[Mapping[str, float]] = MappingProxyType(
    {code: error for code, (_, error) in _ESTIMATES.items()}
)
"""Standard errors of `SIGMA`, from the same file."""

SIGMA_DISTRIBUTION: Final = LogNormal(
    log_mean=-0.9073,
    log_sd=0.6088,
    bounds=(0.05, 1.5),
    source=(
        "moments of the logarithms of those estimates of SIGMA which lie within the bounds; the "
        "bounds are the range of the design: below 0.05 hardly any market or plan can be told "
        "from Leontief, above 1.5 inputs are hardly distinct. The spread includes sampling error"
    ),
)
"""From which the elasticities without an estimate are drawn by seed."""

CONSUMPTION_ELASTICITY: Final = Sourced(
    0.57,
    "household elasticity between sectoral goods 0.568 (standard error 0.080), same file as "
    "SIGMA: " + _GOSSELIN + ". Others: 0.9 in Baqaee and Farhi (2019), from memory",
)
"""Elasticity of substitution of households between goods."""

ARMINGTON: Final = Sourced(
    4.0,
    "between suppliers of one good. Bajzik, Havranek, Irsova and Schwarz (2020), Journal of "
    "International Economics 127, 103383: 3,524 estimates, corrected range 2.5 to 5.1, median "
    "3.8 (abstract read). Simonovska and Waugh (2014), same journal 92, 34-50: trade elasticity "
    "of roughly four (abstract read), which is an elasticity of substitution of about five",
)
"""Elasticity of substitution between suppliers (firms, regions, home and abroad) of one good."""

_RENT_SOURCE = (
    "default of the design; no published share of rent in US surplus was found. For its order "
    "of magnitude see Landefeld and Carson, Accounting for Mineral Resources, Survey of Current "
    "Business, April 1994 (method read, no share taken from it)"
)

RESOURCE_RENT_SHARE: Final[Mapping[str, Sourced]] = MappingProxyType(
    {code: Sourced(0.5, _RENT_SOURCE) for code in ("211", "212")}
)
"""Share of the operating surplus that is rent of the deposit: oil and gas, other mining."""
