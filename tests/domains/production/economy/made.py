"""An economy of every maker, what their numbers are, and what they were made from.

    python -m tests.domains.production.economy.made --update

writes made.json beside this file. Do it when a maker's numbers were changed on purpose: raise its
VERSION first, and say in the changelog that results and hashes have changed.
"""

import json
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import numpy as np

from catallax.domains.production.economy import (
    Economy,
    RegionalTable,
    calibrate,
    economy_named,
    from_regions,
    from_table,
    generate,
    read_table,
)
from catallax.domains.production.economy.tables import InputOutputTable

FILE = Path(__file__).with_name("made.json")
BUILT_IN = (
    "us15", "us71", "synthetic:1", "small:0", "town:20", "us15:60x30", "us15:sigma=0.5",
    "synthetic:3:90x9:sigma=2",
)  # fmt: skip
# Every table is a little out of balance, so that balancing computes something.
VILLAGE = """\
product,name,farm,mill,consumption,investment,exports,imports
farm,Farming,10,30,50.3,0,20,10
mill,Milling,20,10,70,10.1,0,0
compensation,,40,40,,,,
taxes,,-2,4,,,,
surplus,,32,26,,,,
"""
KINGDOM = """\
region,sector,north,north,south,south,north,south
,,farm,mill,farm,mill,consumption,consumption
north,farm,2,4,1,1,9.05,3
north,mill,3,2,2,3,8,4
south,farm,1,2,3,3,2,7
south,mill,2,2,1,2,3,8
value added,compensation,7,7,7,5,,
value added,taxes,0,1,-1,0,,
value added,surplus,5,4,5,4,,
"""
UNDIVIDED = KINGDOM.split("value added,comp")[0] + "value added,total,12,12,11,9,,\n"
USE = """\
product,i,j,consumption,exports,imports
a,5,0,3.02,0,0
b,0,2,4,0,0
compensation,3,1,,,
taxes,0,0,,,
surplus,2,1,,,
"""
FILES: Mapping[str, str] = {
    "village.csv": VILLAGE,
    "kingdom.csv": KINGDOM,
    "undivided.csv": UNDIVIDED,
    "pair/use.csv": USE,
    "pair/make.csv": "industry,a,b\ni,8,2\nj,0,4\n",
    "hamlet.toml": 'table = "village.csv"\ndeposits = ["mill"]\nlead = 1\nseed = 3\n',
    "fine.toml": 'table = "kingdom.csv"\nfirms = 30\nhouseholds = 20\nseed = 4\ndecay = 0.1\n',
}
USERS = ("village.csv", "kingdom.csv", "undivided.csv", "pair", "hamlet.toml", "fine.toml")


def written(folder: Path) -> Path:
    """The folder with all of a user's files in it."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def system(**cells: Any) -> SimpleNamespace:
    """A multi-region system as `pymrio` has them; `cells` are its parts' numbers."""
    at = [("north", "farm"), ("south", "farm")]
    given = {"Z": [[1, 2], [3, 1]], "Y": [[5, 2.01], [2, 4]], "VA": [[6, 7]], **cells}

    def frame(index: list[Any], columns: list[Any], values: Any) -> SimpleNamespace:
        return SimpleNamespace(index=index, columns=columns, values=np.array(values, dtype=float))

    users = [("north", "use"), ("south", "use")]
    value = SimpleNamespace(F=frame(["total"], at, given["VA"])) if given["VA"] else None
    return SimpleNamespace(
        Z=frame(at, at, given["Z"]), Y=frame(at, users, given["Y"]), value_added=value
    )


def world(**cells: Any) -> RegionalTable:
    """The table of that system."""
    found = read_table(system(**cells), name="world")
    assert isinstance(found, RegionalTable)
    return found


def table(**other: Any) -> InputOutputTable:
    """A table that is given in Python, in balance."""
    given: dict[str, Any] = {
        "flow": [[10, 30], [20, 10]], "final": [[50, 0], [70, 10]], "exports": [20, 0],
        "imports": [10, 0], "compensation": [40, 40], "taxes": [-2, 4], "surplus": [32, 26],
        "users": ("consumption", "investment"),
    }  # fmt: skip
    return InputOutputTable("by hand", ("farm", "mill"), ("Farming", "Milling"), **given | other)


def calibrated(**other: Any) -> Economy:
    """An economy whose numbers are given in Python."""
    e = generate(2, products=3, firms=1, households=2, inputs=2)
    net, t, spending = e.network, e.technology, [60.0, 40.0]
    share = np.round(t.share, 3)  # whose last bits do not hang on how they were computed
    share /= np.bincount(net.buyer, weights=share, minlength=net.n)[net.buyer]
    parts = {"gamma": np.where(t.gamma < 1, 0.75, 1.0), "sigma": np.full(net.n, 0.5)}
    parts |= {"eps": np.full(net.n, 4.0), "decay": e.decay, "lead": e.lead}
    given = {"share": share, "spending": np.array(spending), **parts}
    return calibrate("calibrated", net, **given | other)


def makers(folder: Path) -> dict[str, Callable[[], Economy]]:
    """Every economy by what it is called here; `folder` holds the user's files."""
    named = {name: name for name in BUILT_IN} | {name: str(folder / name) for name in USERS}
    return {
        **{key: partial(economy_named, name) for key, name in named.items()},
        "mrio": lambda: from_regions(world()),
        "mrio without value added": lambda: from_regions(world(VA=None)),
        "by hand": lambda: from_table(table(), lending=True),
        "calibrated": calibrated,
    }


def numbers(e: Economy) -> dict[str, Any]:
    """Numbers in which a change of anything would show; the digest beside them."""
    t, net = e.technology, e.network
    row = np.cos(np.arange(net.n))  # a change that keeps a sum does not keep this one
    parts = {"gamma": t.gamma, "sigma": t.sigma, "eps": t.eps, "z": t.z, "decay": e.decay}
    parts |= {"capital": np.log(t.K), "output": e.output / e.scale, "supply": t.supply / e.scale}
    income = e.income / e.scale
    return {
        "digest": e.digest,
        "rows": net.n,
        "links": net.m,
        "scale": e.scale,
        "income": float(income @ row[: len(income)]),
        "weight": float(e.weight @ row[: len(income)]),
        "flow": float(e.flow @ np.cos(np.arange(net.m))) / e.scale,
        "graph": float(np.cos(net.buyer + 2.0 * net.good + 3.0 * net.seller).sum()),
        "kept": float(t.kept.sum()),
        "lead": int(e.lead.sum()),
        **{k: float(v @ row) for k, v in parts.items()},
    }


def stored() -> dict[str, dict[str, Any]]:
    """What made.json says."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Write made.json, or print what has moved."""
    with TemporaryDirectory() as folder:
        new = {key: numbers(make()) for key, make in makers(written(Path(folder))).items()}
    if "--update" in sys.argv[1:]:
        FILE.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8", newline="\n")
    old = stored()
    for name, found in new.items():
        for what, value in found.items():
            if old.get(name, {}).get(what) != value:
                print(f"{name}, {what}: {old.get(name, {}).get(what)} -> {value}")


if __name__ == "__main__":
    main()
