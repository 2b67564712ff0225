"""Where compiled code is kept: in a folder of the user's own, never in one that others share."""

import grp
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from catallax.errors import InputError
from catallax.kernels import cache

SCRIPT = """
import catallax.kernels.jit as jit
from catallax.domains.production.network import rows  # its import makes kernels
from catallax.execute import Processes
import os
print(jit.folder())
with Processes(1) as workers:
    print(dict(workers.run(os.getenv, [("CATALLAX_CACHE",)]))[0])
"""


@pytest.fixture
def named(monkeypatch, tmp_path):
    """A folder that is named for the cache."""
    monkeypatch.setenv(cache.CACHE, str(tmp_path / "loops"))
    return tmp_path / "loops"


def test_a_folder_that_is_made_is_the_users_alone(named):
    assert cache.root() == named
    assert named.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o777, 0o757, 0o702])
def test_a_folder_that_others_can_write_to_is_refused(named, mode):
    named.mkdir()
    named.chmod(mode)
    with pytest.raises(InputError, match=r"loops: others can write .*\(chmod go-w\)"):
        cache.root()


def test_a_folder_of_somebody_else_is_refused(named, monkeypatch):
    named.mkdir(mode=0o700)
    if os.getuid():
        monkeypatch.setattr(os, "getuid", lambda: 4321)
    else:
        os.chown(named, 4321, -1)
    with pytest.raises(InputError, match="others can write to this folder of compiled code"):
        cache.root()


def test_a_group_in_which_the_user_is_alone_is_nobody_else(named, monkeypatch):
    named.mkdir()
    named.chmod(0o770)
    gid = named.stat().st_gid
    user = pwd.struct_passwd(("me", "x", os.getuid(), gid, "", "", ""))
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: user)
    for members, fine in (([], True), (["me"], True), (["me", "you"], False)):
        group = grp.struct_group(("me", "x", gid, members))
        monkeypatch.setattr(grp, "getgrgid", lambda found, group=group: group)
        if fine:
            cache.check_own(named)
        else:
            with pytest.raises(InputError, match="others can write"):
                cache.check_own(named)


@pytest.mark.parametrize("home", ["/dev/null", "/proc/nowhere"])
def test_without_a_home_all_works_with_one_line_of_notice(home):
    env = {k: v for k, v in os.environ.items() if k not in ("XDG_CACHE_HOME", cache.CACHE)}
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT], env={**env, "HOME": home}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    folder, of_workers = said.stdout.split()
    assert Path(folder).parent == Path(of_workers)
    (line,) = said.stderr.splitlines()
    assert line.startswith("catallax: no folder for compiled loops (")
    assert line.endswith("set CATALLAX_CACHE to a folder of yours")
    assert not Path(of_workers).exists()  # it goes with the process


def test_without_any_place_nothing_is_kept_and_all_works():
    code = (
        "import tempfile, os\n"
        "def nowhere(*a, **k): raise OSError(30, 'Read-only file system')\n"
        "tempfile.mkdtemp = nowhere\n"
        "from catallax.kernels import jit, sums, ready\n"
        "import numpy as np\n"
        "assert jit.folder() is None and ready.cold()\n"
        "ready.prepare(print)\n"
        "out = np.empty(1)\n"
        "sums.by_good(np.array([0, 2], dtype=np.uint64), np.array([1.0, 2.0]), out, 0, 1)\n"
        "print(out[0])\n"
    )
    env = {**os.environ, cache.CACHE: "/dev/null/loops"}
    said = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert said.stdout == "3.0\n"
    assert len(said.stderr.splitlines()) == 1
