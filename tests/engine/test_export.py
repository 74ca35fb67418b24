"""The file of Keras is what plain Keras reads, in safe mode, and it forecasts the same."""

import keras
import numpy as np
import pytest

from rnn_core.cells import CELLS
from rnn_core.config import Experiment
from rnn_core.engine.build import build_model
from rnn_core.engine.export import keras_file


# Keras itself, writing its variables, with NumPy 2.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("cell", CELLS)
def test_what_is_loaded_predicts_the_same(cell, tmp_path):
    experiment = Experiment.from_values(
        {"cell": cell, "hidden": 3, "layers": 2, "timesteps": 6, "dropout": 0.1}
    )
    trained = build_model(experiment.model, 6, seed=1)
    random = np.random.default_rng(0)
    arrays = [random.normal(size=array.shape) for array in trained.get_weights()]
    trained.set_weights(arrays)
    path = tmp_path / "model.keras"
    path.write_bytes(keras_file(experiment, [array.astype(np.float32) for array in arrays]))
    loaded = keras.saving.load_model(path, safe_mode=True)
    windows = random.normal(size=(5, 6, 1)).astype(np.float32)
    np.testing.assert_array_equal(
        loaded.predict_on_batch(windows), trained.predict_on_batch(windows)
    )
