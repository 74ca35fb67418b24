"""A standalone Python script with plain Keras and pandas that trains and forecasts the same."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np

from rnn_core.cells import CELLS, DILATION, TAPS
from rnn_core.config import Experiment, ModelConfig, TrainConfig, WindowConfig
from rnn_core.messages import N_, Message, SeriesError
from rnn_core.quantiles import MEDIAN, QUANTILES
from rnn_core.series.series import Series
from rnn_core.windows import split_in_time

LAYERS = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN", "cnn": "Conv1D"}
INITIALIZERS: Mapping[str, list[str]] = {
    "keras": [],
    "normal": [
        "kernel_initializer=keras.initializers.RandomNormal()",
        "recurrent_initializer=keras.initializers.RandomNormal()",
    ],
    "orthogonal": [
        "kernel_initializer=keras.initializers.Orthogonal()",
        "recurrent_initializer=keras.initializers.Orthogonal()",
    ],
    "identity": ["recurrent_initializer=keras.initializers.Identity()"],
}
LOSSES = {
    "mse": '"mean_squared_error"',
    "mae": '"mean_absolute_error"',
    "huber": '"huber"',
    "quantile": "quantile_loss",
}


def standalone_script(
    experiment: Experiment, series: Series, horizon: int, *, epoch: int | None = None
) -> str:
    """Write the script of a run: from ``series.csv`` over training and RMSE to ``forecast.csv``.

    It trains as the experiment says; with ``epoch``, of a run that ended otherwise, to the weights
    after that epoch, whether early stopping was on or not.

    ``series.csv`` is what :func:`rnn_core.takeaway.tables.series_csv` gives of ``series``. The
    script draws the same weights and batches as the engine does, so that its figures differ by
    rounding alone; with dropout they differ more, as other units are switched off.

    Raises ``SeriesError`` for a series with missing values or further channels.
    """
    if not np.isfinite(series.values).all() or series.covariate_names:
        raise SeriesError(
            Message(
                "script.series",
                N_(
                    "A script is written for one series without missing values. Fill them in "
                    "(missing-values), and leave covariates out."
                ),
            )
        )
    window, model, train = experiment.window, experiment.model, experiment.train
    epochs, patience = (train.epochs, train.patience) if epoch is None else (epoch, 0)
    split = split_in_time(len(series), window)
    lag = {"none": 0, "first": 1, "seasonal": series.season}[window.difference]
    parts = [
        _head(horizon),
        _preparation(window, train, lag, split.validation, split.test),
        *([_quantiles(lag)] if train.quantiles else []),
        _network(model, train, window.timesteps, experiment.outputs),
        _training(window, train, epochs, patience),
        _forecasts(window, train, lag),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _head(horizon: int) -> str:
    return f'''
"""Train a recurrent network on series.csv and forecast it; needs keras, tensorflow and pandas."""

import keras
import numpy as np
import pandas as pd

HORIZON = {horizon}  # steps to forecast beyond the end

series = pd.read_csv("series.csv")
values = series["value"].to_numpy(float)
'''


def _preparation(
    window: WindowConfig, train: TrainConfig, lag: int, validation: int, test: int
) -> str:
    lines = [
        "# Split in time, then transform with what the training part alone says.",
        f"VALIDATION, TEST = {validation}, {test}  # where these parts begin",
        f"TIMESTEPS, LAG = {window.timesteps}, {lag}",
        "levels = np.log(values)" if window.log else "levels = values",
    ]
    if lag:
        lines += [
            "changes = np.full_like(levels, np.nan)",
            "changes[LAG:] = levels[LAG:] - levels[:-LAG]",
        ]
    else:
        lines.append("changes = levels")
    lines.append("training_part = changes[LAG:VALIDATION]")
    lines += {
        "standard": ["offset, scale = training_part.mean(), training_part.std()"],
        "minmax": ["offset, scale = training_part.min(), np.ptp(training_part)"],
        "none": ["offset, scale = 0.0, 1.0"],
    }[window.scaling]
    lines += [
        "if scale <= 1e-12 * np.abs(levels[:VALIDATION]).max():",
        "    scale = 1.0  # a part that never changes",
        'z = ((changes - offset) / scale).astype("float32")',
        "",
        "",
        "def windows(targets):",
        "    return z[targets[:, None] + np.arange(-TIMESTEPS, 0)][:, :, None]",
        "",
        "",
    ]
    if _in_blocks(window, train):
        lines += [
            f"STEPS = {window.steps}  # the network says so many at once",
            "",
            "",
            "def truths(targets):",
            "    ahead = z[np.minimum(targets[:, None] + np.arange(STEPS), len(z) - 1)]",
        ]
        if train.quantiles and lag:
            lines += [
                "    for step in range(LAG, STEPS):  # quantiles are of changes since the origin",
                "        ahead[:, step] += ahead[:, step - LAG]",
            ]
        lines += [
            "    return ahead",
            "",
            "",
            "training = np.arange(LAG + TIMESTEPS, VALIDATION - STEPS + 1)",
        ]
    else:
        lines.append("training = np.arange(LAG + TIMESTEPS, VALIDATION)")
    lines += [
        "validation = np.arange(VALIDATION, TEST)",
        "test = np.arange(TEST, len(values))",
    ]
    return "\n".join(lines)


def _network(model: ModelConfig, train: TrainConfig, timesteps: int, outputs: int) -> str:
    lines = [
        f"keras.utils.set_random_seed({train.seed})",
        f"inputs = keras.Input(({timesteps}, 1))",
        "outputs = inputs",
    ]
    for index in range(model.layers):
        arguments = [str(model.hidden_size)]
        initializers = INITIALIZERS[model.initialization]
        if CELLS[model.cell].recurrent:
            if index < model.layers - 1:
                arguments.append("return_sequences=True")
        else:
            arguments += [
                str(TAPS),
                'padding="causal"',
                f"dilation_rate={DILATION**index}",
                'activation="relu"',
            ]
            initializers = initializers[:1]  # no state, so no weights on it
        arguments += initializers
        lines.append(f"outputs = keras.layers.{LAYERS[model.cell]}(")
        lines += [f"    {argument}," for argument in arguments]
        lines.append(")(outputs)")
        if model.dropout:
            lines.append(f"outputs = keras.layers.Dropout({model.dropout})(outputs)")
    if not CELLS[model.cell].recurrent:
        lines.append(f"outputs = keras.layers.Cropping1D(({timesteps - 1}, 0))(outputs)")
        lines.append("outputs = keras.layers.Flatten()(outputs)")
    clip = f", global_clipnorm={train.clip}" if train.clip else ""
    optimizer = {
        "adam": f"Adam({train.learning_rate}{clip})",
        "sgd": f"SGD({train.learning_rate}, momentum={train.momentum}{clip})",
        "rmsprop": f"RMSprop({train.learning_rate}{clip})",
    }[train.optimizer]
    lines += [
        f"outputs = keras.layers.Dense({outputs})(outputs)",
        "model = keras.Model(inputs, outputs)",
        f"model.compile(keras.optimizers.{optimizer}, loss={LOSSES[train.loss]})",
    ]
    return "\n".join(lines)


def _quantiles(lag: int) -> str:
    """Write the loss of a network that gives quantiles, and how its medians are read."""
    apart = "medians[:, LAG:] -= said[:, :-LAG, MEDIAN]" if lag else ""
    return f"""
QUANTILES = np.array({list(QUANTILES)}, "float32")
MEDIAN = {MEDIAN}


def quantile_loss(truth, said):
    said = keras.ops.reshape(said, (-1, STEPS, len(QUANTILES)))
    error = keras.ops.expand_dims(truth, 2) - said
    loss = keras.ops.maximum(QUANTILES * error, (QUANTILES - 1) * error)
    return keras.ops.mean(loss, axis=(1, 2))


def pinball(error):
    return np.maximum(QUANTILES * error, (QUANTILES - 1) * error).mean(axis=-1)


def points(said):
    said = said.reshape(len(said), STEPS, len(QUANTILES))
    medians = said[:, :, MEDIAN].copy()
    {apart}
    return medians
"""


def _training(window: WindowConfig, train: TrainConfig, epochs: int, patience: int) -> str:
    size = train.batch_size or "len(training)"
    stop_early = patience > 0
    before = "best_loss, best_epoch, best_weights = np.inf, 0, model.get_weights()\n"
    truth = "z[batch]"
    judge = "val_loss = model.evaluate(windows(validation), z[validation], verbose=0)"
    if _in_blocks(window, train):
        truth = "truths(batch)"
        # Every value of the validation part counts once at each step ahead.
        before += """
judged = np.arange(VALIDATION - STEPS + 1, TEST)
places = judged[:, None] + np.arange(STEPS)
counted = (places >= VALIDATION) & (places < TEST)
truth = truths(judged)
"""
        name = LOSSES[train.loss].strip('"')
        measure = f"float(keras.losses.{name}(truth[counted], said[counted]))"
        if train.quantiles:
            measure = "pinball(truth[:, :, None] - said.reshape(*truth.shape, -1))[counted].mean()"
        judge = f"said = model.predict_on_batch(windows(judged))\n    val_loss = {measure}"
    each = f"""
    {judge}
    if val_loss < best_loss:
        best_loss, best_epoch, best_weights = val_loss, epoch, model.get_weights()
    if epoch - best_epoch >= {patience}:
        break"""
    after = "\nmodel.set_weights(best_weights)"
    return f"""
shuffle = np.random.default_rng({train.seed})
{before if stop_early else ""}for epoch in range({epochs}):
    order = shuffle.permutation(training)
    for first in range(0, len(order), {size}):
        batch = order[first : first + {size}]
        model.train_on_batch(windows(batch), {truth}){each if stop_early else ""}{
        after if stop_early else ""
    }
"""


def _in_blocks(window: WindowConfig, train: TrainConfig) -> bool:
    """Whether the network says more than one value."""
    return window.steps > 1 or bool(train.quantiles)


def _forecasts(window: WindowConfig, train: TrainConfig, lag: int) -> str:
    said = "points(model.predict_on_batch({}))" if train.quantiles else "model.predict_on_batch({})"
    back = "np.exp({})" if window.log else "{}"
    one_step = "forecast[:, 0] * scale + offset"
    if lag:
        one_step += " + levels[test - LAG]"
    step = "float(z_next) * scale + offset" + (" + past[-LAG]" if lag else "")
    return textwrap.dedent(f"""
        # One step ahead over the test part: each forecast from the true values before it.
        forecast = {said.format("windows(test)")}.astype(float)
        forecast = {back.format(one_step)}
        print("test RMSE:", np.sqrt(np.mean((forecast - values[test]) ** 2)))

        # Beyond the end: the network is fed its own output.
        window = z[-TIMESTEPS:]
        past = list(levels)
        while len(past) < len(values) + HORIZON:
            for z_next in {said.format("window[None, :, None]")}[0]:
                past.append({step})
                window = np.append(window[1:], z_next)
        future = {back.format("np.array(past[len(values) : len(values) + HORIZON])")}
        table = pd.DataFrame({{"steps_ahead": np.arange(1, HORIZON + 1), "forecast": future}})
        table.to_csv("forecast.csv", index=False)
        print("forecast.csv:", HORIZON, "steps from", future[0], "to", future[-1])
        """)
