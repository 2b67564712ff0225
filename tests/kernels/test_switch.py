"""One switch: an operation is answered by its loops or by its reference, and nobody else asks."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import catallax
from catallax import Contract, economy_named, market, simulate
from catallax.domains.production.mechanisms import REGISTRY
from catallax.kernels import switch
from catallax.kernels.jit import Kernel
from catallax.kernels.switch import operation, plain

SOURCE = Path(catallax.__file__).parent
WITHOUT_REFERENCE = {"draws"}  # modules whose loops run in plain NumPy too


def _answer_plainly(a: int, b: int = 2) -> str:
    return f"reference {a} {b}"


@operation(_answer_plainly)
def answer(a: int, b: int = 2) -> str:
    """Say who answers."""
    return f"loops {a} {b}"


class Holder:
    """Something whose method is an operation."""

    def _say_plainly(self, word: str) -> str:
        return f"reference of {self.__class__.__name__}: {word}"

    @operation(_say_plainly)
    def say(self, word: str) -> str:
        """Say who answers."""
        return f"loops of {self.__class__.__name__}: {word}"


def test_an_operation_is_answered_by_its_loops_and_inside_a_block_by_its_reference() -> None:
    assert (answer(1), answer(1, b=3)) == ("loops 1 2", "loops 1 3")
    with plain():
        assert (answer(1), answer(1, b=3)) == ("reference 1 2", "reference 1 3")
    assert answer(1) == "loops 1 2"


def test_a_method_can_be_an_operation() -> None:
    assert Holder().say("hello") == "loops of Holder: hello"
    with plain():
        assert Holder().say("hello") == "reference of Holder: hello"


def test_an_operation_goes_by_the_name_and_words_of_its_compiled_body() -> None:
    assert (answer.__name__, answer.__doc__) == ("answer", "Say who answers.")


@pytest.mark.parametrize(("word", "compiled"), [("", True), ("0", True), ("1", False)])
def test_the_environment_sets_the_switch(word, compiled) -> None:
    code = "from catallax.kernels.switch import compiled; print(compiled())"
    env = os.environ | {switch.PLAIN: word}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.stdout.strip() == str(compiled), done.stderr


def asks(path: Path) -> bool:
    """Whether a module imports what says which of the two answers."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == switch.__name__
        and any(name.name != "operation" for name in node.names)
        for node in ast.walk(ast.parse(path.read_text()))
    )


def test_only_what_makes_kernels_ready_asks_which_of_the_two_answers() -> None:
    found = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if asks(path)}
    assert found == {"kernels/ready.py"}


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_in_plain_numpy_no_loop_runs_that_has_a_reference(name, monkeypatch) -> None:
    """A reference that called its own loop would agree with it whatever either computes."""
    ran = set()
    call = Kernel.__call__

    def noted(self: Kernel, *values: object) -> None:
        ran.add(self.function.__module__.rpartition(".")[2])
        call(self, *values)

    contract = Contract(economy_named("small:0"), weeks=3)
    monkeypatch.setattr(Kernel, "__call__", noted)
    with plain():
        simulate(contract, REGISTRY[name](), 1)
    assert ran == WITHOUT_REFERENCE
    ran.clear()
    simulate(contract, market(), 1)
    assert {"draws", "posted_price", "week", "sums"} <= ran
