"""What a mechanism reaches for while its verbs are called, seen by an audit hook.

Python tells such a hook of files, environment, processes, sockets, frames, other objects' insides
and more. The hook stays for as long as its process, so it belongs into a process of its own.
"""

import _thread
import site
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar, final

from catallax.protocol import Enough, Finding, Offence
from catallax.protocol.recorded import name_call

Made = TypeVar("Made")

FAMILIES = {
    "os": "the system",
    "shutil": "files",
    "tempfile": "files",
    "glob": "files",
    "pathlib": "files",
    "mmap": "memory that is shared",
    "fcntl": "files",
    "sqlite3": "files",
    "socket": "the network",
    "http": "the network",
    "urllib": "the network",
    "ftplib": "the network",
    "smtplib": "the network",
    "webbrowser": "the network",
    "subprocess": "other processes",
    "signal": "other processes",
    "pty": "other processes",
    "_thread": "a thread that outlives the call",
    "ctypes": "memory by its address",
    "gc": "objects of others",
    "object": "the inside of an object",
    "syslog": "the system",
    "winreg": "the system",
    "resource": "the system",
}
"""First word of an event -> what it reaches for."""
EVENTS = {
    "open": "a file",
    "os.putenv": "the environment",
    "os.unsetenv": "the environment",
    "builtins.input": "the keyboard",
    "sys._getframe": "frames of others",
    "sys._getframemodulename": "frames of others",
    "sys._current_frames": "frames of others",
    "sys._current_exceptions": "frames of others",
    "sys.settrace": "the interpreter's hooks",
    "sys.setprofile": "the interpreter's hooks",
    "sys.addaudithook": "the interpreter's hooks",
    "sys.monitoring.register_callback": "the interpreter's hooks",
}
ASIDE = ("sys._getframe", "sys._getframemodulename", "object.__getattr__", "object.__setattr__")
"""Events that libraries cause for good reasons: they count where foreign code causes them."""
FRAMES = ("tb_frame", "gi_frame", "cr_frame", "ag_frame")
"""Attributes that lead to frames; the hook is told of others of no interest."""
READING = "the file, while it is read"
LOOKING = ("open", "os.listdir", "os.scandir", "glob.glob", "pathlib.Path.glob", "os.walk")
"""Events that are in order while a file is read, unless something is written."""
CALM = ("object", "gc", "ctypes", "sys._getframe", "sys._getframemodulename", "mmap")
"""Families and events that tell nothing before any run has begun."""


@final
class Watch:
    """Notes what code reaches for, and does not let it: in verbs, and wherever code is foreign.

    files   : the user's own, as they stand in tracebacks
    seconds : from the first call on, after which none begins
    tell    : is told of every call before it is made
    """

    def __init__(
        self, files: Sequence[str], seconds: float, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self.files, self.seconds, self.tell = tuple(files), seconds, tell
        self.deadline: float | None = None
        self.findings = list[Finding]()
        self.verb = ""  # of the call last begun
        self.week: int | None = None
        self._calling, self._reading, self._busy = False, False, False
        sys.addaudithook(self._look_at_event)

    @contextmanager
    def __call__(self, verb: str, week: int | None) -> Iterator[None]:
        """A context in which a verb is called; raises Enough instead if time is up."""
        if self.deadline is None:
            self.deadline = time.monotonic() + self.seconds
        elif time.monotonic() > self.deadline:
            raise Enough("time is up")
        self.verb, self.week = verb, week
        self.tell(self.place)
        threads, self._calling = _thread._count(), True
        try:
            yield
        finally:
            self._calling = False
            if _thread._count() > threads:
                self.note(Offence.REACHES, f"reaches for {FAMILIES['_thread']}")

    @property
    def place(self) -> str:
        """The call that was last begun, in words."""
        return name_call(self.verb, self.week) if self.verb else READING

    def note(self, offence: Offence, what: str) -> None:
        """Add a finding about the call that was last begun."""
        who = "" if self.verb else READING
        self.findings.append(Finding(offence, what, self.verb, self.week, who=who))

    def reading(self, make: Callable[[], Made]) -> Made:
        """What `make` makes while it reads the user's file, which may look at other files too."""
        self._reading = True
        try:
            return make()
        finally:
            self._reading = False

    def _look_at_event(self, event: str, given: tuple[Any, ...]) -> None:
        if self._busy or (event == "object.__getattr__" and given[1] not in FRAMES):
            return
        reached = EVENTS.get(event) or FAMILIES.get(event.partition(".")[0])
        if reached is None:
            return
        self._busy = True
        try:
            what = self._judge_event(event, given, reached)
        finally:
            self._busy = False
        if what:
            raise Enough(what)

    def _judge_event(self, event: str, given: tuple[Any, ...], reached: str) -> str:
        """What is wrong with an event, in words; "" if nothing."""
        frames = list(_frames_above(sys._getframe(2)))
        foreign = [f for f in frames if is_foreign(f.f_code.co_filename)]
        if not self._calling and not foreign:
            return ""
        if _is_ours(frames[0]) or (event in ASIDE and not _is_aimed(frames[0])):
            return ""
        written = _is_written(event, given)
        if any(_is_compiling(f) or (_is_importing(f) and not written) for f in frames):
            return ""
        if self._reading and not written and _is_calm(event):
            return ""
        at = f" ({_place_of(foreign[0])})" if foreign else ""
        what = f"reaches for {reached}: {_describe_event(event, given)}{at}"
        self.note(Offence.REACHES, what)
        return what


def _frames_above(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


_PACKAGE = str(Path(__file__).parents[1])


def _home_folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    ours = (paths[k] for k in ("stdlib", "platstdlib", "purelib", "platlib"))
    return (_PACKAGE, *ours, *site.getsitepackages())


_HOMES = _home_folders()


def is_foreign(file: str) -> bool:
    """Whether code of a file belongs to neither Python, nor its packages, nor this one."""
    return not file.startswith((*_HOMES, "<"))


def _is_aimed(frame: FrameType) -> bool:
    """Whether who caused an event is foreign, or looks around on behalf of others."""
    file = frame.f_code.co_filename
    return is_foreign(file) or Path(file).name in ("inspect.py", "traceback.py")


def _is_ours(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(f"{_PACKAGE}/testing/")


def _is_importing(frame: FrameType) -> bool:
    file = frame.f_code.co_filename
    return file.startswith("<frozen ") and ("importlib" in file or "zipimport" in file)


_COMPILING = ("numba", "llvmlite", "threadpoolctl.py")


def _is_compiling(frame: FrameType) -> bool:
    """Whether loops are compiled, loaded or shared out to threads there."""
    file = frame.f_code.co_filename
    parts = Path(file).parts
    return any(name in parts for name in _COMPILING) or file.startswith(f"{_PACKAGE}/kernels/")


def _is_written(event: str, given: tuple[Any, ...]) -> bool:
    """Whether a file is opened to be written to."""
    if event != "open" or len(given) < 3:
        return False
    mode, flags = given[1], given[2]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & 3)


def _is_calm(event: str) -> bool:
    return event in LOOKING or event in CALM or event.partition(".")[0] in CALM


def _place_of(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename}, line {frame.f_lineno}"


def _describe_event(event: str, given: tuple[Any, ...]) -> str:
    """The event, with what it is about where that is a name."""
    about: Mapping[str, int] = {"object.__getattr__": 1, "object.__setattr__": 1}
    k = about.get(event, 0)
    names = [str(x) for x in given[k : k + 1] if isinstance(x, str | bytes | int | Path)]
    return " ".join([event, *names])[:80]
