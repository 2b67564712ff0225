"""The contract's settings as options of the command line."""

from dataclasses import dataclass
from typing import Annotated, Any, final, get_type_hints

from cyclopts import Group, Parameter

GROUP = Group("Contract", help="What is held equal for every mechanism.", sort_key=2)


def _option(key: str, text: str, *short: str) -> Any:
    names = tuple(f"--{name}" for name in (key, *short))
    return Parameter(name=names, help=text, group=GROUP)


Text = str | None
_DELAY = "weeks from saying to hearing; default 1"
_NOISE = "s.d. of log noise on every value; default 0.05"
_COVERAGE = "share of rows that can send at all, 0 to 1; default 1"
_ITS = "; default: the experiment's"
_RESOLUTION = "bits a value, 0 means exact; default 16"


@final
@dataclass(frozen=True)
class Overrides:
    """One option for every setting that is used often, as the user wrote it; `--set` has the rest.

    They stand here as text so that `--help` need not import the laws; a test keeps both alike.
    """

    economy: Annotated[
        Text,
        _option(
            "economy",
            "us71, us15, made:SEED, small:SEED, town:HOUSEHOLDS or a path; :FIRMSxHOUSEHOLDS; "
            "default us71",
        ),
    ] = None
    weeks: Annotated[Text, _option("weeks", "length of a run; default 312")] = None
    backlog: Annotated[
        Text, _option("backlog", "whether unfilled orders wait, true or false; default false")
    ] = None
    knowledge_tacit: Annotated[
        Text, _option("knowledge.tacit", "share of facts that cannot be said; default 0.25")
    ] = None
    knowledge_dispersion: Annotated[
        Text, _option("knowledge.dispersion", "s.d. of log productivity and tastes; default 0.1")
    ] = None
    knowledge_drift: Annotated[
        Text, _option("knowledge.drift", "s.d. of tastes' weekly change in logs; default 0.01")
    ] = None
    knowledge_reversion: Annotated[
        Text, _option("knowledge.reversion", "share of the drift undone a week; default 0.005")
    ] = None
    knowledge_drift_z: Annotated[
        Text,
        _option("knowledge.drift_z", "s.d. of productivity's weekly change in logs; default 0"),
    ] = None
    knowledge_novelty: Annotated[
        Text, _option("knowledge.novelty", "share of changes that no history predicts; default 1")
    ] = None
    knowledge_pattern: Annotated[
        Text, _option("knowledge.pattern", "the rest is seasonal or trending; default seasonal")
    ] = None
    knowledge_jump: Annotated[
        Text, _option("knowledge.jump", "share of the new that comes in rare jumps; default 0")
    ] = None
    knowledge_misspecification: Annotated[
        Text,
        _option(
            "knowledge.misspecification",
            "s.d. in logs of suppliers' elasticities, which nobody can report; default 0",
        ),
    ] = None
    channel_rounds: Annotated[
        Text, _option("channel.rounds", "ticks of the common clock a week; default 1")
    ] = None
    channel_line_delay: Annotated[Text, _option("channel.line.delay", _DELAY)] = None
    channel_line_noise: Annotated[Text, _option("channel.line.noise", _NOISE)] = None
    channel_line_coverage: Annotated[Text, _option("channel.line.coverage", _COVERAGE)] = None
    channel_line_resolution: Annotated[Text, _option("channel.line.resolution", _RESOLUTION)] = None
    channel_centre_delay: Annotated[Text, _option("channel.centre.delay", _DELAY)] = None
    channel_centre_noise: Annotated[Text, _option("channel.centre.noise", _NOISE)] = None
    channel_centre_coverage: Annotated[Text, _option("channel.centre.coverage", _COVERAGE)] = None
    channel_centre_resolution: Annotated[
        Text, _option("channel.centre.resolution", _RESOLUTION)
    ] = None

    behaviour_kind: Annotated[
        Text,
        _option(
            "behaviour.kind",
            "what rows say: truthful, strategic or adversarial; default truthful",
            "behaviour",
        ),
    ] = None
    behaviour_pad: Annotated[
        Text, _option("behaviour.pad", "share by which plants hide and pad; default 0.2")
    ] = None
    shock_kind: Annotated[Text, _option("shock.kind", f"foreign or domestic tariff{_ITS}")] = None
    shock_resource: Annotated[
        Text, _option("shock.resource", f"endowment whose flow changes{_ITS}")
    ] = None
    shock_week: Annotated[Text, _option("shock.week", f"first week of the shock{_ITS}")] = None
    shock_factor: Annotated[
        Text, _option("shock.factor", f"new flow of the resource over the old one{_ITS}")
    ] = None
    shock_rate: Annotated[Text, _option("shock.rate", f"of the tariff, 0.25 is 25 %{_ITS}")] = None
    shock_announced: Annotated[
        Text, _option("shock.announced", f"whether all know from week 0, true or false{_ITS}")
    ] = None

    def given(self) -> dict[str, str | None]:
        """Dotted key -> the option's text, None where it was not used."""
        return {key: getattr(self, name) for name, key in option_keys().items()}


def option_keys() -> dict[str, str]:
    """The dotted key of every field of `Overrides`, in order."""
    hints = get_type_hints(Overrides, include_extras=True)
    return {n: hint.__metadata__[0].name[0].removeprefix("--") for n, hint in hints.items()}
