"""The contract's settings as options of the command line."""

from dataclasses import dataclass, fields
from typing import Annotated, Any, final

from cyclopts import Group, Parameter

GROUP = Group("Contract", help="What is held equal for every mechanism.", sort_key=2)


def _option(key: str, text: str) -> Any:
    return Parameter(name=f"--{key}", help=text, group=GROUP)


Text = str | None
_DELAY = "weeks from saying to hearing; default 1"
_NOISE = "s.d. of log noise on every value; default 0.05"
_COVERAGE = "share of rows that can send at all, 0 to 1; default 1"
_ITS = "; default: the experiment's"
_RESOLUTION = "bits a value, 0 means exact; default 16"


@final
@dataclass(frozen=True)
class Overrides:
    """One option for every setting of the laws and of the shock, as the user wrote it.

    They stand here as text so that `--help` need not import the laws; a test keeps both alike.
    """

    economy: Annotated[Text, _option("economy", "us71, us15 or made:SEED; default us71")] = None
    weeks: Annotated[Text, _option("weeks", "length of a run; default 312")] = None
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
        return {f.name.replace("_", "."): getattr(self, f.name) for f in fields(self)}
