import re

import numpy as np
import pytest

from rnn_core.inside.activations import ACTIVATIONS
from rnn_core.inside.equations import step_equations, tex_number
from rnn_core.inside.inspection import inspect, look_inside
from rnn_core.messages import ConfigError
from tests.inside.networks import KINDS, network, windows

LINES = {
    ("rnn", True): "h",
    ("lstm", True): "ifgoch",
    ("gru", True): "zrmnh",
    ("gru", False): "zrnh",
}


def read(tex):
    """Compute what stands in a line of TeX between the first sign and the next."""
    left = tex.split(" = ")[1]
    left = re.sub(r"\\underbrace\{(.*?)\}_\{\d+ \\times\}", r"(\1)", left)
    left = re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", left)
    left = re.sub(r"\\big", "", left)
    names = {r"\sigma": "sigma", r"\tanh": "tanh", r"\cdot": "*"}
    for old, new in names.items():
        left = left.replace(old, new)
    sigma, tanh = ACTIVATIONS["sigmoid"].apply, np.tanh
    return float(eval(left, {"sigma": lambda x: sigma(np.float64(x)), "tanh": tanh}))


@pytest.mark.parametrize(("cell", "reset_after"), KINDS)
@pytest.mark.parametrize(("layer", "step"), [(0, 0), (0, 3), (1, 4)])
def test_terms_lead_to_what_the_network_computed(cell, reset_after, layer, step):
    net = network(cell, units=5, layers=2, features=2, reset_after=reset_after)
    seen = inspect(net, windows(1, 5, 2)[0])
    for unit in range(5):
        found = step_equations(seen, layer, unit, step, most=4)
        assert len(found.unit) == len(LINES[cell, reset_after])
        for letter, line in zip(LINES[cell, reset_after], found.unit, strict=True):
            assert line.symbol == f"{letter}_{{t}}^{{({unit + 1})}}"
            name = "candidate" if letter == "n" else letter
            if name in seen.gates:
                assert line.value == seen.gates[name][layer][step, unit]
            activation = {"g": "tanh", "n": "tanh"}.get(letter, "sigmoid")
            if letter in "cm" or (letter == "h" and cell != "rnn"):
                activation = "linear"
            elif letter == "h":
                activation = "tanh"
            computed = ACTIVATIONS[activation].apply(np.float64(line.inside))
            assert computed == pytest.approx(line.value, abs=1e-6)
            if letter not in "ch" or cell == "rnn":
                total = sum(term.product for term in line.terms) + line.others + line.bias
                assert total == pytest.approx(line.inside, abs=1e-12)
                assert len(line.terms) == min(4, len(line.terms) + line.left_out)
        assert found.unit[-1].value == seen.h[layer][step, unit]
        if cell == "lstm":
            assert found.unit[-2].value == seen.c[layer][step, unit]
    assert found.output.value == seen.output[0]
    assert found.output.inside == pytest.approx(seen.output[0], abs=1e-6)


@pytest.mark.parametrize(("cell", "reset_after"), KINDS)
def test_the_numbers_in_tex_are_the_numbers_computed(cell, reset_after):
    net = network(cell, units=5, reset_after=reset_after, seed=9)
    seen = inspect(net, windows(1, 6)[0])
    found = step_equations(seen, 0, 2, 4, most=3)
    for line in (*found.unit, found.output):
        # Four digits shown of every number: the sum of a handful of them is good to about three.
        assert read(line.numbers) == pytest.approx(line.value, abs=2e-3)
        assert line.numbers.endswith(f"= {tex_number(line.value)}")
        for term in line.terms[:3]:
            assert tex_number(abs(term.weight)) in line.numbers
        assert line.formula.startswith(f"{line.symbol} = ")
        for tex in (line.formula, line.numbers):
            assert tex.count("{") == tex.count("}")
            assert "+ -" not in tex


def test_every_term_is_shown_where_there_is_room():
    net = network("rnn", units=3)
    line = step_equations(inspect(net, windows(1, 4)[0]), 0, 1, 2, most=10).unit[0]
    assert (len(line.terms), line.left_out, line.others) == (4, 0, 0)
    assert [term.symbol for term in line.terms] == [
        "x_{t}^{(1)}", "h_{t-1}^{(1)}", "h_{t-1}^{(2)}", "h_{t-1}^{(3)}",
    ]  # fmt: skip


def test_the_largest_terms_are_shown_in_their_order():
    net = network("rnn", units=8)
    seen = look_inside(net, windows(3, 4))
    all_of_them = step_equations(seen, 0, 1, 2, window=2, most=100).unit[0].terms
    shown = step_equations(seen, 0, 1, 2, window=2, most=3).unit[0]
    sizes = sorted((abs(term.product) for term in all_of_them), reverse=True)
    assert shown.terms == tuple(t for t in all_of_them if abs(t.product) >= sizes[2])
    assert shown.left_out == 6
    assert shown.value == seen.h[0][2, 2, 1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.123456, "-0.1235"), (12345.678, r"1.235 \cdot 10^{4}"),
        (1.23456e-5, r"1.235 \cdot 10^{-5}"), (-2e7, r"-2.000 \cdot 10^{7}"),
        (9999.96, r"1.000 \cdot 10^{4}"), (9999.4, "9999"),
        (float("inf"), r"\infty"), (float("nan"), r"\text{NaN}"),
    ],
)  # fmt: skip
def test_numbers_in_tex(value, text):
    assert tex_number(value) == text


@pytest.mark.parametrize(
    "place",
    [
        {"layer": 1}, {"unit": 3}, {"unit": -1}, {"step": 5}, {"window": 1}, {"output": 1},
    ],
)  # fmt: skip
def test_places_that_are_not_there(place):
    seen = look_inside(network("lstm"), windows(1, 5)[0])
    with pytest.raises(ConfigError, match=f"no .*{next(iter(place.values()))}: there are"):
        step_equations(seen, **({"layer": 0, "unit": 0, "step": 0} | place))
