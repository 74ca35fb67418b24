import itertools
import time

import numpy as np
import pytest

from rnn_core.messages import ConfigError, Message, SeriesError
from rnn_core.series.generators import GENERATORS, generate

NAMES = list(GENERATORS)


@pytest.mark.parametrize("name", NAMES)
def test_same_arguments_give_the_same_values_bit_for_bit(name):
    one, other = (generate(name, 300, 0.3, 5) for _ in range(2))
    assert one.values.tobytes() == other.values.tobytes()
    assert one.covariates.tobytes() == other.covariates.tobytes()
    assert one.values.shape == (300,)
    assert np.isfinite(one.values).all()


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_gives_another_series_even_without_noise(name):
    one, other = (generate(name, 300, 0.0, seed).values for seed in (0, 1))
    assert np.abs(one - other).max() > 0.1 * one.std()


@pytest.mark.parametrize("name", NAMES)
def test_noise_is_gaussian_with_the_given_deviation_in_deviations_of_the_clean_series(name):
    clean, noisy = (generate(name, 20_000, noise, 3) for noise in (0.0, 0.5))
    noise = (noisy.values - clean.values) / clean.values.std()
    # Four standard errors of the mean, the deviation and the kurtosis of 20,000 values.
    assert noise.mean() == pytest.approx(0, abs=4 * 0.5 / 20_000**0.5)
    assert noise.std() == pytest.approx(0.5, rel=4 / 40_000**0.5)
    assert ((noise / 0.5) ** 4).mean() == pytest.approx(3, abs=4 * (96 / 20_000) ** 0.5)
    assert abs(np.corrcoef(noise[1:], noise[:-1])[0, 1]) < 4 / 20_000**0.5
    assert (noisy.covariates == clean.covariates).all()


@pytest.mark.parametrize("name", NAMES)
def test_twenty_thousand_values_take_about_a_second(name):
    start = time.perf_counter()
    series = generate(name, 20_000, 0.1, 11)
    assert time.perf_counter() - start < 3
    assert len(series) == 20_000


@pytest.mark.parametrize("name", NAMES)
def test_a_preview_can_follow_a_slider(name):
    generate(name, 600, 0.1, 0)
    start = time.process_time()  # of this process alone, however busy the machine is
    generate(name, 600, 0.1, 1)
    assert time.process_time() - start < 0.04


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("length", [1, 2, 50, 51])
def test_length_is_what_was_asked_for_and_steps_are_numbered_from_0(name, length):
    series = generate(name, length, 0.1)
    assert series.times.tolist() == list(range(length))
    assert series.time_unit == "step"
    assert series.covariates.shape == (length, len(GENERATORS[name].covariates))
    assert series.covariate_names == GENERATORS[name].covariates


# The sweep of a chirp is as long as the series.
@pytest.mark.parametrize("name", [name for name in NAMES if name != "chirp"])
def test_a_longer_series_begins_with_the_shorter_one(name):
    longer, shorter = (generate(name, length) for length in (400, 103))
    assert longer.values[:103] == pytest.approx(shorter.values)
    assert longer.covariates[:103] == pytest.approx(shorter.covariates)


# Values of the time before there were parameters: runs that people keep depend on them.
@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("sines", [-0.07472395946161343, -0.07597321736182208, 0.10822753170341615],
         "-0x1.1010b07a808f6p-2"),
        ("mackey-glass", [0.5958085898447287, 0.5923203806790807, 0.6219092653082335],
         "0x1.f39309fbd7880p-2"),
        ("ar", [0.9546988810027195, 1.3676522413837513, -0.02905983262529599],
         "-0x1.aa4fd741969b5p+1"),
    ],
)  # fmt: skip
def test_the_oldest_generators_give_what_they_always_gave(name, first, last):
    values = generate(name, 600, 0.1, 0).values
    # Sine and power may differ in the last bit from one processor to another.
    assert values[:3] == pytest.approx(first, rel=1e-12, abs=1e-12)
    assert values[-1] == pytest.approx(float.fromhex(last), rel=1e-9)


def corners(generator):
    """Every combination of lowest, default and highest value."""
    names = list(generator.defaults)
    values = [
        {parameter.check(parameter.type(at)) for at in (parameter.low, parameter.high)}
        | {parameter.default}
        for parameter in generator.parameters
    ]
    return [dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*values)]


@pytest.mark.parametrize("name", NAMES)
def test_every_corner_of_the_bounds_gives_finite_values_or_a_sentence(name):
    refused = []
    cases = corners(GENERATORS[name])
    assert len(cases) >= 3
    for parameters in cases:
        try:
            series = generate(name, 60, 0.1, 1, **parameters)
        except SeriesError as error:
            refused.append(error.message)
        else:
            assert np.isfinite(series.values).all()
            assert np.isfinite(series.covariates).all()
            assert 0 <= series.season <= 20_000
    assert len(refused) < len(cases)
    if name != "ar":
        assert not refused
    for message in refused:
        assert Message.from_json(message.to_json()) == message


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_changes_the_series(name):
    default = generate(name, 2_000, 0.0, 4)
    for parameter in GENERATORS[name].parameters:
        # A small step: of some parameters a large one is refused, and without that is no test.
        near = parameter.default + parameter.step
        near = near if near <= parameter.high else parameter.default - parameter.step
        changed = generate(name, 2_000, 0.0, 4, **{parameter.name: near})
        assert (changed.values != default.values).any(), parameter.name


def test_what_repeats_repeats_after_its_season():
    for name, parameters, season in [
        ("sines", {}, 25), ("sines", {"period": 40}, 40),
        ("square", {"period": 14}, 14), ("sawtooth", {"period": 30}, 30),
        ("damped", {"kick": 70}, 70), ("trend-additive", {"slope": 0.0, "period": 7}, 7),
        ("trend-multiplicative", {"slope": 0.0, "period": 9}, 9),
    ]:  # fmt: skip
        series = generate(name, 300, seed=1, **parameters)
        assert series.season == season
        assert series.values[season:] == pytest.approx(series.values[:-season], abs=1e-9)
        for shorter in range(1, season):
            assert np.abs(series.values[shorter:] - series.values[:-shorter]).max() > 0.1


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"tau": 1}, "Delay τ (tau) must be a whole number from 2 to 100. Received: 1."),
        ({"tau": 17.5}, "Delay τ (tau) must be a whole number from 2 to 100. Received: 17.5."),
        ({"n": float("nan")}, "Power n (n) must be a number from 1 to 20. Received: nan."),
        ({"rho": 1.0}, "Mackey-Glass has no parameter 'rho'. Its parameters: tau, beta, gamma, n."),
    ],
)
def test_a_parameter_out_of_bounds_or_unknown_is_refused(parameters, sentence):
    with pytest.raises(ConfigError) as caught:
        generate("mackey-glass", 60, **parameters)
    assert str(caught.value) == sentence
    assert caught.value.option == "parameters"


def test_an_unknown_generator_is_refused():
    with pytest.raises(KeyError):
        generate("airline", 100)
