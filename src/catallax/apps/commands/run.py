"""`catallax run`: an experiment of any domain, its mechanisms side by side."""

from typing import Annotated

from cyclopts import Parameter

from catallax.apps.commands.compare import order_comparison, run_comparison
from catallax.apps.common_options import MechanismsOption, OutOption, SeedsOption
from catallax.apps.contract_options import DEFAULT_CONTRACT, ContractOptions
from catallax.apps.execution import DEFAULT_EXECUTION, ExecutionOptions
from catallax.apps.exit_codes import Reply
from catallax.apps.values import SEEDS

ABOUT = "an experiment, a domain or a Python file that defines one; `catallax list` shows all"


def run(
    experiment: Annotated[str, Parameter(help=ABOUT)],
    /,
    *,
    mechanisms: MechanismsOption = None,
    seeds: SeedsOption = SEEDS,
    out: OutOption = None,
    contract: ContractOptions = DEFAULT_CONTRACT,
    execution: ExecutionOptions = DEFAULT_EXECUTION,
) -> Reply:
    """Run an experiment of any domain: tables here, and a report in one HTML file.

    Each setting of the experiment's contract is an option: `catallax run
    EXPERIMENT --help` shows those of one.

    $ catallax run tin --economy small:0 --seeds 2 --weeks 80 --knowledge.tacit 0.5
    $ catallax run tariff --economy us15 --mechanisms market --seeds 2 --json
    """
    from catallax.protocol import experiment_named

    known = experiment_named(experiment)
    order = order_comparison(
        known, ["run", experiment], mechanisms, seeds, out, contract, execution
    )
    return run_comparison(order)
