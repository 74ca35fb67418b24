import dataclasses

import numpy as np
import pytest

from rnn_core.config import Experiment
from rnn_core.forecast.diagnoses import DIAGNOSES, PICTURES, conclude, diagnose
from rnn_core.forecast.evaluate import evaluate
from rnn_core.forecast.evidence import Evidence, gather
from rnn_core.forecast.intervals import LEVELS, Coverage
from rnn_core.forecast.lagged import lag_profile
from rnn_core.forecast.learning import CONSTANT_LOSSES, ZERO_LOSSES
from rnn_core.forecast.looks_ahead import Drawn
from rnn_core.forecast.metrics import Scores
from rnn_core.forecast.significance import Comparison
from rnn_core.messages import Message
from rnn_core.quantiles import QUANTILES
from rnn_core.series import Series, Treatment
from rnn_core.series.treatment import treat
from rnn_core.windows import prepare

EPOCHS = np.arange(100)
DONE = 0.1 + np.exp(-EPOCHS / 8)  # learnt, and level since long ago
RANDOM = np.random.default_rng(0)
SWING = np.sin(np.arange(200) / 2)
SURE = Comparison(-4.0, 0.001, True, 48)


def coverage(share, count=48, calibration=20):
    shares = np.full((3, 4), share)
    return Coverage(LEVELS, shares, np.full(4, count), np.full(4, calibration))


def evidence(**changes):
    """A run with nothing to complain about."""
    healthy = Evidence(
        experiment=experiment(epochs=100, patience=0),
        parameters=50,
        loss=DONE,
        val_loss=DONE + 0.02,
        training=RANDOM.normal(size=100),
        known=SWING,
        test_points=48,
        scores=Scores(20.0, 15.0, 48.0, 42.0),
        errors={"persistence": 48.0, "seasonal_naive": 42.0, "theta": 25.0, "ets": 24.0},
        comparison=SURE,
        lag=None,
        coverage=coverage(0.78),
        future=np.sin(np.arange(200, 240) / 2),
        future_open=np.array(False),
    )
    return dataclasses.replace(healthy, **changes)


def experiment(**values):
    return Experiment.from_values(values)


def late():
    truth = np.cumsum(np.random.default_rng(1).normal(size=60))
    return lag_profile(truth[1:], truth[:-1], truth[:-1])


RISING = np.where(EPOCHS < 40, DONE, 0.1 + 0.01 * (EPOCHS - 40))
FALLING = 0.05 + 0.9 * np.exp(-EPOCHS / 20)
CASES = {
    "training_diverged": {"loss": np.where(EPOCHS < 30, DONE, np.nan)},
    "training_unstable": {"loss": np.full(100, 38.8), "val_loss": np.full(100, 90.0)},
    "lagged_copy": {"lag": late()},
    "beaten_by_naive": {"scores": Scores(43.0, 30.0, 48.0, 42.0), "errors": {"mean": 90.0}},
    "free_run_diverges": {"future": np.geomspace(1, 1e6, 40)},
    "overfitting": {"loss": FALLING, "val_loss": RISING},
    "still_learning": {"loss": np.exp(-EPOCHS / 90), "val_loss": np.exp(-EPOCHS / 90)},
    "underfitting": {"loss": np.full(100, 0.99), "val_loss": np.full(100, 1.1),
                     "training": np.tile([1.0, -1.0], 60)},
    "uncovered": {"coverage": coverage(0.4)},
    "overconfident": {"coverage": coverage(0.4, calibration=0)},
    "beaten_by_statistics": {"errors": {"persistence": 48.0, "theta": 19.0}},
    "could_be_chance": {"comparison": Comparison(-1.0, 0.3, True, 48)},
    "flat_free_run": {"future": 1 + 0.01 * np.arange(40)},
    "underdetermined": {"parameters": 101},
    "short_test": {"test_points": 19},
    "looks_ahead": {"drawn": Drawn(24, 24, 48, 48, 300, 600)},
    "few_drawn": {"drawn": Drawn(1, 1, 2, 48, 5, 600)},
}  # fmt: skip


def test_a_healthy_run_has_no_findings_and_a_next_step():
    run = evidence()
    assert diagnose(run) == []
    conclusion = conclude(run, [])
    assert conclusion.outcome.kind == "verdict.beats"
    assert str(conclusion.reason) == ("Better than seasonal naive, and not by chance: p = 0.001.")
    assert conclusion.next_step.kind == "next.seeds"


def test_there_is_a_case_for_every_diagnosis():
    assert set(CASES) == set(DIAGNOSES)


@pytest.mark.parametrize("kind", CASES)
def test_each_diagnosis_finds_its_case_alone(kind):
    run = evidence(**CASES[kind])
    findings = diagnose(run)
    assert [finding.kind for finding in findings] == [kind]
    finding = findings[0]
    assert finding.picture in PICTURES
    for message in (finding.message, finding.next_step):
        assert str(message).endswith(".")
        assert Message.from_json(message.to_json()) == message
    conclusion = conclude(run, findings)
    if finding.severity == "problem":
        assert conclusion.next_step == finding.next_step
        assert conclusion.picture == finding.picture
        assert conclusion.reason in (finding.message, None)


def test_sentences_carry_their_figures():
    def said(kind):
        return str(diagnose(evidence(**CASES[kind]))[0].message)

    assert "not a number from epoch 31 on" in said("training_diverged")
    assert "slid back by 1 (correlation 1.000" in said("lagged_copy")
    assert said("overfitting").startswith("Overfitting from about epoch 41 on")
    assert "101 weights are learnt from 100 windows" in said("underdetermined")
    assert said("beaten_by_statistics").startswith("Theta, fitted in a moment")
    assert "those of 80 % hold 40 %" in said("uncovered")
    assert "own intervals of 80 % hold 40 %" in said("overconfident")
    assert "24 of 48 test values are not measured but drawn" in said("looks_ahead")
    assert "Of the whole series, 300 of 600 values are drawn" in said("looks_ahead")
    # 10 ** (6 / 39 * 6) is the first one over 1 + 3 * 2.
    assert "at step 7 after the end" in said("free_run_diverges")


def test_weights_that_went_back_are_not_overfitted():
    stopped = experiment(patience=10)
    assert diagnose(evidence(experiment=stopped, loss=FALLING, val_loss=RISING)) == []


def test_one_bad_epoch_is_not_overfitting():
    jump = DONE.copy()
    jump[-1] = 5
    assert diagnose(evidence(loss=FALLING, val_loss=jump)) == []


def test_a_loss_that_fell_once_may_go_up_again():
    up_and_down = FALLING * (1 + 0.2 * np.cos(EPOCHS / 3.4))
    assert 1 - up_and_down[-10:].mean() / up_and_down[-20:-10].mean() > 0.05
    assert diagnose(evidence(loss=np.exp(-EPOCHS / 90), val_loss=up_and_down)) == []


def test_early_stopping_ends_what_learns_no_more():
    stopped = experiment(epochs=101, patience=10)
    assert diagnose(evidence(experiment=stopped, **CASES["still_learning"])) == []
    through = experiment(epochs=100, patience=10)
    found = diagnose(evidence(experiment=through, **CASES["still_learning"]))
    assert [finding.kind for finding in found] == ["still_learning"]


def test_a_few_epochs_say_nothing_of_the_learning():
    few = {"loss": np.full(9, 0.99), "val_loss": np.full(9, 1.1)}
    assert diagnose(evidence(**few)) == []


def test_dropout_alone_does_not_make_an_underfit():
    run = evidence(**CASES["underfitting"] | {"val_loss": np.full(100, 0.3)})
    assert diagnose(run) == []


def test_what_has_learnt_nothing_of_a_high_level_is_not_unstable():
    # Values about 50 without scaling: the first weights say about 0, and slow steps stay there.
    slow = {"loss": np.full(100, 2501.0), "val_loss": np.full(100, 2501.0)}
    high = np.tile([51.0, 49.0], 60)
    assert [found.kind for found in diagnose(evidence(training=high, **slow))] == ["underfitting"]
    # Dropout raises the training loss alone, a test part beyond the scaling the other.
    one = evidence(loss=np.full(100, 38.8), val_loss=np.full(100, 0.3))
    other = evidence(loss=np.full(100, 0.3), val_loss=np.full(100, 38.8))
    assert diagnose(one) == diagnose(other) == []


@pytest.mark.parametrize("loss", ZERO_LOSSES)
def test_the_loss_of_saying_zero_is_that_worked_out_by_hand(loss):
    steps = np.array([[-2.0, 3.0], [-0.5, 0.25], [0.5, -0.25], [2.0, -3.0]])
    expected = {"mse": 3.328125, "mae": 1.4375, "huber": 1.0390625, "quantile": 0.71875}
    assert ZERO_LOSSES[loss](steps) == pytest.approx(expected[loss])


def test_low_coverage_on_few_points_may_be_bad_luck():
    assert diagnose(evidence(coverage=coverage(0.4, count=19))) == []
    assert diagnose(evidence(coverage=coverage(0.6, count=20, calibration=4))) == []
    assert diagnose(evidence(coverage=coverage(np.nan))) == []
    assert diagnose(evidence(coverage=None)) == []


def test_the_reason_of_a_defeat_comes_before_the_defeat():
    run = evidence(**CASES["beaten_by_naive"] | CASES["overfitting"])
    findings = diagnose(run)
    assert [finding.kind for finding in findings] == ["beaten_by_naive", "overfitting"]
    conclusion = conclude(run, findings)
    assert conclusion.outcome.kind == "verdict.worse"
    assert conclusion.reason.kind == "diagnosis.overfitting"
    assert conclusion.next_step.kind == "next.stop_early"


@pytest.mark.parametrize("later", [np.nan, np.inf])
def test_a_free_run_that_ends_in_no_numbers_has_run_away(later):
    future = np.r_[SWING[:20], np.full(20, later)]
    assert [f.kind for f in diagnose(evidence(future=future))] == ["free_run_diverges"]


def test_steps_said_at_once_are_not_called_its_own_output():
    direct = experiment(strategy="direct", horizon=40)
    for kind, words in (
        ("free_run_diverges", "The forecast runs away: at step 7"),
        ("flat_free_run", "within 40 steps it becomes a straight line"),
    ):
        (finding,) = diagnose(evidence(experiment=direct, **CASES[kind]))
        assert words in str(finding.message)
        assert "own output" not in str(finding.message)


def test_a_free_run_that_could_not_begin_has_not_run_away():
    assert diagnose(evidence(future=np.full(40, np.nan), future_open=np.array(True))) == []


@pytest.mark.parametrize("loss", CONSTANT_LOSSES)
def test_the_loss_of_a_constant_is_the_lowest_there_is(loss):
    values = np.random.default_rng(2).normal(size=400)
    measures = {
        "mse": lambda e: e**2,
        "mae": np.abs,
        "huber": lambda e: np.where(np.abs(e) <= 1, e**2 / 2, np.abs(e) - 0.5),
    }
    for q in QUANTILES:
        measures[q] = lambda e, q=q: np.where(e > 0, q * e, (q - 1) * e)
    constants = np.linspace(-2.5, 2.5, 1001)

    def least(measure):
        return min(measures[measure](values - c).mean() for c in constants)

    # Of quantiles, each has its own.
    lowest = np.mean([least(q) for q in QUANTILES]) if loss == "quantile" else least(loss)
    assert CONSTANT_LOSSES[loss](values) == pytest.approx(lowest, rel=0.01)
    # Each step ahead has its own.
    steps = np.column_stack([values, values + 5])
    assert CONSTANT_LOSSES[loss](steps) == pytest.approx(lowest, rel=0.01)


def test_a_line_drawn_to_later_values_is_no_forecast():
    walk = 500 + np.cumsum(np.random.default_rng(1).normal(size=600))
    walk[1::2] = np.nan
    months = np.arange(600).astype("datetime64[M]")
    filled = treat(Series("walk", walk, months), Treatment(missing="interpolate"))
    plain = experiment(log=False, difference="none", timesteps=4)

    def found(series):
        windows = prepare(plain, series)
        # On a drawn value the last change goes on; on a measured one nothing is known.
        evaluation = evaluate(windows, lambda batch: 2 * batch[:, -1, 0] - batch[:, -2, 0], 3)
        run = gather(plain, windows, DONE, DONE, evaluation)
        findings = diagnose(run)
        return run, conclude(run, findings)

    run, conclusion = found(filled)
    assert run.drawn.truth + run.drawn.windows == run.drawn.either == run.drawn.values
    assert run.drawn.everywhere == 299
    assert conclusion.reason.kind == "diagnosis.looks_ahead"
    assert conclusion.next_step.kind == "next.leave_missing"
    measured = Series("walk", filled.values, filled.times)
    assert found(measured)[0].drawn is None


def test_what_rounding_leaves_of_a_constant_runs_nowhere():
    constant = np.full(200, 5.0)
    future = 5 + 1e-3 * SWING[:40]
    assert diagnose(evidence(known=constant, future=future)) == []
    assert diagnose(evidence(known=constant + 1e-15 * SWING, future=future)) == []
    away = diagnose(evidence(known=constant, future=5 + np.arange(40)))
    assert [finding.kind for finding in away] == ["free_run_diverges"]
