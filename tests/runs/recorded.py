"""What a training might have told, told apart by its epoch."""

import numpy as np

from rnn_core.config import Experiment
from rnn_core.forecast.metrics import Scores
from rnn_core.messages import Message
from rnn_core.records import EpochRecord, Snapshot, Weights

EXPERIMENT = Experiment.from_values({"cell": "gru", "epochs": 7, "noise": 0.25})
SCORES = Scores(19.5, 15.25, 48.04, None)
REASON = Message("test.reason", "{what} is gone.", {"what": Message("test.it", "It")})


def record(epoch, scale=1.0):
    return EpochRecord(epoch, *(scale * epoch / part for part in range(3, 9)))


def snapshot(epoch):
    hidden = (np.full((3, 2), epoch / 1024, np.float32), np.zeros((3, 4), np.float32))
    return Snapshot(epoch, hidden, np.array([epoch + 0.1, -epoch]))


def weights(epoch):
    return Weights(epoch, (np.full((2, 3), epoch / 7, np.float32), np.arange(3, dtype=np.float32)))


def equal(one, other):
    return one.epoch == other.epoch and [array.tolist() for array in one.arrays] == [
        array.tolist() for array in other.arrays
    ]


def same(one, other):
    return (
        one.epoch == other.epoch
        and one.forecast.tobytes() == other.forecast.tobytes()
        and [layer.tolist() for layer in one.hidden] == [layer.tolist() for layer in other.hidden]
    )
