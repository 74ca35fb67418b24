"""One step of one unit with its numbers put in, term by term, and the output at the end.

In TeX x_t is what the layer reads (above the first layer: h of the layer below), a number in
brackets above a letter is a unit or an input, counted from 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rnn_core.inside.activations import ACTIVATIONS, Floats
from rnn_core.inside.inspection import Inspection
from rnn_core.inside.network import Layer
from rnn_core.messages import N_, ConfigError, Message

DIGITS = 4


@dataclass(frozen=True)
class Term:
    """One product of a sum: ``weight * factor``; ``symbol`` is the factor's name in TeX."""

    symbol: str
    weight: float
    factor: float

    @property
    def product(self) -> float:
        """What the term adds."""
        return self.weight * self.factor


@dataclass(frozen=True)
class Equation:
    """One line: what it is called, its numbers, and both in TeX.

    ``terms`` are the largest products by amount, ``others`` is the sum of the ``left_out`` ones.
    ``inside`` is what the activation is taken of: terms, others and ``bias`` together. ``value``
    is the number the network computed. ``formula`` is TeX with letters, ``numbers`` with numbers.
    """

    symbol: str
    value: float
    formula: str
    numbers: str
    terms: tuple[Term, ...] = ()
    others: float = 0.0
    left_out: int = 0
    bias: float = 0.0
    inside: float = 0.0


@dataclass(frozen=True)
class StepEquations:
    """From x_t and h_{t-1} to h_t of one unit, and from the last h to the output.

    ``unit`` are the equations in the order in which they are computed, the last one that of h_t;
    ``output`` is that of the output, read after the last time step.
    """

    unit: tuple[Equation, ...]
    output: Equation


def step_equations(
    inspection: Inspection,
    layer: int,
    unit: int,
    step: int,
    *,
    window: int = 0,
    output: int = 0,
    most: int = 6,
) -> StepEquations:
    """Write down the step that computed h of a unit; all are counted from 0.

    ``window`` chooses among several. Each sum shows its ``most`` largest products. Raises
    ``ConfigError`` for what is not there.
    """
    network = inspection.network
    _within("layer", layer, len(network.layers))
    of_layer = network.layers[layer]
    _within("unit", unit, of_layer.units)
    several = inspection.h[0].ndim == 3
    _within("window", window, len(inspection.h[0]) if several else 1)

    def one(array: Floats) -> Floats:
        return array[window] if several else array

    h = one(inspection.h[layer])
    _within("step", step, len(h))
    _within("output", output, network.outputs)
    below = one(inspection.window if layer == 0 else inspection.h[layer - 1])
    states = {name: one(arrays[layer]) for name, arrays in inspection.gates.items()}
    states["h"] = h
    if inspection.c:
        states["c"] = one(inspection.c[layer])
    now = {name: array[step] for name, array in states.items()}
    start = np.zeros(of_layer.units, h.dtype)
    before = {name: array[step - 1] if step else start for name, array in states.items()}
    at = _Place(of_layer, unit, below[step], now, before, most)
    top = one(inspection.h[-1])[-1]
    said = one(inspection.output)[output] if several else inspection.output[output]
    return StepEquations(
        EQUATIONS[of_layer.cell](at),
        _output(top, network.head_kernel, network.head_bias, output, float(said), most),
    )


@dataclass(frozen=True, eq=False)
class _Place:
    """Where the equations are read: a unit of a layer, and all numbers around it."""

    layer: Layer
    unit: int
    x: Floats
    now: Mapping[str, Floats]
    before: Mapping[str, Floats]
    most: int

    def value(self, name: str) -> float:
        return float(self.now[name][self.unit])

    def last(self, name: str) -> float:
        return float(self.before[name][self.unit])

    def name(self, letter: str, time: str = "t") -> str:
        return _name(letter, self.unit, time)

    def column(self, block: str) -> int:
        return int(self.layer.block(block).start) + self.unit

    def from_input(self, block: str) -> list[Term]:
        weights = self.layer.kernel[:, self.column(block)]
        return [
            Term(_name("x", k), float(weight), float(x))
            for k, (weight, x) in enumerate(zip(weights, self.x, strict=True))
        ]

    def from_state(self, block: str, reset: Floats | None = None) -> list[Term]:
        weights = self.layer.recurrent_kernel[:, self.column(block)]
        states = self.before["h"].astype(np.float64)
        if reset is not None:
            states = states * reset
        names = [_name("h", k, "t-1") for k in range(len(states))]
        if reset is not None:
            names = [f"{_name('r', k)} {name}" for k, name in enumerate(names)]
        triples = zip(names, weights, states, strict=True)
        return [Term(name, float(weight), float(state)) for name, weight, state in triples]

    def bias(self, block: str, which: int = 0) -> float:
        biases = self.layer.bias if self.layer.bias.ndim == 2 else self.layer.bias[None]
        return float(biases[which, self.column(block)])

    def activated(self, block: str, letter: str, activation: str) -> Equation:
        """Write an activation of a weighted sum of input and state."""
        bias = sum(self.bias(block, which) for which in range(self.layer.bias.ndim))
        terms = [*self.from_input(block), *self.from_state(block)]
        function = ACTIVATIONS[activation].tex
        formula = (
            rf"{self.name(letter)} = {function}\Big("
            rf"\sum_k {_weight('x', block, self.unit)} x_t^{{(k)}} + "
            rf"\sum_k {_weight('h', block, self.unit)} h_{{t-1}}^{{(k)}} + "
            rf"b_{{{_letter(block)}}}^{{({self.unit + 1})}}\Big)"
        )
        return _sum(self.name(letter), self.value(block), formula, function, terms, bias, self.most)


def _rnn(at: _Place) -> tuple[Equation, ...]:
    return (at.activated("h", "h", at.layer.activation),)


def _lstm(at: _Place) -> tuple[Equation, ...]:
    phi = at.layer.activation
    gates = [
        at.activated(block, block, phi if block == "g" else at.layer.recurrent_activation)
        for block in "ifgo"
    ]
    i, f, g, o = (at.value(block) for block in "ifgo")
    c, h = at.value("c"), at.value("h")
    function = ACTIVATIONS[phi].tex
    cell = Equation(
        at.name("c"),
        c,
        rf"{at.name('c')} = {at.name('f')} {at.name('c', 't-1')} + {at.name('i')} {at.name('g')}",
        rf"{at.name('c')} = {tex_number(f)} \cdot {_bracketed(at.last('c'))} + "
        rf"{tex_number(i)} \cdot {_bracketed(g)} = {tex_number(c)}",
        (Term(at.name("c", "t-1"), f, at.last("c")), Term(at.name("g"), i, g)),
        inside=f * at.last("c") + i * g,
    )
    squashed = float(ACTIVATIONS[phi].apply(np.asarray(c, np.float64)))
    state = Equation(
        at.name("h"),
        h,
        rf"{at.name('h')} = {at.name('o')} \, {function}({at.name('c')})",
        rf"{at.name('h')} = {tex_number(o)} \cdot {function}({tex_number(c)}) = "
        rf"{tex_number(o)} \cdot {_bracketed(squashed)} = {tex_number(h)}",
        (Term(rf"{function}({at.name('c')})", o, squashed),),
        inside=o * squashed,
    )
    return (*gates, cell, state)


def _gru(at: _Place) -> tuple[Equation, ...]:
    gates = [at.activated(block, block, at.layer.recurrent_activation) for block in "zr"]
    z, n, h, last = at.value("z"), at.value("candidate"), at.value("h"), at.last("h")
    state = Equation(
        at.name("h"),
        h,
        rf"{at.name('h')} = {at.name('z')} {at.name('h', 't-1')} + "
        rf"(1 - {at.name('z')}) \, {at.name('n')}",
        rf"{at.name('h')} = {tex_number(z)} \cdot {_bracketed(last)} + "
        rf"{tex_number(1 - z)} \cdot {_bracketed(n)} = {tex_number(h)}",
        (Term(at.name("h", "t-1"), z, last), Term(at.name("n"), 1 - z, n)),
        inside=z * last + (1 - z) * n,
    )
    return (*gates, *_candidate(at), state)


def _candidate(at: _Place) -> tuple[Equation, ...]:
    """Write the GRU's candidate n, the reset before or after the product with the state."""
    function = ACTIVATIONS[at.layer.activation].tex
    from_input = at.from_input("candidate")
    inputs = rf"\sum_k {_weight('x', 'candidate', at.unit)} x_t^{{(k)}}"
    bias = rf"b_n^{{({at.unit + 1})}}"
    weight = _weight("h", "candidate", at.unit)
    name = at.name("n")
    if not at.layer.reset_after:
        formula = (
            rf"{name} = {function}\Big({inputs} + "
            rf"\sum_k {weight} r_t^{{(k)}} h_{{t-1}}^{{(k)}} + {bias}\Big)"
        )
        terms = [*from_input, *at.from_state("candidate", at.now["r"])]
        value = at.value("candidate")
        return (_sum(name, value, formula, function, terms, at.bias("candidate"), at.most),)
    of_state = at.from_state("candidate")
    state_bias = at.bias("candidate", 1)
    inside = math.fsum(term.product for term in of_state) + state_bias
    symbol = at.name("m")
    summed = _sum(
        symbol,
        inside,
        rf"{symbol} = \sum_k {weight} h_{{t-1}}^{{(k)}} + b_m^{{({at.unit + 1})}}",
        "",
        of_state,
        state_bias,
        at.most,
    )
    terms = [*from_input, Term(symbol, at.value("r"), inside)]
    formula = rf"{name} = {function}\Big({inputs} + {bias} + {at.name('r')} \, {symbol}\Big)"
    value = at.value("candidate")
    # What the reset gate lets through is always shown: it is what the formula is about.
    return summed, _sum(
        name, value, formula, function, terms, at.bias("candidate"), at.most, always=symbol
    )


EQUATIONS: Mapping[str, Callable[[_Place], tuple[Equation, ...]]] = {
    "rnn": _rnn,
    "lstm": _lstm,
    "gru": _gru,
}


def _output(
    top: Floats, kernel: Floats, biases: Floats, output: int, value: float, most: int
) -> Equation:
    symbol = rf"\hat{{y}}^{{({output + 1})}}"
    terms = [
        Term(_name("h", k, "T"), float(weight), float(state))
        for k, (weight, state) in enumerate(zip(kernel[:, output], top, strict=True))
    ]
    formula = (
        rf"{symbol} = \sum_k W_{{hy}}^{{(k, {output + 1})}} h_T^{{(k)}} + b_y^{{({output + 1})}}"
    )
    return _sum(symbol, value, formula, "", terms, float(biases[output]), most)


def _sum(
    symbol: str,
    value: float,
    formula: str,
    function: str,
    terms: list[Term],
    bias: float,
    most: int,
    always: str = "",
) -> Equation:
    """Write ``function(sum of terms + bias) = value``, the largest terms shown."""
    inside = math.fsum(term.product for term in terms) + bias
    ranked = sorted(terms, key=lambda term: (term.symbol != always, -abs(term.product)))
    kept = set(map(id, ranked[:most]))
    shown = tuple(term for term in terms if id(term) in kept)
    rest = [term for term in terms if id(term) not in kept]
    others = math.fsum(term.product for term in rest)
    parts = [
        (term.weight, rf"{tex_number(abs(term.weight))} \cdot {_bracketed(term.factor)}")
        for term in shown
    ]
    if rest:
        parts.append((others, rf"\underbrace{{{tex_number(abs(others))}}}_{{{len(rest)} \times}}"))
    parts.append((bias, tex_number(abs(bias))))
    added = "".join(f" {'-' if sign < 0 else '+'} {text}" for sign, text in parts)
    added = added.removeprefix(" + ").removeprefix(" ")
    if function:
        numbers = (
            rf"{symbol} = {function}\big({added}\big) = "
            rf"{function}({tex_number(inside)}) = {tex_number(value)}"
        )
    else:
        numbers = rf"{symbol} = {added} = {tex_number(value)}"
    return Equation(symbol, value, formula, numbers, shown, others, len(rest), bias, inside)


def tex_number(value: float) -> str:
    """Write a number in TeX to ``DIGITS`` significant digits.

    >>> tex_number(-0.123456), tex_number(0.0000123456)
    ('-0.1235', '1.235 \\\\cdot 10^{-5}')
    """
    if value == 0 or not math.isfinite(value):
        return {0.0: "0", math.inf: r"\infty", -math.inf: r"-\infty"}.get(value, r"\text{NaN}")
    written = f"{value:.{DIGITS}g}"
    if abs(value) >= 1e-3 and "e" not in written:
        return written
    digits, _, exponent = f"{value:.{DIGITS - 1}e}".partition("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}"


def _bracketed(value: float) -> str:
    written = tex_number(value)
    return rf"({written})" if written.startswith("-") or "cdot" in written else written


def _name(letter: str, unit: int, time: str = "t") -> str:
    return rf"{letter}_{{{time}}}^{{({unit + 1})}}"


def _letter(block: str) -> str:
    return "n" if block == "candidate" else block


def _weight(source: str, block: str, unit: int) -> str:
    return rf"W_{{{source}{_letter(block)}}}^{{(k, {unit + 1})}}"


_MISSING = {
    "layer": N_("There is no layer {received}: there are {count}, counted from 0."),
    "unit": N_("There is no unit {received}: there are {count}, counted from 0."),
    "window": N_("There is no window {received}: there are {count}, counted from 0."),
    "step": N_("There is no time step {received}: there are {count}, counted from 0."),
    "output": N_("There is no output {received}: there are {count}, counted from 0."),
}


def _within(what: str, received: int, count: int) -> None:
    if not (isinstance(received, int | np.integer) and 0 <= received < count):
        values: dict[str, object] = {"received": received, "count": count}
        raise ConfigError(Message(f"inside.{what}", _MISSING[what], values))
