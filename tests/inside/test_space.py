import numpy as np
import pytest

from rnn_core.inside.space import fit_space, trajectory_said

RANDOM = np.random.default_rng(6)


def circle(seasons=4, season=12, units=5):
    phase = 2 * np.pi * np.arange(seasons * season) / season
    axes = np.linalg.qr(RANDOM.normal(size=(units, 2)))[0].T
    return 3 * np.cos(phase)[:, None] * axes[0] + np.sin(phase)[:, None] * axes[1] + 0.7


def test_axes_are_those_of_the_covariance():
    states = RANDOM.normal(size=(200, 6)) @ RANDOM.normal(size=(6, 6))
    space = fit_space([states], 3)
    values, vectors = np.linalg.eigh(np.cov(states.T))
    for index in range(3):
        assert abs(space.axes[index] @ vectors[:, -1 - index]) == pytest.approx(1)
    assert space.explained == pytest.approx(values[::-1][:3] / values.sum())
    assert space.share(states) == pytest.approx(space.explained.sum())
    np.testing.assert_allclose(space.axes @ space.axes.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(space.project(states).mean(axis=0), 0, atol=1e-10)


def test_axes_do_not_depend_on_the_order_of_epochs_and_keep_their_sign():
    epochs = [RANDOM.normal(size=(30, 4)) * [4, 3, 2, 1] for _ in range(3)]
    one, other = fit_space(epochs), fit_space(epochs[::-1])
    np.testing.assert_allclose(one.axes, other.axes, atol=1e-10)
    strongest = np.abs(one.axes).argmax(axis=1)
    assert (one.axes[np.arange(3), strongest] > 0).all()


def test_there_are_no_more_axes_than_units():
    space = fit_space([RANDOM.normal(size=(10, 2))], 3)
    assert space.axes.shape == (2, 2)
    assert space.explained.sum() == pytest.approx(1)
    still = fit_space([np.ones((10, 2))], 2)
    assert still.explained.tolist() == [0, 0]
    assert still.share(np.ones((10, 2))) == 1


def test_a_cycle_is_called_one():
    states = circle()
    space = fit_space([states], 2)
    said = trajectory_said(space.project(states), 12, space.share(states))
    assert said.kind == "inside.space.cycle"
    assert "after 12 steps it comes back to within 0 %" in str(said)
    assert "2 axes show 100 %" in str(said)


@pytest.mark.parametrize(
    ("path", "season", "kind"),
    [
        (RANDOM.normal(size=(60, 2)), 12, "inside.space.open"),
        (RANDOM.normal(size=(20, 2)), 12, "inside.space"),
        (RANDOM.normal(size=(20, 2)), 0, "inside.space"),
        (np.ones((60, 2)), 12, "inside.space.point"),
    ],
)
def test_other_paths_in_words(path, season, kind):
    said = trajectory_said(path, season, 0.5)
    assert said.kind == kind
    assert "{" not in str(said)
