"""What a domain is: contract, shocks, runs, measures, validation, and who knows them."""

from catallax.protocol.contract import AbstractContract, AbstractRun, Value, run_hash
from catallax.protocol.domain import (
    Axis,
    Domain,
    Experiment,
    Observation,
    experiment_around,
    identity_of,
)
from catallax.protocol.hashes import bytes_hash, hash_of
from catallax.protocol.measured import Measure, Measured, measured_by
from catallax.protocol.plain import Broken, PlainContract, PlainLaw, PlainRun, plain_domain
from catallax.protocol.recorded import RecordedCall, RecordedRun
from catallax.protocol.registry import (
    PRODUCTION,
    domain_in,
    domain_named,
    domain_of,
    domains,
    every_experiment,
    experiment_named,
    known_domain,
    read_contract,
    register_domain,
    register_measure,
    register_shock,
)
from catallax.protocol.shocks import (
    AbstractShock,
    Description,
    check_week,
    question_of,
    shock_from,
    shocks_in_force,
)
from catallax.protocol.userfile import files_behind, is_file, module_of
from catallax.protocol.validation import (
    Reproduced,
    ValidationResult,
    ValidationRow,
    validate,
    validated,
)
from catallax.protocol.versions import code_digest, versions

__all__ = [
    "PRODUCTION",
    "AbstractContract",
    "AbstractRun",
    "AbstractShock",
    "Axis",
    "Broken",
    "Description",
    "Domain",
    "Experiment",
    "Measure",
    "Measured",
    "Observation",
    "PlainContract",
    "PlainLaw",
    "PlainRun",
    "RecordedCall",
    "RecordedRun",
    "Reproduced",
    "ValidationResult",
    "ValidationRow",
    "Value",
    "bytes_hash",
    "check_week",
    "code_digest",
    "domain_in",
    "domain_named",
    "domain_of",
    "domains",
    "every_experiment",
    "experiment_around",
    "experiment_named",
    "files_behind",
    "hash_of",
    "identity_of",
    "is_file",
    "known_domain",
    "measured_by",
    "module_of",
    "plain_domain",
    "question_of",
    "read_contract",
    "register_domain",
    "register_measure",
    "register_shock",
    "run_hash",
    "shock_from",
    "shocks_in_force",
    "validate",
    "validated",
    "versions",
]
