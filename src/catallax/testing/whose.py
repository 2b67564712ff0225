"""Which domain a mechanism is of."""

from multiprocessing.connection import Connection

from catallax.errors import InputError
from catallax.protocol import PRODUCTION, Domain, domain_named, domains
from catallax.protocol.mechanism_names import mechanism_named, spec_of
from catallax.testing.nursery import start_process

PATIENCE = 20.0  # seconds for a file to be read


def domain_of_mechanism(source: str) -> Domain:
    """The first domain that knows a mechanism by its name, or for which a file defines one.

    A file is read in a process of its own. One that nobody can read is the production economy's,
    whose test says what is wrong with it.
    """
    spec = spec_of(source)
    if not spec.file:
        known = (d for d in domains().values() if spec.name in {*d.mechanisms, *d.oracles})
        return next(known, domain_named(PRODUCTION))
    child = start_process(_send_domain, source)
    try:
        name = child.line.recv() if child.line.poll(PATIENCE) else PRODUCTION
    except (EOFError, OSError):
        name = PRODUCTION
    finally:
        child.end()
    return domain_named(name if name in domains() else PRODUCTION)


def _send_domain(line: Connection, source: str) -> None:
    """Send the name of the domain for which the file defines a mechanism."""
    for known in domains().values():
        try:
            mechanism_named(source, known)
        except InputError:
            continue
        line.send(known.name)
        return
