"""Who wins where: the map of two axes, its border, and how a market's gains decide its fate."""

from catallax.renamed import hand_out_old_names
from catallax.study.frontier.border import Crossing, MapBorder, find_border, find_borders
from catallax.study.frontier.map import Map, ParetoPoint, overall_pareto_points, pareto_points
from catallax.study.frontier.results import CellResult
from catallax.study.frontier.scale import Scale, make_scale
from catallax.study.frontier.sentence import describe_border
from catallax.study.frontier.stability import GAINS, Fate, Stability, gain_scale, map_stability
from catallax.study.frontier.survey import Question, survey

__all__ = [
    "GAINS",
    "CellResult",
    "Crossing",
    "Fate",
    "Map",
    "MapBorder",
    "ParetoPoint",
    "Question",
    "Scale",
    "Stability",
    "describe_border",
    "find_border",
    "find_borders",
    "gain_scale",
    "make_scale",
    "map_stability",
    "overall_pareto_points",
    "pareto_points",
    "survey",
]

hand_out_old_names(__name__)
