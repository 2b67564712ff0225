"""When a run breaks in a user's own mechanism, say where in the user's file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from catallax.errors import CatallaxError, InputError


@contextmanager
def blame_user_files(sources: Sequence[str]) -> Iterator[None]:
    """Turn an error that comes from one of the Python files among `sources` into an InputError.

    Errors of runs without such files are ours and pass.
    """
    from catallax.protocol.mechanism_names import spec_of
    from catallax.protocol.userfile import describe_blame

    files = [spec.name for spec in map(spec_of, sources) if spec.file]
    try:
        yield
    except (CatallaxError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as e:
        if not files:
            raise
        raise InputError(describe_blame(e, files)) from e
