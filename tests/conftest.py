"""Settings for all tests, and what they share."""

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

# The default profile draws the same few examples every time: a red gate means a change, not luck.
# HYPOTHESIS_PROFILE=deep draws more, the same every time; HYPOTHESIS_PROFILE=search looks further,
# with new examples each time.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=25)
settings.register_profile("deep", derandomize=True, deadline=None, max_examples=200)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True)
def no_domain_stays() -> Iterator[None]:
    """A domain that a test made known is unknown to the next one."""
    yield
    registry = sys.modules.get("catallax.protocol.registry")
    if registry is not None:
        for name in [n for n in registry._known if n not in registry.BUILT_IN]:
            del registry._known[name]
