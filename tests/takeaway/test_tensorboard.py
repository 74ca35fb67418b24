"""Event files are read back by TensorFlow's own reader of records and of their messages."""

import io
import zipfile

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.util.event_pb2 import Event

from rnn_core.records import Weights
from rnn_core.takeaway.tensorboard import BUCKETS, tensorboard_zip

EPOCHS = 200  # a step that needs more than one byte
RANDOM = np.random.default_rng(0)
NAMES = ("loss", "mae", "val_loss", "val_mae", "val_rmse")
CURVE = {"epoch": np.arange(1.0, EPOCHS + 1), "seconds": np.linspace(0.1, 20, EPOCHS)} | {
    name: RANDOM.random(EPOCHS) for name in NAMES
}
SHAPES = ((1, 12), (3, 12), (12,), (3, 1), (1,))


def weights(epoch):
    arrays = [RANDOM.normal(size=shape).astype(np.float32) for shape in SHAPES]
    return Weights(epoch, tuple(arrays))


def events_of(packed, folder, path):
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        names = [name for name in files.namelist() if name.startswith(f"{folder}/events.out.")]
        assert len(names) == 1
        file = path / folder
        file.write_bytes(files.read(names[0]))
    # Its checksums are checked on the way.
    records = tf.data.TFRecordDataset(str(file)).as_numpy_iterator()
    return [Event.FromString(record) for record in records]


def values_of(events, tag):
    return {
        event.step: value for event in events for value in event.summary.value if value.tag == tag
    }


def test_every_epoch_is_there_as_keras_names_it(tmp_path):
    packed = tensorboard_zip(CURVE, [], 1, 1e9)
    for folder, tags in {
        "train": {"epoch_loss": "loss", "epoch_mae": "mae"},
        "validation": {"epoch_loss": "val_loss", "epoch_mae": "val_mae", "epoch_rmse": "val_rmse"},
    }.items():
        events = events_of(packed, folder, tmp_path)
        assert events[0].file_version == "brain.Event:2"
        for tag, name in tags.items():
            found = values_of(events, tag)
            assert list(found) == list(range(1, EPOCHS + 1))
            read = [value.simple_value for value in found.values()]
            np.testing.assert_allclose(read, CURVE[name], rtol=1e-6)
        assert events[-1].wall_time == pytest.approx(1e9 + 20)


def test_kept_weights_are_histograms(tmp_path):
    kept = [weights(1), weights(150)]
    events = events_of(tensorboard_zip(CURVE, kept, 1, 1e9), "train", tmp_path)
    tags = ["layer_1/kernel", "layer_1/recurrent_kernel", "layer_1/bias",
            "forecast/kernel", "forecast/bias"]  # fmt: skip
    for place, tag in enumerate(tags):
        found = values_of(events, tag)
        assert list(found) == [1, 150]
        for each in kept:
            array, histogram = each.arrays[place].astype(float), found[each.epoch].histo
            assert histogram.num == array.size == sum(histogram.bucket)
            assert histogram.sum == pytest.approx(array.sum())
            assert histogram.sum_squares == pytest.approx(np.square(array).sum())
            assert (histogram.min, histogram.max) == (array.min(), array.max())
            assert len(histogram.bucket_limit) == BUCKETS
            below = (array <= histogram.bucket_limit[9]).sum()
            assert sum(histogram.bucket[:10]) == pytest.approx(below, abs=1)


def test_a_training_that_ran_away_can_be_taken_away_too(tmp_path):
    curve = CURVE | {"loss": np.full(EPOCHS, np.nan)}
    lost = Weights(3, tuple(np.full(shape, np.nan, np.float32) for shape in SHAPES))
    events = events_of(tensorboard_zip(curve, [lost], 1, 1e9), "train", tmp_path)
    assert np.isnan(values_of(events, "epoch_loss")[3].simple_value)
    assert not values_of(events, "layer_1/kernel")
