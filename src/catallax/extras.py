"""Libraries that only an extra of the package installs."""

from importlib import import_module
from typing import Any

from catallax.errors import MissingExtra


def extra(module: str, doing: str, name: str) -> Any:
    """The module, imported when it is needed.

    doing : what needs it, in the user's words
    name  : of the extra that installs it

    Raises MissingExtra where it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as e:
        raise MissingExtra(doing, name) from e
