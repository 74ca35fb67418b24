"""Tasks made to try a network's memory, laid out as one long series.

What has to be remembered comes in by the series itself or by channels that go with it
(covariates); a window that ends before step t holds all channels up to step t - 1, and the value
at t is what is to be said.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnn_core.messages import N_
from rnn_core.series.generators.generator import Floats, Generator, parameter

NARMA_WARM_UP = 200
NARMA_DRAWS = 50
ESCAPED = 10.0  # it never comes back from there; usual values are below 1


def narma(length: int, random: np.random.Generator, order: int, input: float) -> Floats:
    """Drive the NARMA system with uniform numbers from 0 to ``input``, the covariate.

    The value at t + 1 answers the covariate at t and ``order`` - 1 steps earlier. The first 200
    values are dropped. Of order 10 the system is not quite stable: now and then a row of large
    inputs lets it run away. Then all inputs are drawn again.
    """
    for _ in range(NARMA_DRAWS):
        inputs = random.uniform(0, input, size=NARMA_WARM_UP + length)
        path = drive_narma(inputs, order)
        if (path < ESCAPED).all():
            break
    return np.stack([path, inputs], axis=1)[NARMA_WARM_UP:]


def drive_narma(inputs: Floats, order: int) -> Floats:
    """Give the system's answers to ``inputs`` ``(n,)`` from rest, shape ``(n,)``.

    The sum over the last values is kept up to date instead of taken anew; what was before the
    first step is 0.
    """
    pushes = np.full(len(inputs), 0.1)
    pushes[order - 1 :] += 1.5 * inputs[: len(inputs) - order + 1] * inputs[order - 1 :]
    path = [0.0]
    recent = 0.0
    for step, push in enumerate(pushes[:-1].tolist()):
        y = path[step]
        recent += y
        if step >= order:
            recent -= path[step - order]
        path.append(0.3 * y + 0.05 * y * recent + push)
    return np.array(path)


def adding(length: int, random: np.random.Generator, span: int) -> Floats:
    """Lay the adding problem out in frames of ``span`` steps.

    Within a frame the covariates bring, step by step, a number from 0 to 1 and a marker: 1 at one
    step of the first half and at one of the second, -1 at the last step but one, 0 elsewhere. The
    series is 0, but at the last step of the frame it is the sum of the two marked numbers.
    """
    frames = -(-length // span)
    # A stream for each, so that a longer series begins with the shorter one.
    numbering, marking, marking_again = random.spawn(3)
    numbers = numbering.random((frames, span))
    half = (span - 1) // 2
    first = marking.integers(0, half, size=frames)
    second = marking_again.integers(half, span - 2, size=frames)
    rows = np.arange(frames)
    markers = np.zeros((frames, span))
    markers[rows, first] = 1
    markers[rows, second] = 1
    markers[:, span - 2] = -1
    answers = np.zeros((frames, span))
    answers[:, -1] = numbers[rows, first] + numbers[rows, second]
    return np.stack([answers.ravel(), numbers.ravel(), markers.ravel()], axis=1)[:length]


def copy(
    length: int, random: np.random.Generator, symbols: int, blanks: int, alphabet: int
) -> Floats:
    """Lay the copy task out in frames: symbols, blanks, and the same symbols again.

    Symbols are drawn from 1 to ``alphabet``; a blank is 0. No covariates: the first symbols of a
    frame cannot be foreseen, the blanks and the second ones can.
    """
    frame = 2 * symbols + blanks
    frames = -(-length // frame)
    values = np.zeros((frames, frame))
    values[:, :symbols] = random.integers(1, alphabet + 1, size=(frames, symbols))
    values[:, symbols + blanks :] = values[:, :symbols]
    return values.ravel()[:length]


def _span(parameters: Mapping[str, int]) -> int:
    return parameters["span"]


def _frame(parameters: Mapping[str, int]) -> int:
    return 2 * parameters["symbols"] + parameters["blanks"]


MEMORY: Mapping[str, Generator] = {
    "narma": Generator(
        N_("NARMA"),
        narma,
        r"x_{t+1} = 0.3\,x_t + 0.05\,x_t \sum_{i=0}^{n-1} x_{t-i} + 1.5\,u_{t-n+1} u_t + 0.1,"
        r" \quad u_t \sim \mathcal{U}(0, m)",
        "Atiya & Parlos, New results on recurrent network training, IEEE Transactions on Neural "
        "Networks 11, 2000",
        N_("The input now and n - 1 steps earlier, to multiply them, and the last n values."),
        (
            parameter("order", 10, N_("Order n"), N_("How far back it reaches."), 2, 10),
            parameter("input", 0.5, N_("Input m"), N_("Largest input."), 0.1, 0.5, 0.05),
        ),
        covariates=(N_("input"),),
    ),
    "adding": Generator(
        N_("Adding problem"),
        adding,
        r"x_t = \begin{cases} u_i + u_j & t \text{ last step of a frame}, m_i = m_j = 1 \\"
        r" 0 & \text{else} \end{cases}, \quad u_t \sim \mathcal{U}(0, 1)",
        "Hochreiter & Schmidhuber, Long short-term memory, Neural Computation 9, 1997",
        N_("Two marked numbers out of a frame until they are asked for, and none of the others."),
        (
            parameter(
                "span",
                10,
                N_("Frame"),
                N_("Steps from one answer to the next; as many timesteps hold all it takes."),
                4,
                400,
            ),
        ),
        _span,
        covariates=(N_("number"), N_("marker")),
    ),
    "copy": Generator(
        N_("Copy task"),
        copy,
        r"x = (s_1, \dots, s_m, \underbrace{0, \dots, 0}_{b}, s_1, \dots, s_m), \quad"
        r" s_i \in \{1, \dots, k\}",
        "Graves, Wayne & Danihelka, Neural Turing machines, arXiv:1410.5401, 2014; Arjovsky, Shah "
        "& Bengio, Unitary evolution recurrent neural networks, ICML 2016",
        N_("m symbols in their order, over b blanks: a value from m + b steps back, each time."),
        (
            parameter("symbols", 4, N_("Symbols m"), N_("How many are to be repeated."), 1, 50),
            parameter("blanks", 6, N_("Blanks b"), N_("Steps between hearing and saying."), 0, 400),
            parameter("alphabet", 4, N_("Alphabet k"), N_("How many symbols there are."), 2, 20),
        ),
        _frame,
    ),
}
