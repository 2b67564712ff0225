"""The frontier for people: a table in the terminal, a picture, and a page to explore."""

from collections.abc import Sequence

from catallax.renamed import hand_out_old_names
from catallax.show.frontier.heat import draw_stand_alone
from catallax.show.frontier.page import build_map_page
from catallax.show.frontier.terminal import write_map_text
from catallax.show.frontier.tiles import make_heat
from catallax.study.frontier import Map, MapBorder

__all__ = ["build_map_page", "draw_map", "draw_stand_alone", "write_map_text"]


def draw_map(found: Map, borders: Sequence[MapBorder]) -> str:
    """The map as a stand-alone SVG on white, for documents and papers."""
    return draw_stand_alone(make_heat(found, borders))


hand_out_old_names(__name__)
