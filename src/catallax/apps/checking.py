"""`catallax check`: the barrier test on a user's mechanism."""

import json as jsonlib
from contextlib import nullcontext

from catallax.apps.plugins import blaming
from catallax.apps.progress import interruptible, stdout_spared


def checked(source: str, *, json: bool) -> int:
    """Run the test, print what it found, and return the exit code: 0 passed, 1 not."""
    from catallax.testing import barrier

    with stdout_spared() if json else nullcontext(), blaming([source]), interruptible():
        report = barrier(source)
    if json:
        found = {"passed": report.passed, "calls": report.calls, "lines": list(report.lines)}
        print(jsonlib.dumps({"source": source, **found}, indent=2))
    elif report.passed:
        print(f"passed: {report.calls} calls replayed, row by row")
    else:
        print("\n".join([f"{source}: did not pass", *report.lines]))
    return 0 if report.passed else 1
