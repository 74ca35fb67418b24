import inspect
import re

import pytest

from rnn_core.options import Option
from rnn_core.series.generators import GENERATORS, Generator
from rnn_core.series.generators.generator import parameter

ASKED_FOR = {
    "sines", "trend-additive", "trend-multiplicative", "ar", "random-walk", "mackey-glass",
    "lorenz", "logistic", "henon", "narma", "square", "sawtooth", "chirp", "damped", "regimes",
    "oscillators", "echo", "adding", "copy",
}  # fmt: skip


def test_all_kinds_are_there():
    assert set(GENERATORS) == ASKED_FOR


@pytest.mark.parametrize("name", list(GENERATORS))
def test_every_generator_says_what_it_is(name):
    generator = GENERATORS[name]
    assert generator.label
    assert len(generator.source) > 20
    assert re.search(r"[a-z].*\.$", generator.memory)
    assert len(generator.memory) < 100
    formula = generator.formula
    assert "_" in formula or "=" in formula
    assert formula.count("{") == formula.count("}")
    assert formula.count(r"\left") == formula.count(r"\right")
    assert formula.count(r"\begin") == formula.count(r"\end")
    assert not re.search(r"\\(?![A-Za-z\\,!{}: ])", formula)


@pytest.mark.parametrize("name", list(GENERATORS))
def test_every_parameter_is_described_and_taken(name):
    generator = GENERATORS[name]
    taken = list(inspect.signature(generator.make).parameters)
    assert taken == ["length", "random", *generator.defaults]
    for described in generator.parameters:
        assert described.label
        assert described.help.endswith(".")
        assert described.type in (int, float)
        assert described.low < described.high
        assert described.step > 0
        assert described.low <= described.default <= described.high
        # Neither hides an argument of generate() nor breaks the text they are written to.
        assert re.fullmatch("[a-z][a-z0-9]*", described.name)
        assert described.name not in ("length", "noise", "seed")


def test_names_of_parameters_are_different_and_defaults_within_bounds():
    first = parameter("x", 1, "X", "", 0, 5)
    assert isinstance(first, Option)
    with pytest.raises(ValueError, match="name of its own"):
        Generator("G", lambda: None, "", "", "", (first, first))
    with pytest.raises(ValueError, match="from 0 to 5"):
        Generator("G", lambda: None, "", "", "", (parameter("x", 6, "X", "", 0, 5),))
