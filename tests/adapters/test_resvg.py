"""Pictures as PNG: words are on them, or it is said why not."""

import sys

import pytest

from catallax.adapters import resvg
from catallax.errors import InputError, MissingExtra

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<text y="16" font-family="system-ui, sans-serif">{}</text></svg>'
)


def test_words_are_drawn():
    assert resvg.png(PICTURE.format("tin"), 80) != resvg.png(PICTURE.format(""), 80)


def test_no_font_is_told_and_not_a_picture_without_words():
    def blind(**_):
        return b"blank"

    with pytest.raises(InputError, match=r"none of the fonts Arial.*install one"):
        resvg.font(blind)


def test_the_library_is_named_where_it_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[png\]"'):
        resvg.png(PICTURE, 80)


def test_the_first_font_that_is_there_is_taken():
    def draws(svg_string, sans_serif_family):
        return b"M" if "M" in svg_string and sans_serif_family == "Noto Sans" else b""

    assert resvg.font(draws) == "Noto Sans"
