"""An experiment as JSON, as a query and as a digest."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnn_core.config import OPTIONS, SECTIONS, Experiment
from rnn_core.messages import ConfigError
from tests.config.experiments import OF_TABLE, experiments, refused

ROOT = Path(__file__).resolve().parents[2]


@given(experiments())
@settings(deadline=None)
def test_an_experiment_comes_back_from_json_from_a_query_and_from_values(experiment):
    for again in (
        Experiment.from_json(experiment.to_json()),
        Experiment.from_query(experiment.to_query()),
        Experiment.from_values(experiment.values()),
        Experiment.from_dict(json.loads(json.dumps(experiment.to_dict()))),
    ):
        assert again == experiment
        assert hash(again) == hash(experiment)
        assert again.digest == experiment.digest
    assert all(type(text) is str for text in experiment.to_query().values())


@given(experiments(), experiments())
@settings(deadline=None)
def test_digests_are_equal_where_experiments_are(one, other):
    assert (one.digest == other.digest) == (one == other)


def changed(described):
    """Another allowed value than the default."""
    if described.choices is not None:
        return next(name for name in described.choices if name != described.default)
    if described.type is bool:
        return not described.default
    return described.low if described.default != described.low else described.high


@pytest.mark.parametrize(
    "name",
    [name for name in OPTIONS if name not in (*OF_TABLE, "parameters")],
)
def test_every_field_counts_in_equality_digest_json_and_query(name):
    default, value = Experiment(), changed(OPTIONS[name])
    other = Experiment.from_values({name: value})
    assert other != default
    assert other.digest != default.digest
    assert other.to_query() == {name: OPTIONS[name].text(value)}
    assert Experiment.from_json(other.to_json()) == other


def test_the_default_has_an_empty_query():
    assert Experiment().to_query() == {}
    assert Experiment.from_query({}) == Experiment.from_json("{}") == Experiment()


def test_every_section_is_covered():
    fields = {field.name for field in dataclasses.fields(Experiment)}
    assert fields == set(SECTIONS) == set(Experiment().to_dict())
    assert sum(len(section) for section in Experiment().to_dict().values()) == len(OPTIONS)
    assert list(Experiment().values()) == list(OPTIONS)


def test_the_order_of_keys_in_json_says_nothing():
    plain = Experiment.from_values({"cell": "gru", "epochs": 7, "noise": 0.25}).to_dict()
    turned = {name: dict(reversed(plain[name].items())) for name in reversed(plain)}
    assert json.dumps(turned) != json.dumps(plain)
    one, other = Experiment.from_json(json.dumps(plain)), Experiment.from_json(json.dumps(turned))
    assert one == other
    assert one.digest == other.digest


def test_json_is_written_in_one_way():
    text = Experiment.from_values({"series": "table", "table": "0a", "value": "Größe"}).to_json()
    plain = json.loads(text)
    for section in (plain, *plain.values()):
        assert list(section) == sorted(section)
    assert " " not in text
    assert "Größe" in text


def test_equal_numbers_written_differently_give_one_digest():
    written = ['{"train":{"clip":0}}', '{"train":{"clip":0.0}}', '{"train":{"clip":-0.0}}',
               '{"train":{"clip":0e3}}']  # fmt: skip
    assert len({Experiment.from_json(text).digest for text in written}) == 1


def test_the_digest_is_the_same_in_other_processes():
    values = {"series": "table", "table": "0a", "value": "Größe °C", "learning-rate": 0.1 + 0.2}
    code = (
        "import json, sys; from rnn_core import Experiment;"
        "print(Experiment.from_values(json.loads(sys.argv[1])).digest)"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code, json.dumps(values)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    digest = Experiment.from_values(values).digest
    assert digests == {digest}
    assert len(digest) == 16
    assert set(digest) <= set("0123456789abcdef")


def test_nothing_can_be_changed_afterwards():
    experiment = Experiment()
    for name in SECTIONS:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(experiment, name, getattr(experiment, name))
        section = getattr(experiment, name)
        for field in dataclasses.fields(section):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(section, field.name, getattr(section, field.name))


def test_whatever_is_accepted_has_a_digest():
    text = '{"series": {"source": "table", "table": "0a", "value": "\\ud83d"}}'
    assert refused(Experiment.from_json, text).option == "value"
    assert Experiment.from_json(text.replace("\\ud83d", "\\ud83d\\ude00")).digest


@pytest.mark.parametrize("text", [
    "", "{", "null", "[]", "3", '"x"', "NaN", "[" * 100_000, '{"a":' * 100_000, "1" * 5_000,
    '{"train": null}', '{"train": []}', '{"train": {"epochs": null}}', '{"train": {"epochs": {}}}',
    '{"train": {"epochs": 1e999}}', '{"train": {"epochs": 1%s}}' % ("0" * 400),
    '{"train": {"clip": 1%s}}' % ("0" * 400), '{"train": {"clip": NaN}}',
    '{"train": {"loss": ["mse"]}}', '{"": {}}', '{"train": {"": 1}}', '{"\\ud800": 1}',
])  # fmt: skip
def test_json_that_is_no_experiment_is_refused(text):
    assert len(str(refused(Experiment.from_json, text))) < 700


def test_brackets_of_any_depth_are_refused():
    for depth in range(900, 1_010):
        text = '{"train": {"epochs": %s%s}}' % ("[" * depth, "]" * depth)  # noqa: UP031 - braces
        refused(Experiment.from_json, text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


attributes = [field.name for section in SECTIONS.values() for field in dataclasses.fields(section)]


@given(
    json_values
    | st.dictionaries(
        st.sampled_from([*SECTIONS, "other"]),
        st.dictionaries(st.sampled_from([*attributes, "other"]), json_values, max_size=3),
    )
)
@example({"train": {"epochs": 10**300}})
def test_of_any_json_comes_an_experiment_or_a_config_error(plain):
    try:
        experiment = Experiment.from_json(json.dumps(plain))
    except ConfigError:
        pass
    else:
        assert Experiment.from_json(experiment.to_json()) == experiment
        assert experiment.digest


@given(st.dictionaries(st.sampled_from(list(OPTIONS)) | st.text(), st.text(), max_size=4))
def test_of_any_query_comes_an_experiment_or_a_config_error(query):
    try:
        experiment = Experiment.from_query(query)
    except ConfigError:
        pass
    else:
        assert Experiment.from_query(experiment.to_query()) == experiment


@pytest.mark.parametrize(
    ("make", "received"),
    [
        *[(Experiment.from_query, {name: value}) for name in ("hidden", "log", "series", "noise")
          for value in (None, ["4"], {"a": 1}, b"4", True if name != "log" else 1)],
        *[(make, value) for make in (Experiment.from_query, Experiment.from_values)
          for value in (None, [], 5, "a=b", {None: "4"}, {3: "4"})],
        *[(Experiment.from_json, value) for value in (None, 5, [], {})],
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused_in_a_sentence(make, received):
    assert str(refused(make, received)).endswith(".")


def test_a_query_may_hold_the_values_themselves():
    assert Experiment.from_query({"hidden": 4, "log": False}) == Experiment.from_values(
        {"hidden": 4, "log": False}
    )


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_is_of_its_kind(name):
    wrong = SECTIONS["model" if name != "model" else "train"]()
    expected = SECTIONS[name].__name__
    for other in (None, wrong, {}):
        error = refused(Experiment, **{name: other})
        received = type(other).__name__
        assert str(error) == f"'{name}' must be a {expected}. Received: {received}."
        assert error.option == name
