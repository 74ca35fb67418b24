import numpy as np

from rnn_core.plots import path_ranges
from tests.plots.inside_figures import random, solid_of, trajectory_of


def test_a_trajectory_keeps_its_axes_and_marks_a_step() -> None:
    fig = trajectory_of(step=3)
    path, mark = fig.data
    np.testing.assert_array_equal(path.x, random(40, 2)[:, 0].astype(np.float32))
    assert (mark.x[0], mark.y[0]) == (path.x[3], path.y[3])
    assert fig.layout.xaxis.range == (-3, 3)
    assert fig.layout.xaxis.title.text == "Component 1 (60 % of the variance)"
    season = trajectory_of(season=True).data[0].marker
    assert (season.cmin, season.cmax) == (0, 1)
    assert season.colorscale[0][1] == season.colorscale[-1][1]
    assert len(trajectory_of().data[1].x) == 0


def test_three_components_stand_in_a_cube() -> None:
    fig = solid_of()
    path, mark = fig.data
    np.testing.assert_array_equal(path.z, random(40, 3)[:, 2].astype(np.float32))
    assert mark.z.tolist() == [path.z[3]]
    assert fig.layout.scene.zaxis.range == (-3, 3)
    assert fig.layout.scene.zaxis.title.text == "Component 3 (10 %)"


def test_ranges_of_paths_hold_all_of_them() -> None:
    paths = [random(9, 3), 5 * random(9, 3, seed=5)]
    ranges = path_ranges(*paths, components=(1, 3))
    for (low, high), component in zip(ranges, (0, 2), strict=True):
        values = np.concatenate(paths)[:, component]
        assert low < values.min() < values.max() < high
    assert path_ranges(np.ones((4, 2))) == ((0.5, 1.5), (0.5, 1.5))
