"""What processes on trial need, imported once in the process that they are forked from."""

import gc

import catallax.testing.recording
import catallax.testing.replaying
from catallax.kernels.ready import cold, load
from catallax.protocol import domains

for _domain in domains().values():
    _ = _domain.barrier
if not cold():
    load()
gc.collect()
gc.freeze()  # what is here stays, and need not be looked through by those that are forked

__all__ = ["catallax"]
