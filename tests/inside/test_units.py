import numpy as np
import pytest

from rnn_core.inside.units import (
    CHANGE,
    INPUT,
    LEVEL,
    ORDERS,
    _average_linkage,
    by_cluster,
    by_peak,
    named,
    unit_places,
    unit_table,
)

STEPS = np.arange(60)
PHASE = STEPS / 12
RANDOM = np.random.default_rng(8)


@pytest.mark.parametrize("name", list(ORDERS))
def test_an_order_names_every_unit_once(name):
    h = RANDOM.normal(size=(30, 9))
    h[:, 4] = 0.25
    signals = {each: RANDOM.normal(size=30) for each in (INPUT, LEVEL, CHANGE)}
    for phase in (None, PHASE[:30]):
        found = ORDERS[name].find(h, unit_table(h, signals, phase))
        assert sorted(found) == list(range(9))


@pytest.mark.parametrize(
    ("name", "signal"), [("level", LEVEL), ("change", CHANGE), ("input", INPUT)]
)
def test_units_by_a_signal_come_closest_first(name, signal):
    signals = {each: RANDOM.normal(size=60) for each in (INPUT, LEVEL, CHANGE)}
    noise = RANDOM.normal(size=60)
    shares = [0.1, -2.0, 0.5, 1.0]  # a mirror image is followed, too
    h = np.stack([share * signals[signal] + noise for share in shares] + [0 * noise], axis=1)
    assert ORDERS[name].find(h, unit_table(h, signals)).tolist() == [1, 3, 2, 0, 4]
    assert ORDERS[name].series


def test_units_by_season_come_most_seasonal_first():
    wave, noise = np.sin(2 * np.pi * PHASE), RANDOM.normal(size=60)
    h = np.stack([0.3 * wave + noise, wave, 0 * wave, 2 * wave + noise], axis=1)
    assert ORDERS["season"].find(h, unit_table(h, {}, PHASE)).tolist() == [1, 3, 0, 2]
    assert ORDERS["season"].find(h, unit_table(h, {})).tolist() == [0, 1, 2, 3]


def test_steps_without_a_value_of_the_signal_are_left_out():
    h = RANDOM.normal(size=(60, 3))
    signal = h[:, 1] + RANDOM.normal(size=60)
    signal[[0, 17]] = np.nan, np.inf
    found = unit_table(h, {"change": signal, "none": np.full(60, np.nan)}).correlations
    known = np.isfinite(signal)
    for unit in range(3):
        expected = np.corrcoef(h[known, unit], signal[known])[0, 1]
        assert found["change"][unit] == pytest.approx(expected)
    assert found["none"].tolist() == [0, 0, 0]


def test_units_by_peak_peak_one_after_another():
    centres = np.array([40, 5, 22, 13])
    h = 1 + np.exp(-0.1 * (STEPS[:, None] - centres) ** 2)
    assert by_peak(h).tolist() == [1, 3, 2, 0]


def test_units_that_move_alike_lie_side_by_side_and_still_ones_last():
    waves = [np.sin(STEPS), np.cos(0.3 * STEPS), RANDOM.normal(size=60)]
    kinds = np.array([0, 1, 2, 0, 1, 2, 0])
    h = np.stack([waves[kind] for kind in kinds], 1) + 0.05 * RANDOM.normal(size=(60, 7))
    h = np.concatenate([np.zeros((60, 1)), h], axis=1)
    order = by_cluster(h)
    assert order[-1] == 0
    groups = kinds[order[:-1] - 1]
    assert (np.diff(groups) != 0).sum() == 2


def test_linkage_is_the_mean_distance_of_all_pairs():
    points = RANDOM.normal(size=(12, 3))
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    order = _average_linkage(distances).tolist()
    # By the book: join the two groups with the least mean distance, all pairs counted anew.
    groups = [[index] for index in range(12)]
    while len(groups) > 1:
        pairs = [(a, b) for a in range(len(groups)) for b in range(a)]
        a, b = min(pairs, key=lambda p: distances[np.ix_(groups[p[0]], groups[p[1]])].mean())
        joined = groups.pop(a) + groups.pop(b)
        groups.append(joined)
        places = sorted(order.index(index) for index in joined)
        assert places == list(range(places[0], places[0] + len(joined)))  # together in the order


def test_correlations_are_pearsons():
    h = RANDOM.normal(size=(60, 4))
    h[:, 2] = 0.5
    signal = RANDOM.normal(size=60)
    table = unit_table(h, {"input": signal})
    for unit in (0, 1, 3):
        expected = np.corrcoef(h[:, unit], signal)[0, 1]
        assert table.correlations["input"][unit] == pytest.approx(expected)
    assert table.correlations["input"][2] == 0
    assert table.still.tolist() == [False, False, True, False]
    assert unit_table(h, {"input": np.ones(60)}).correlations["input"].tolist() == [0] * 4


def test_what_the_season_explains_of_a_unit():
    wave = np.sin(2 * np.pi * PHASE + 1)
    second = np.cos(4 * np.pi * PHASE)
    fifth = np.cos(10 * np.pi * PHASE)
    h = np.stack([wave, wave + second, wave + fifth, fifth], axis=1)
    table = unit_table(h, {}, PHASE)
    assert table.season == pytest.approx([1, 1, 0.5, 0], abs=1e-9)


@pytest.mark.parametrize("phase", [None, STEPS / 40, np.zeros(60)])
def test_without_two_seasons_nothing_is_said_of_them(phase):
    assert unit_table(RANDOM.normal(size=(60, 2)), {}, phase).season is None


def test_units_in_words():
    wave = np.sin(2 * np.pi * PHASE)
    noise = RANDOM.normal(size=(60, 2))
    h = np.stack([noise[:, 0], wave, np.full(60, 0.3), -wave], axis=1)
    said = unit_table(h, {"input": noise[:, 1]}, PHASE).said
    assert str(said) == "Units 2 and 4 carry the season. Unit 3 never moves."
    said = unit_table(h[:, :3], {"input": noise[:, 0]}).said
    assert str(said) == "Unit 1 follows this: input. Unit 3 never moves."
    signals = {"Input": noise[:, 0], "Level": wave, "“a {b}”": wave + 0.1 * noise[:, 1]}
    assert str(unit_table(h, signals, PHASE).said) == (
        "Units 2 and 4 carry the season. Unit 1 follows this: Input. Units 2 and 4 follow this: "
        "Level, “a {b}”. Unit 3 never moves."
    )
    said = unit_table(h[:, :3], {"input": 0.6 * noise[:, 0] + noise[:, 1]}).said
    assert said.kind == "inside.units"  # of two sentences, that on unit 3 the second
    share = 100 * np.corrcoef(noise[:, 0], 0.6 * noise[:, 0] + noise[:, 1])[0, 1] ** 2
    assert str(said).startswith(
        f"No unit follows one thing alone. The closest is unit 1, {share:.0f} % of whose movement "
        "goes with this: input."
    )
    said = unit_table(h[:, 2:3], {"input": noise[:, 1]}).said
    assert str(said) == "No unit follows one thing alone. Unit 1 never moves."
    assert str(unit_table(np.zeros((60, 2)), {}).said).endswith("Units 1 and 2 never move.")


@pytest.mark.parametrize(
    ("units", "text"),
    [([4], "5"), ([2, 6, 11], "3, 7 and 12"), (range(8), "1, 2, 3, 4, 5, 6 and 2 more")],
)
def test_units_are_named_from_1(units, text):
    assert str(named(list(units))) == text


def test_units_that_move_alike_have_one_place_and_mirrors_lie_face_to_face():
    path = np.stack([np.sin(STEPS), np.cos(STEPS), STEPS % 7], axis=1)
    h = np.stack([path[:, 0], 3 * path[:, 0] + 1, -path[:, 0], path[:, 1], 0 * STEPS], axis=1)
    places = unit_places(h, path)
    expected = np.corrcoef(path[:, :2].T)
    np.testing.assert_allclose(places[0], expected[0], atol=1e-12)
    np.testing.assert_allclose(places[1], places[0], atol=1e-12)
    np.testing.assert_allclose(places[2], -places[0], atol=1e-12)
    np.testing.assert_allclose(places[3], expected[1], atol=1e-12)
    assert places[4].tolist() == [0, 0]
    # A single unit has one component.
    np.testing.assert_allclose(unit_places(h[:, :1], path[:, :1]), [[1, 0]], atol=1e-12)
