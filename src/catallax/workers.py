"""A worker process: jobs come in by a pipe, and what came of them goes out. Imports little."""

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

READY = b"ready"  # the first message of a worker: it can do jobs


def serve(pipe: "Connection[Any, Any]") -> None:
    """Do jobs in their order until the pipe ends, as it does when the asking process ends.

    Each message in is a pickled (function, arguments), each one out what `answer` makes of it.
    A thread takes messages from the pipe all the time. So whoever asks never waits to send while
    this process waits to send a large result.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks ends this process
    jobs: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_take, args=(pipe, jobs), daemon=True).start()
    with suppress(OSError):  # nobody is there any more
        pipe.send_bytes(READY)
        while True:
            pipe.send_bytes(answer(jobs.get()))
            sys.stdout.flush()  # what a mechanism printed; this process may be ended at any moment


def _take(pipe: "Connection[Any, Any]", jobs: "SimpleQueue[bytes]") -> None:
    try:
        while True:
            jobs.put(pipe.recv_bytes())
    except (EOFError, OSError):
        os._exit(0)


def answer(job: bytes) -> bytes:
    """A job done: (what it gave, None, ""), or (None, the error, where it was raised), pickled."""
    try:
        function, given = pickle.loads(job)
        return pickle.dumps((done(function, *given), None, ""), pickle.HIGHEST_PROTOCOL)
    except (Exception, KeyboardInterrupt) as e:
        return _told(e, "".join(traceback.format_exception(e)))


def _told(error: BaseException, where: str) -> bytes:
    """The error as it is where it can travel, else its text."""
    try:
        if isinstance(error, KeyboardInterrupt):  # of the job: nobody else can interrupt it here
            raise TypeError
        raw = pickle.dumps((None, error, where))
        pickle.loads(raw)
    except Exception:
        said = RuntimeError(f"{type(error).__name__}: {error}")
        return pickle.dumps((None, said, where))
    return raw


def done(function: Callable[..., Any], *given: Any) -> Any:
    """What a function gives; what would end the process, such as `sys.exit`, is an error of it."""
    try:
        return function(*given)
    except (Exception, KeyboardInterrupt):
        raise
    except BaseException as e:
        raise RuntimeError(f"{type(e).__name__} {e}".strip()) from e


@contextmanager
def script_spared() -> Iterator[None]:
    """Hide the running script from processes that are started meanwhile.

    A spawned process runs the script again to have its functions. What needs none of them is
    spared that: so a script that asks for runs at its top level does not start itself for ever.
    """
    main = sys.modules["__main__"]
    names = ("__file__", "__spec__")
    kept: dict[str, Any] = {name: vars(main)[name] for name in names if name in vars(main)}
    try:
        vars(main).pop("__file__", None)
        vars(main)["__spec__"] = None
        yield
    finally:
        vars(main).update(kept)
