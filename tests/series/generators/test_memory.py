import numpy as np
import pytest

from rnn_core.series.generators import generate
from rnn_core.series.generators.memory import drive_narma


@pytest.mark.parametrize("order", [2, 3, 10])
def test_narma_obeys_its_recursion_on_the_covariate(order):
    series = generate("narma", 600, seed=3, order=order)
    y, (u,) = series.values, series.covariates.T
    for t in range(order - 1, 599):
        past = y[t - order + 1 : t + 1]
        expected = 0.3 * y[t] + 0.05 * y[t] * past.sum() + 1.5 * u[t - order + 1] * u[t] + 0.1
        assert y[t + 1] == pytest.approx(expected)
    assert series.covariate_names == ("input",)


def test_narma_inputs_are_uniform():
    (inputs,) = generate("narma", 20_000, seed=1, input=0.4).covariates.T
    assert inputs.min() >= 0
    assert inputs.max() < 0.4
    assert inputs.mean() == pytest.approx(0.2, abs=0.005)
    assert inputs.var() == pytest.approx(0.4**2 / 12, rel=0.03)


def test_narma_with_a_steady_input_rests_where_its_equation_says():
    # y = 0.3 y + 0.05 n y² + 1.5 u² + 0.1
    u, n = 0.3, 10
    rest = (0.7 - (0.49 - 4 * 0.05 * n * (1.5 * u**2 + 0.1)) ** 0.5) / (2 * 0.05 * n)
    assert drive_narma(np.full(500, u), n)[-1] == pytest.approx(rest)


def test_narma_inputs_under_which_it_runs_away_are_drawn_again():
    runaway = 0
    for seed in range(60):
        stream = np.random.default_rng(seed).spawn(2)[0]
        first = drive_narma(stream.uniform(0, 0.5, size=20_200), 10)
        series = generate("narma", 20_000, seed=seed)
        if not (first < 10).all():
            runaway += 1
            assert series.values.max() < 1.5
        else:
            assert (series.values == first[200:]).all()
    assert runaway > 0


@pytest.mark.parametrize("span", [4, 5, 10, 37])
def test_the_adding_problem_asks_for_the_sum_of_the_two_marked_numbers(span):
    series = generate("adding", 50 * span, seed=2, span=span)
    answers = series.values.reshape(50, span)
    numbers, markers = series.covariates.T.reshape(2, 50, span)
    assert series.season == span
    assert (answers[:, :-1] == 0).all()
    assert answers[:, -1] == pytest.approx((numbers * (markers == 1)).sum(axis=1))
    assert (markers[:, -2] == -1).all()
    assert ((markers == 1).sum(axis=1) == 2).all()
    assert set(np.unique(markers)) == ({-1, 0, 1})
    half = (span - 1) // 2
    assert ((markers[:, :half] == 1).sum(axis=1) == 1).all()
    assert numbers.min() >= 0
    assert numbers.max() < 1


def test_the_marked_numbers_are_everywhere_and_their_sums_spread_as_they_should():
    series = generate("adding", 20_000, seed=3, span=10)
    markers = series.covariates[:, 1].reshape(-1, 10)
    marked = (markers == 1).mean(axis=0)
    assert marked[:8] == pytest.approx([0.25] * 8, abs=0.05)
    assert marked[8:].tolist() == [0, 0]
    answers = series.values[9::10]
    assert answers.mean() == pytest.approx(1, abs=0.04)
    assert answers.var() == pytest.approx(1 / 6, rel=0.1)


@pytest.mark.parametrize(
    ("symbols", "blanks", "alphabet"), [(4, 6, 4), (1, 0, 2), (50, 400, 20), (3, 1, 5)]
)
def test_the_copy_task_repeats_its_symbols_after_the_blanks(symbols, blanks, alphabet):
    frame = 2 * symbols + blanks
    chosen = {"symbols": symbols, "blanks": blanks, "alphabet": alphabet}
    series = generate("copy", 40 * frame, seed=2, **chosen)
    frames = series.values.reshape(40, frame)
    assert series.season == frame
    assert (frames[:, symbols : symbols + blanks] == 0).all()
    assert (frames[:, :symbols] == frames[:, symbols + blanks :]).all()
    assert set(np.unique(frames[:, :symbols])) <= set(range(1, alphabet + 1))
    assert len(np.unique(frames[:, :symbols])) > 1
