"""Pictures for papers and slides: SVG made into PNG by the library resvg (`resvg-py`)."""

from typing import Any

from catallax.errors import InputError
from catallax.extras import extra

FONTS = (
    "Arial", "Helvetica", "DejaVu Sans", "Liberation Sans", "Noto Sans", "Segoe UI", "Roboto",
)  # fmt: skip
PROBE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
    '<text y="16" font-family="sans-serif">{}</text></svg>'
)


def png(svg: str, width: int) -> bytes:
    """`svg` as a PNG that is `width` pixels wide.

    Raises MissingExtra where the library is not installed, InputError where this machine has no
    font for the words, which would be left out without a sound.
    """
    draw = _import_library().svg_to_bytes
    return bytes(draw(svg_string=svg, width=width, sans_serif_family=font(draw)))


def font(draw: Any, known: tuple[str, ...] = FONTS) -> str:
    """The first of some sans-serif fonts that leaves anything on the page."""
    for name in known:
        blank, letter = (
            draw(svg_string=PROBE.format(text), sans_serif_family=name) for text in ("", "M")
        )
        if letter != blank:
            return name
    raise InputError(
        f"png: this machine has none of the fonts {', '.join(known)}; install one, such as "
        f"fonts-dejavu-core of Debian, or take the SVG"
    )


def _import_library() -> Any:
    return extra("resvg_py", "pictures as PNG", "png")
