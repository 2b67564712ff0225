"""What a worker process does first. It imports nothing, so that it costs nothing."""

import multiprocessing
import os
import threading
from typing import Any


def end_with_parent() -> None:
    """Make this process end when the one that started it is gone, however that ended."""
    parent: Any = multiprocessing.parent_process()

    def watch() -> None:
        parent.join()
        os._exit(1)

    if parent is not None:
        threading.Thread(target=watch, daemon=True).start()
