"""What goes to disk: plain values as strict JSON, and text whole or not at all."""

import json
from pathlib import Path

from catallax.experiments import Comparison


def to_json(comparison: Comparison) -> str:
    """The comparison as strict JSON: no NaN, what is undefined is null with a reason."""
    return json.dumps(comparison.to_dict(), indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def write_whole(path: Path, content: str | bytes) -> None:
    """Write `content` to `path`; a reader sees the old file or the new one, never half of it."""
    half = path.with_name(path.name + ".part")
    try:
        half.write_bytes(content.encode() if isinstance(content, str) else content)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
