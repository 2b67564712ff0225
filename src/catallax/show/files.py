"""What goes to disk: plain values as strict JSON, and text whole or not at all."""

import json
from pathlib import Path

from catallax.study import Comparison
from catallax.whole import put_whole


def to_json(comparison: Comparison) -> str:
    """The comparison as strict JSON: no NaN, what is undefined is null with a reason."""
    return json.dumps(comparison.to_dict(), indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def write_whole(path: Path, content: str | bytes) -> None:
    """Write `content` to `path`; a reader sees the old file or the new one, never half of it."""
    put_whole(path, content.encode() if isinstance(content, str) else content)
