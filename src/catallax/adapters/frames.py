"""Columns as a data frame of pandas, and as arrays of xarray with named axes."""

from collections.abc import Mapping, Sequence
from typing import Any

from catallax.extras import extra


def frame(columns: Mapping[str, Sequence[Any]]) -> Any:
    """A `pandas.DataFrame` of the columns."""
    return _import_pandas().DataFrame({name: list(values) for name, values in columns.items()})


def dataset(columns: Mapping[str, Sequence[Any]], axes: Sequence[str]) -> Any:
    """An `xarray.Dataset`: every column over the axes, NaN where there is no row.

    axes : names of columns; each combination of their values has one row at most
    """
    _import_xarray()
    return frame(columns).set_index(list(axes)).to_xarray()


def _import_pandas() -> Any:
    return extra("pandas", "runs as a data frame", "frames")


def _import_xarray() -> Any:
    return extra("xarray", "runs as arrays with named axes", "frames")
