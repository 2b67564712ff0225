"""What a domain is: contract, shocks, runs, measures, validation, and who knows them."""

from catallax.protocol.axes import Axis, NumberRange, Prior
from catallax.protocol.contract import AbstractContract, AbstractRun, RunInput, run_hash
from catallax.protocol.domain import (
    Domain,
    Experiment,
    Observation,
    identity_of,
)
from catallax.protocol.hash_names import accept_hash_names
from catallax.protocol.makers import settings_from, settings_of
from catallax.protocol.measured import Measure, Measured, measure_run
from catallax.protocol.plain import Broken, PlainContract, PlainRun, plain_domain
from catallax.protocol.plain_law import PlainLaw
from catallax.protocol.provenance import bytes_hash, code_digest, hash_of, versions
from catallax.protocol.recorded import (
    Barrier,
    CallContext,
    Enough,
    Finding,
    Offence,
    RecordedCall,
    RecordedRun,
    TrialRun,
)
from catallax.protocol.registry import (
    ANY,
    PRODUCTION,
    domain_in,
    domain_named,
    domain_of,
    domains,
    every_experiment,
    experiment_around,
    experiment_named,
    known_domain,
    read_contract,
    register_domain,
    register_measure,
    register_shock,
)
from catallax.protocol.settings import (
    Setting,
    check_settings,
    describe_setting,
    keep_as_floats,
    setting,
    settings_in,
)
from catallax.protocol.shocks import (
    AbstractShock,
    Description,
    check_week,
    question_of,
    shock_from,
    shocks_in_force,
)
from catallax.protocol.trace import RunEnding, Trace, TraceLine, plain_trace, traffic_of
from catallax.protocol.tuned import TunedChoice, TunedSpan, Value
from catallax.protocol.userfile import files_behind, is_file, module_of
from catallax.protocol.validation import (
    Progress,
    Reproduced,
    ValidationResult,
    ValidationRow,
    validate,
    validate_row,
)
from catallax.renamed import hand_out_old_names

__all__ = [
    "ANY",
    "PRODUCTION",
    "AbstractContract",
    "AbstractRun",
    "AbstractShock",
    "Axis",
    "Barrier",
    "Broken",
    "CallContext",
    "Description",
    "Domain",
    "Enough",
    "Experiment",
    "Finding",
    "Measure",
    "Measured",
    "NumberRange",
    "Observation",
    "Offence",
    "PlainContract",
    "PlainLaw",
    "PlainRun",
    "Prior",
    "Progress",
    "RecordedCall",
    "RecordedRun",
    "Reproduced",
    "RunEnding",
    "RunInput",
    "Setting",
    "Trace",
    "TraceLine",
    "TrialRun",
    "TunedChoice",
    "TunedSpan",
    "ValidationResult",
    "ValidationRow",
    "Value",
    "accept_hash_names",
    "bytes_hash",
    "check_settings",
    "check_week",
    "code_digest",
    "describe_setting",
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
    "keep_as_floats",
    "known_domain",
    "measure_run",
    "module_of",
    "plain_domain",
    "plain_trace",
    "question_of",
    "read_contract",
    "register_domain",
    "register_measure",
    "register_shock",
    "run_hash",
    "setting",
    "settings_from",
    "settings_in",
    "settings_of",
    "shock_from",
    "shocks_in_force",
    "traffic_of",
    "validate",
    "validate_row",
    "versions",
]

hand_out_old_names(__name__)
