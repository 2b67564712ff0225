"""Runs on disk: a folder of Parquet files that any tool reads, written whole or not at all."""

from catallax.execute.store.store import Store

__all__ = ["Store"]
