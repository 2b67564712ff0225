"""The settings of `catallax federated` as options of the command line."""

from dataclasses import dataclass
from typing import Annotated, Any, final

from cyclopts import Group, Parameter

GROUP = Group("Learning", help="Alike for every way of learning.", sort_key=2)


def _option(text: str) -> Any:
    return Parameter(help=text, group=GROUP)


Text = str | None


@final
@dataclass(frozen=True)
class Learning:
    """One option a setting, as the user wrote it; they stand here as text for a quick `--help`."""

    clients: Annotated[Text, _option("rows that learn; default 20")] = None
    weeks: Annotated[Text, _option("that each has seen; default 52")] = None
    spread: Annotated[Text, _option("how different rows' laws are, 0 to 3; default 0.3")] = None
    rounds: Annotated[Text, _option("of training; default 20")] = None
    steps: Annotated[Text, _option("of each row in a round; default 5")] = None
    rate: Annotated[Text, _option("size of a step; default 0.1")] = None
    mu: Annotated[Text, _option("weight of FedProx's proximal term; default 0.5")] = None
    share: Annotated[Text, _option("of the rows that is asked in a round; default 1")] = None
    stragglers: Annotated[Text, _option("share that does a part of its steps; default 0")] = None
    dropout: Annotated[Text, _option("share that never answers; default 0")] = None
    noise: Annotated[Text, _option("s.d. of log noise on every number; default 0.05")] = None
    resolution: Annotated[Text, _option("bits a number, 0 means exact; default 16")] = None
    delay: Annotated[Text, _option("weeks from saying to hearing; default 1")] = None
    regions: Annotated[Text, _option("of the table `price`; default 5")] = None
