"""What was published: where, what was asked, how this differs from it, and why results do.

Only words and names, so that a page can import it; the modules that run it are named here and
loaded when they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rnn_core.messages import N_

PACKAGE = "rnn_core.reproduce"


@dataclass(frozen=True)
class Publication:
    """One published table.

    ``question`` is what it asks, ``source`` who published it where (not translated), ``links``
    where to read it, ``deviations`` what is done otherwise here, ``why`` what explains the
    difference in the figures. ``module`` has ``Plan`` and ``run``.
    """

    title: str
    question: str
    source: str
    links: tuple[str, ...]
    deviations: tuple[str, ...]
    why: tuple[str, ...]
    module: str


PUBLICATIONS: Mapping[str, Publication] = {
    "airpassengers": Publication(
        N_("AirPassengers with a small LSTM"),
        N_("How far off are the one-step forecasts of the best-known Keras tutorial?"),
        "Brownlee, Time Series Prediction with LSTM Recurrent Neural Networks in Python with "
        "Keras, Machine Learning Mastery, 2016",
        (
            "https://machinelearningmastery.com/"
            "time-series-prediction-lstm-recurrent-neural-networks-python-keras/",
        ),
        (
            N_(
                "The published figures are of one run each; here they are the median of several "
                "seeds. Keras used a piecewise linear gate then, a sigmoid now."
            ),
        ),
        (
            N_(
                "The median comes close to the published figures, and those lie within the range "
                "of the seeds or next to it: the tutorial is reproduced."
            ),
            N_(
                "On its own test points that network is hardly better than repeating the last "
                "value, or worse, and worse than repeating last year's, although it has seen the "
                "largest value of the test part. Log and difference, fitted on the training part "
                "alone, more than halve the error."
            ),
        ),
        f"{PACKAGE}.airpassengers",
    ),
    "shampoo": Publication(
        N_("Shampoo sales with a stateful LSTM"),
        N_("Is one good run of a network on 36 values more than luck?"),
        "Brownlee, Time Series Forecasting with the Long Short-Term Memory Network in Python, "
        "Machine Learning Mastery, 2017",
        (
            "https://machinelearningmastery.com/"
            "time-series-forecasting-long-short-term-memory-network-python/",
        ),
        (N_("Keras used a piecewise linear gate then, a sigmoid now; otherwise as published."),),
        (
            N_(
                "The means of the 30 runs differ by less than the standard error of that "
                "difference: the 30 runs are reproduced. The single one is a lucky one: of 30 runs "
                "here none does better."
            ),
            N_(
                "Half of the runs or nearly so are worse than repeating the last month, so that "
                "one good run says nothing."
            ),
        ),
        f"{PACKAGE}.shampoo",
    ),
    "adding": Publication(
        N_("The adding problem"),
        N_("Over how many steps can a cell learn to remember two of T numbers?"),
        "Hochreiter & Schmidhuber, Long short-term memory, Neural Computation 9, 1997; Le, Jaitly "
        "& Hinton, A simple way to initialize recurrent networks of rectified linear units, 2015; "
        "Bai, Kolter & Koltun, An empirical evaluation of generic convolutional and recurrent "
        "networks for sequence modeling, 2018",
        (
            "https://doi.org/10.1162/neco.1997.9.8.1735",
            "https://arxiv.org/abs/1504.00941",
            "https://arxiv.org/abs/1803.01271",
        ),
        (
            N_(
                "The papers train other sizes at other lengths and give curves, no numbers to "
                "compare with: what is held against them is who leaves the plateau of guessing "
                "(MSE 1/6) and who does not. The last step is marked by -1, as in 1997; a third "
                "input is always 0 within a sequence."
            ),
        ),
        (
            N_(
                "GRU and LSTM leave the plateau, the GRU first; the RNN with tanh stays on it at "
                "both lengths, as its gradient is lost on the way back: the papers' order holds."
            ),
        ),
        f"{PACKAGE}.adding",
    ),
    "mackey-glass": Publication(
        N_("Mackey-Glass on its own output"),
        N_("How long does a free run stay with a chaotic series?"),
        "Yik et al., NeuroBench: a framework for benchmarking neuromorphic computing algorithms "
        "and systems, Nature Communications 16, 2025",
        (
            "https://arxiv.org/abs/2304.04640",
            "https://github.com/NeuroBench/neurobench/blob/main/leaderboard.rst",
            "https://github.com/NeuroBench/neurobench/tree/main/examples/mackey_glass",
            "https://github.com/NeuroBench/neurobench/issues/262",
        ),
        (
            N_(
                "The same equation, parameters, sampling, lengths, starts and sMAPE, but solved "
                "anew here: of a chaotic series, another solver gives other values, and NeuroBench "
                "asks to use its own file."
            ),
            N_(
                "Gates have one bias instead of PyTorch's two. The LSTM of the paper is run from "
                "the first 15 of the 30 starts, in single instead of double precision, and the "
                "LSTM on windows from the first 10. The echo state network is scaled by its "
                "largest eigenvalue, in the source by the first that is found."
            ),
            N_(
                "The network of the paper is not in the script any more: with its 13.37 go 60,300 "
                "multiplications to a step. That fits 100 units (60,400), not the 40 of the script "
                "(14,560). How it was trained is not said; here it is as in the script."
            ),
        ),
        (
            N_(
                "Until June 2025 NeuroBench's script let its LSTM run through the part it was "
                "trained on; 13.37 is older than that. Comments in the script give 15.16 before "
                "the correction and 14.35 after it. Each figure stands here beside the part it is "
                "of."
            ),
            N_(
                "The echo state network is reproduced: the published figure lies within two "
                "standard errors of the mean here."
            ),
            N_(
                "The script's LSTM comes out worse than its comment says, by between two and "
                "three standard errors of the mean here, which is less than two of the difference "
                "if theirs spreads as much: it may be chance. As published, it is ahead of "
                "repeating the mean."
            ),
            N_(
                "The paper's 13.37 is not reproduced. It is not for the part that is gone through: "
                "after the training part, the error is about the same. Our LSTM on windows, which "
                "carries no state on and is trained in another way, comes out about the same, too. "
                "What remains is a guess: other settings than the script's, found by a search on "
                "this very series, or the series itself."
            ),
        ),
        f"{PACKAGE}.mackey_glass",
    ),
    "m4": Publication(
        N_("What preparation does, judged as in M4"),
        N_(
            "Why does the M4 competition's own RNN lose against repeating the last value with a "
            "season?"
        ),
        "Makridakis, Spiliotis & Assimakopoulos, The M4 Competition: 100,000 time series and 61 "
        "forecasting methods, International Journal of Forecasting 36, 2020",
        (
            "https://doi.org/10.1016/j.ijforecast.2019.04.014",
            "https://github.com/Mcompetitions/M4-methods",
        ),
        (
            N_(
                "The published figures are means over the competition's 100,000 series; here they "
                "are over the sample series, which have other lengths and are easier or harder, so "
                "that only the order of the rows can be compared. M4's RNN has linear units "
                "without a bias; those here are tanh."
            ),
        ),
        (
            N_(
                "Preparation turns the order round. As it is, without any, the network loses as in "
                "the competition: it beats Naive2 on two of the eight series and does not even "
                "reach the size of the values. With the season taken out and the change of the "
                "logarithm to learn it wins on seven of eight."
            ),
            N_(
                "Scaling alone brings it to four, M4's own preparation to five of eight, and in "
                "the mean each of them is ahead of Naive2 here, other than in the competition: "
                "eight series decide little."
            ),
            N_(
                "Naive2 loses most on the sunspots, whose cycle of 9 to 14 years it takes for a "
                "season of 11. Without them, what takes the trend or a difference out is still "
                "ahead of it, and the rest is not."
            ),
        ),
        f"{PACKAGE}.m4",
    ),
}
