"""A trained network as the file that Keras itself writes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnn_core.config import Experiment
from rnn_core.engine.build import build_model

FILE_NAME = "model.keras"


def keras_file(experiment: Experiment, arrays: Sequence[NDArray[np.float32]]) -> bytes:
    """Write the network of ``experiment`` with the weights ``arrays``, in the order of Keras.

    Stock layers alone, so that ``keras.saving.load_model`` takes it in safe mode. Not compiled: the
    state of the optimizer is not kept with the weights.
    """
    model = build_model(
        experiment.model,
        experiment.window.timesteps,
        experiment.train.seed,
        1 + len(experiment.series.covariate_names),
    )
    model.set_weights(list(arrays))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        model.save(path)
        return path.read_bytes()
