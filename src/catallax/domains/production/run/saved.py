"""A run as one file and back. All that is read is checked, and sizes before room is made for them.

The file is a zip of arrays, as NumPy writes them, and a head in JSON. The head holds the run's
hash, its bits and a seal, a hash of all else in the file: `Run.hash` does not hang on what was
recorded, nor `Run.bits` on why the run stopped.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from math import isfinite, prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from catallax.domains.production.economy import Economy
from catallax.domains.production.knowledge import Meter, Traffic
from catallax.domains.production.run.contract import Contract
from catallax.errors import InputError
from catallax.whole import Unreadable, appearing, opened

if TYPE_CHECKING:
    from catallax.domains.production.run.record import Run, Stop

Arrays = dict[str, npt.NDArray[Any]]

HEAD, SEAL = "head", "seal"
KEPT = ("series", "sampled")  # parts of a run that are arrays by name
PLACES = ("rows", "links")
LARGEST_HEAD = 64 << 20  # bytes
MOST_NAMES = 1000
BESIDE = 1000  # numbers a week beyond one for each row and link
FITS = {
    "oracle": bool, "stop": str, "reason": str, "seconds": float, "meter": dict, "contract": dict,
    "identity": list,
}  # fmt: skip


def save_run(run: "Run", path: Path | str) -> None:
    """Write the run to one .npz file, whole or not at all; OSError where it cannot be written."""
    arrays: Arrays = {"rows": run.rows, "links": run.links}
    for part in KEPT:
        arrays |= {f"{part}/{name}": value for name, value in getattr(run, part).items()}
    head = {
        "contract": run.contract.to_dict(),
        "identity": [run.mechanism, dict(run.settings), run.seed, dict(run.versions)],
        "oracle": run.oracle,
        "stop": run.stop.name,
        "reason": run.reason,
        "meter": _write_meter(run.meter),
        "starting": _write_meter(run.starting),
        "seconds": run.seconds,
        "hash": run.hash,
        "bits": run.bits,
    }
    text = json.dumps(head | {SEAL: _hash_whole(head, arrays)}).encode()
    with appearing(Path(path)) as file:
        np.savez_compressed(file, head=np.frombuffer(text, np.uint8), **arrays)  # type: ignore[arg-type]


def _write_meter(meter: Meter) -> dict[str, Any]:
    return {kind: asdict(traffic) for kind, traffic in meter.kinds.items()}


def _read_meter(plain: Mapping[str, Any]) -> Meter:
    return Meter({kind: Traffic(**flows) for kind, flows in plain.items()})


def load_run(
    path: Path | str, economy: Economy | None, make: "type[Run]", stops: "type[Stop]"
) -> "Run":
    """The run that `save_run` wrote, made by its class with one of the reasons for stopping.

    Raises InputError for a file that is missing, is no saved run or was changed since.
    """
    try:
        with opened(Path(path)) as file, zipfile.ZipFile(file) as archive:
            return _read_run(archive, economy, make, stops)
    except InputError as e:
        raise InputError(f"{path}: {e}") from e
    except Unreadable as e:
        raise InputError(f"{path}: not a saved run: it {e}") from e
    except Exception as e:  # of zip, zlib, NumPy's header, JSON: each has its own
        why = f"{type(e).__name__}: {e}"
        raise InputError(f"{path}: not a saved run ({why}); expected a file of Run.save") from e


def _read_run(
    archive: zipfile.ZipFile, economy: Economy | None, make: "type[Run]", stops: "type[Stop]"
) -> "Run":
    members = _list_members(archive)
    head = _read_head(archive, members)
    contract = Contract.from_dict(head["contract"], economy)
    arrays = {
        name: _read_array(archive, info, _make_check(name, contract))
        for name, info in members.items()
        if name != HEAD
    }
    mechanism, settings, seed, made_with = head["identity"]
    series, sampled = ({n: arrays[f"{p}/{n}"] for n in _list_under(arrays, p)} for p in KEPT)
    run = make(
        contract,
        mechanism,
        settings,
        seed,
        head["oracle"],
        stops[head["stop"]],
        head["reason"],
        arrays["rows"],
        arrays["links"],
        series,
        _read_meter(head["meter"]),
        sampled,
        made_with,
        head["seconds"],
        _read_meter(head.get("starting", {})),
    )
    _check_whole(run, head, arrays)
    return run


def _list_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Name of each array -> where it stands in the file."""
    found: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        known = name in (HEAD, *PLACES) or name.partition("/")[0] in KEPT
        if not known or name in found or len(found) == MOST_NAMES:
            raise ValueError(f"holds {info.filename!r}")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{info.filename!r} is compressed in another way")
        found[name] = info
    for name in (HEAD, *PLACES):
        if name not in found:
            raise ValueError(f"holds no {name}")
    return found


ShapeCheck = Callable[[np.dtype[Any], tuple[int, ...]], bool]


def _read_array(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, fits: ShapeCheck
) -> npt.NDArray[Any]:
    """One array; its type and shape are looked at before room is made for it."""
    with archive.open(info) as file:
        version = np.lib.format.read_magic(file)
        if version != (1, 0):
            raise ValueError(f"{info.filename!r} has a head of version {version}")
        shape, by_column, kind = np.lib.format.read_array_header_1_0(file)
        size = prod(shape) * kind.itemsize
        if not fits(kind, shape) or file.tell() + size != info.file_size:
            raise ValueError(f"{info.filename!r} has the type {kind} and the shape {shape}")
        found = np.frombuffer(bytearray(file.read(size)), kind)
        if file.read(1):
            raise ValueError(f"{info.filename!r} is longer than its head says")
    return found.reshape(shape[::-1]).T if by_column else found.reshape(shape)


def _read_head(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> dict[str, Any]:
    def fits(kind: np.dtype[Any], shape: tuple[int, ...]) -> bool:
        return kind == np.uint8 and len(shape) == 1 and shape[0] <= LARGEST_HEAD

    text = bytes(_read_array(archive, members[HEAD], fits))
    found: Any = json.loads(text, parse_constant=_refuse_constant)
    head: dict[str, Any] = found if isinstance(found, dict) else {}
    for name, kind in FITS.items():
        if type(head.get(name)) is not kind:
            raise ValueError(f"its head has no {name} of type {kind.__name__}")
    mechanism, settings, seed, made_with = head["identity"]
    for value, kind in ((mechanism, str), (settings, dict), (seed, int), (made_with, dict)):
        if type(value) is not kind:
            raise ValueError(f"its identity has {value!r}")
    meters = (head["meter"], head.get("starting", {}))  # files of before have but one
    flows = [flow for meter in meters for kind in meter.values() for flow in kind.values()]
    if not all(type(flow) in (int, float) and isfinite(flow) for flow in flows):
        raise ValueError("its meter holds something that is no number")
    return head


def _refuse_constant(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def _make_check(name: str, contract: Contract) -> ShapeCheck:
    """What type and shape an array may have under a contract."""
    net, weeks = contract.economy.network, contract.weeks
    kept = weeks + contract.settle

    def fits(kind: np.dtype[Any], shape: tuple[int, ...]) -> bool:
        if name in PLACES:
            most = net.n if name == "rows" else net.m
            return kind == np.int64 and len(shape) == 1 and shape[0] <= most
        if prod(shape) > kept * (net.n + net.m + BESIDE) or not 1 <= len(shape) <= 3:
            return False
        return kind == np.float64 and (shape[0] <= weeks or not name.startswith("series/"))

    return fits


def _list_under(names: Mapping[str, Any], part: str) -> list[str]:
    return [name.removeprefix(f"{part}/") for name in names if name.startswith(f"{part}/")]


def _check_whole(run: "Run", head: Mapping[str, Any], arrays: Arrays) -> None:
    """Hold the run against the hash, the bits and the seal that it was saved with."""
    rest = {name: value for name, value in head.items() if name != SEAL}
    found = {"hash": run.hash, "bits": run.bits, SEAL: _hash_whole(rest, arrays)}
    for name, value in found.items():
        if name in head and head[name] != value:
            raise ValueError(f"its {name} is {value}, but was {head[name]} when it was saved")
    if len(found.keys() & head.keys()) not in (0, 3):  # older files have none of them
        raise ValueError("its seal is broken")
    for name in PLACES:
        at, most = arrays[name], run.contract.economy.network
        if at.size and not 0 <= at[0] <= at[-1] < (most.n if name == "rows" else most.m):
            raise ValueError(f"its {name} are none of the economy's")
        if np.any(np.diff(at) <= 0):
            raise ValueError(f"its {name} are out of order")


def _hash_whole(head: Mapping[str, Any], arrays: Arrays) -> str:
    """Hash of the head and of every array, with its type and shape."""
    whole = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
    for name, value in sorted(arrays.items()):
        whole.update(f"{name} {value.dtype.str} {value.shape}".encode())
        whole.update(np.ascontiguousarray(value).tobytes())
    return whole.hexdigest()
