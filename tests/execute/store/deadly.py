"""A reader of files that its process does not survive."""

import os
import signal


def columns_here(path: str, ours: bool) -> None:
    """As arro3 does at some damaged files."""
    os.kill(os.getpid(), signal.SIGABRT)
