"""Virtual environments of peers, each with pinned versions, made when first asked for."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import final

# What each peer's script needs. `bamengine` with Numba, its fastest form; the plain one is a
# setting of the same package.
PINS = {
    "mesa_market": ("mesa==3.3.1", "numpy==2.4.6"),
    "bam": ("bamengine[fast]==0.10.2", "numpy==2.4.6"),
    "highs": ("highspy==1.16.0", "numpy==2.4.6"),
}
DEFAULT = Path.home() / ".cache" / "catallax" / "benchmarks"


@final
@dataclass(frozen=True)
class Envs:
    """Where the environments lie."""

    folder: Path = DEFAULT

    def place(self, peer: str) -> Path:
        """The folder of a peer's environment; other pins or another Python are another folder."""
        pins = [*PINS[peer], ".".join(map(str, sys.version_info[:2]))]
        return self.folder / f"{peer}-{hashlib.sha256(repr(pins).encode()).hexdigest()[:8]}"

    def made(self, peer: str) -> bool:
        """Whether the environment is there."""
        return (self.place(peer) / "ready").exists()

    def python(self, peer: str, tell: Callable[[str], None]) -> Path:
        """The peer's interpreter; makes the environment if it is not there."""
        place = self.place(peer)
        python = place / "bin" / "python"
        if not self.made(peer):
            tell(f"installing {', '.join(PINS[peer])}")
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, *PINS[peer]], check=True)
            (place / "ready").write_text("\n".join(PINS[peer]))
        return python
