"""Any experiment that is allowed, drawn for tests, and how one that is not is refused."""

import json

import pytest
from hypothesis import strategies as st

from rnn_core.config import OPTIONS, Experiment
from rnn_core.messages import ConfigError, Message
from rnn_core.series import GENERATORS

OF_TABLE = ["table", "value", "time", "covariates", "reading"]
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200)


BY_TYPE = {
    bool: lambda _: st.booleans(),
    int: lambda described: st.integers(described.low, described.high),
    float: lambda described: st.floats(described.low, described.high),
    str: lambda described: texts,
}


WRITTEN = {
    "covariates": st.lists(st.text("abc ,é", min_size=1), unique=True, max_size=3).map(
        lambda names: json.dumps(names, ensure_ascii=False, separators=(",", ":")) if names else ""
    ),
    "reading": st.sampled_from(["", "header=3", "decimal=%2C&delimiter=%3B&sheet=M%C3%A4rz%20%26"]),
}


def strategy(described):
    if described.name in WRITTEN:
        return WRITTEN[described.name]
    if described.choices is not None:
        return st.sampled_from(list(described.choices))
    return BY_TYPE[described.type](described)


@st.composite
def parameters_of(draw, source):
    """A text of parameters that a source takes: none, where it is no generator."""
    if source not in GENERATORS:
        return ""
    described = {parameter.name: parameter for parameter in GENERATORS[source].parameters}
    some = draw(st.lists(st.sampled_from(list(described)), unique=True))
    values = {name: draw(BY_TYPE[described[name].type](described[name])) for name in some}
    return ",".join(f"{name}={value!r}" for name, value in values.items())


@st.composite
def experiments(draw):
    """Any experiment that is allowed, every field of it drawn."""
    values = {name: draw(strategy(described)) for name, described in OPTIONS.items()}
    if values["series"] == "table":
        values["table"] = draw(st.text("0123456789abcdef", min_size=1, max_size=64))
    else:
        values |= {"table": "", "value": "", "time": "", "covariates": "", "reading": ""}
    values["parameters"] = draw(parameters_of(values["series"]))
    if values["cell"] != "rnn":
        values["init"] = draw(st.sampled_from(["keras", "normal", "orthogonal"]))
    return Experiment.from_values(values)


def refused(make, *arguments, **values):
    with pytest.raises(ConfigError) as caught:
        make(*arguments, **values)
    error = caught.value
    assert Message.from_json(error.message.to_json()) == error.message
    return error
