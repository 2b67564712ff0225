"""The folder in which compiled code is kept: one of the user's own, that nobody else can write to.

Whoever can write to the folder can have any code run. So a folder that others can write to is
refused. Where there is no folder at all, as without a home, one is made for as long as the
process lasts.
"""

import atexit
import logging
import multiprocessing
import os
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from catallax.errors import InputError

CACHE = "CATALLAX_CACHE"  # folder of compiled code, in place of the user's cache folder
OTHERS = stat.S_IWGRP | stat.S_IWOTH


def root() -> Path | None:
    """The folder, there and fit to be used; None where not even one for a while can be made.

    A folder for a while is told in one line, and the processes that this one starts use it too.

    Raises InputError for a folder that others can write to.
    """
    try:
        found = _named()
        found.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_own(found)
        _check_writable(found)
    except InputError:
        raise
    except (OSError, RuntimeError) as e:  # RuntimeError: nobody knows where the home is
        return _for_a_while(e)
    return found


def check_own(folder: Path) -> None:
    """Raise InputError where others can write to the folder; OSError where it is not there."""
    if sys.platform == "win32":
        return
    found = folder.stat()
    if found.st_uid not in (os.getuid(), 0) or found.st_mode & OTHERS & ~_of_own_group(found):
        raise InputError(
            f"{folder}: others can write to this folder of compiled code, so they could have any "
            f"code run here; remove it and take the right away (chmod go-w), or set {CACHE} to a "
            f"folder of yours"
        )


def _of_own_group(found: os.stat_result) -> int:
    """The right of a group in which the user is alone, as many systems give to each user."""
    if sys.platform == "win32":
        return 0
    import grp
    import pwd

    try:
        group, user = grp.getgrgid(found.st_gid), pwd.getpwuid(os.getuid())
    except KeyError:
        return 0
    alone = group.gr_name == user.pw_name and set(group.gr_mem) <= {user.pw_name}
    return stat.S_IWGRP if alone and group.gr_gid == user.pw_gid else 0


def _named() -> Path:
    given = os.environ.get(CACHE)
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "catallax"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "catallax"


def _check_writable(folder: Path) -> None:
    with tempfile.TemporaryFile(dir=folder):
        pass


def _for_a_while(why: Exception) -> Path | None:
    """A folder that goes when this process ends; None where no place is left for one."""
    text = " ".join(str(why).split())
    made = None
    with suppress(OSError):
        made = tempfile.mkdtemp(prefix="catallax-")
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        os.environ[CACHE] = made
    if multiprocessing.parent_process() is None:
        logging.getLogger("catallax").warning(
            "catallax: no folder for compiled loops (%s), so they are compiled anew each time; set "
            "%s to a folder of yours",
            text,
            CACHE,
        )
    return None if made is None else Path(made)
