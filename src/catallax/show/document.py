"""One HTML document: it opens anywhere, asks for nothing, and runs no code but its own."""

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from string import Template

from catallax.show.markup import Raw, paragraph, tag

Section = tuple[str, str, Raw]
"""Key, which is its id, heading, and what stands below."""


def build_document(
    title: str,
    subtitle: str,
    story: str,
    sections: Sequence[Section],
    *,
    css: str = "",
    js: str | None = None,
    data: str = "",
) -> str:
    """A whole page.

    story : HTML between title and contents
    css   : rules beside those of all pages
    js    : its script; None for the read-outs of charts
    data  : HTML of data blocks for the script
    """
    style = f"\n{read_part('page.css')}{css}\n"
    script = f"\n{read_part('page.js') if js is None else js}\n"
    return Template(read_part("page.html")).substitute(
        title=tag("span", title),
        head=tag("title", f"{title} – Catallax"),
        policy=_write_policy(style, script),
        subtitle=paragraph(subtitle, class_="subtitle"),
        story=story,
        contents=_list_contents(sections),
        sections="\n".join([*(_make_section(*s) for s in sections), data]),
        css=style,
        js=script,
    )


def box_findings(said: Sequence[str]) -> Raw:
    """The finding, in a box."""
    return tag("div", tag("h2", "In numbers"), *map(paragraph, said), class_="finding")


def read_part(name: str, package: str = "catallax.show") -> str:
    """A part of pages that stands in a file of its own."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def _write_policy(style: str, script: str) -> str:
    """What the browser may do: use this style and this script, and ask for nothing."""
    return (
        f"default-src 'none'; style-src {_hash_text(style)}; script-src {_hash_text(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash_text(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _list_contents(sections: Sequence[Section]) -> Raw:
    links = (tag("li", tag("a", heading, href=f"#{key}")) for key, heading, _ in sections)
    return tag("nav", tag("ol", *links), aria_label="Contents")


def _make_section(key: str, heading: str, inside: Raw) -> Raw:
    return tag("section", tag("h2", heading), inside, id=key)
