"""How a worker process begins. Nothing heavy is imported, so that it costs nothing."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def end_with_parent() -> None:
    """Make this process end when the one that started it is gone, however that ended."""
    parent: Any = multiprocessing.parent_process()

    def watch() -> None:
        parent.join()
        os._exit(1)

    if parent is not None:
        threading.Thread(target=watch, daemon=True).start()


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
