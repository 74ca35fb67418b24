"""What XLA makes of the written-out layers: few kernels a step, and all of a half in one thread."""

import re
from collections import Counter
from pathlib import Path

import pytest
import tensorflow as tf
from tensorflow.tsl.profiler.protobuf import xplane_pb2

from rnn_core.config import ModelConfig, TrainConfig
from rnn_core.engine import program as module
from rnn_core.engine.layers import RECURRENT
from rnn_core.engine.program import GATES, Program
from tests.engine.short_series import INPUTS, TARGETS, TIMESTEPS

MOST = 8  # kernels that XLA runs one after the other without its scheduler
NO_KERNELS = {"bitcast", "constant", "get-tuple-element", "parameter", "tuple"}


@pytest.mark.parametrize(
    ("units", "features"), [(5, 1), (32, 1), (50, 1), (50, 2), (50, 50), (64, 1)]
)
@pytest.mark.parametrize("cell", list(RECURRENT))
def test_a_step_forward_or_back_takes_few_kernels(cell, units, features):
    bodies = loop_bodies(hlo_of(cell, units, features))
    assert len(bodies) == 2
    for body in bodies:
        assert 4 <= len(body) <= MOST, body


@pytest.mark.parametrize(
    ("cell", "layers", "dropout"), [("lstm", 3, 0.0), ("gru", 4, 0.0), ("lstm", 4, 0.3)]
)
def test_the_loops_of_a_half_stay_out_of_the_threads_that_both_halves_share(
    monkeypatch, tmp_path, cell, layers, dropout
):
    monkeypatch.setattr(module, "HALVES_FROM", 0)
    model = ModelConfig(cell=cell, hidden_size=16, layers=layers, dropout=dropout)
    program = Program(model, TrainConfig(batch_size=8), TIMESTEPS, forecasts=4, batch=8)
    assert program.parts == 2
    batches = [TARGETS[:8], TARGETS[8:16], TARGETS[16:24]]
    training = INPUTS, tf.constant(batches, tf.int32), tf.ones((3, 8)), 0, 3
    program.train(*training)

    options = tf.profiler.experimental.ProfilerOptions(host_tracer_level=3, python_tracer_level=0)
    tf.profiler.experimental.start(str(tmp_path), options)
    program.train(*training)
    tf.profiler.experimental.stop()

    loops = loops_by_thread(tmp_path)
    each = 2 * layers * 3  # forward and back, in each layer, at each batch
    assert sum(loops.values()) == 2 * each
    # The executor's threads run a half each, or one of them both by chance; XLA's pool none.
    assert not sum(count for name, count in loops.items() if "Eigen" in name), loops


def hlo_of(cell, units, features):
    """The optimized program of a layer's outputs and gradients, 16 windows of 24 steps."""
    gates = GATES[cell]
    bias = (2, gates * units) if cell == "gru" else (gates * units,)
    shapes = [(24, 16, features), (features, gates * units), (units, gates * units), bias]
    inputs = [tf.zeros(shape) for shape in shapes]

    def gradients(*inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            loss = tf.reduce_sum(tf.square(RECURRENT[cell](*inputs)))
        return tape.gradient(loss, inputs)

    compiled = tf.function(gradients, jit_compile=True, autograph=False)
    return compiled.experimental_get_compiler_ir(*inputs)(stage="optimized_hlo")


def loop_bodies(hlo):
    """The kernels of each loop's body."""
    bodies = re.findall(r"^%?[\w.\-]*body[^\n]*\{\n(.*?)^\}", hlo, re.MULTILINE | re.DOTALL)
    operations = [re.findall(r"= (?:\([^)]*\)|\S+) ([\w\-]+)\(", body) for body in bodies]
    return [[name for name in names if name not in NO_KERNELS] for names in operations]


def loops_by_thread(folder: Path):
    """How many of XLA's loops each thread has run, by the profile in ``folder``."""
    (path,) = folder.rglob("*.xplane.pb")
    space = xplane_pb2.XSpace.FromString(path.read_bytes())
    loops = Counter()
    for plane in space.planes:
        for line in plane.lines:
            names = [plane.event_metadata[event.metadata_id].name for event in line.events]
            loops[line.name] += sum(name.startswith("while.") for name in names)
    return loops
