"""Settings for all tests."""

import os

from hypothesis import settings

# The default profile draws the same examples every time: a red gate means a change, not luck.
# HYPOTHESIS_PROFILE=search looks further, with new examples each time.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
