"""``inspect``: a network and a window in; states, gates and gradients through time out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rnn_core.inside.activations import Floats
from rnn_core.inside.model import network_of_model
from rnn_core.inside.network import Network, network_of
from rnn_core.inside.passes import LOSSES, backward, checked, forward, loss_of
from rnn_core.messages import N_, ConfigError, Message
from rnn_core.quantiles import QUANTILES

if TYPE_CHECKING:
    from rnn_core.runs.store import Store


@dataclass(frozen=True, eq=False)
class Inspection:
    """What a network does on a window; lists hold one array a layer, first layer first.

    Shapes are those for several windows; of a single one, given without its windows axis, the
    axis ``windows`` is dropped everywhere.

    - ``window`` ``(windows, timesteps, features)``: what the network read.
    - ``output`` ``(windows, outputs)``: what it said. ``loss`` ``(windows,)``: each window's own
      loss, None without a target.
    - ``h`` ``(windows, timesteps, units)``: hidden state. ``c``, the same shape: an LSTM's cell
      state; an empty list for other cells.
    - ``gates``: by name, each a list of arrays of that shape: ``i``, ``f``, ``g``, ``o`` of an
      LSTM, ``z``, ``r``, ``candidate`` of a GRU, nothing of a plain RNN.
    - ``dloss_dh``, the same shape: derivative of the window's loss by h at each step, with all
      that h does later. ``dloss_dc``: by an LSTM's c; empty for other cells.
    - ``doutput_dh``, the same shape: the same of the output instead of the loss.
    - ``doutput_dx`` ``(windows, timesteps, features)``: derivative of the output by the input.
    """

    network: Network
    window: Floats
    output: Floats
    loss: Floats | None
    h: list[Floats]
    c: list[Floats]
    gates: dict[str, list[Floats]]
    dloss_dh: list[Floats]
    dloss_dc: list[Floats]
    doutput_dh: list[Floats]
    doutput_dx: Floats


def inspect(
    source: Any,
    window: npt.ArrayLike,
    *,
    target: npt.ArrayLike | None = None,
    loss: str | None = None,
    output: int = 0,
    epoch: int | None = None,
    store: Store | None = None,
    dtype: Any = np.float32,
) -> Inspection:
    """Look inside a network while it reads a window of any length.

    ``source`` is a stock Keras model (SimpleRNN, LSTM or GRU layers of one kind, then one linear
    Dense), what ``rnn_core.train`` gave, the id of a run in ``store`` (default: the store of this
    computer) with the ``epoch`` that is wanted (default: the newest kept), or a
    :class:`~rnn_core.inside.network.Network`. ``window`` ``(timesteps, features)`` or
    ``(windows, timesteps, features)`` holds what the network reads: prepared values, as
    ``rnn_core.windows.Windows.inputs`` cuts them.

    ``target`` ``(outputs,)`` or ``(windows, outputs)`` is what the network should have said;
    with one output that axis may be left out, with several a NaN is one that is not known and
    does not count. A network that says several steps at once has an output for each, the next
    step's first; one that gives quantiles has those of a step next to each other, and one target
    for them. ``loss`` is ``mse``, ``mae`` or ``huber``
    (default: that of the run, else ``mse``). Without a target there is no loss, and ``dloss_dh``
    is the derivative of the output itself. ``output`` chooses the output, counted from 0, that
    ``doutput_dh`` and ``doutput_dx`` are the derivatives of.

    ``dtype``, a floating-point type, is what all is computed in.

    Raises ``ConfigError``, a ``ValueError``, for shapes that do not fit, and for what is no number.
    """
    network, trained_with = network_from(source, epoch, store)
    return look_inside(
        network.astype(_floating(dtype)),
        window,
        target=target,
        loss=loss if loss is not None else trained_with,
        output=output,
    )


def look_inside(
    network: Network,
    window: npt.ArrayLike,
    *,
    target: npt.ArrayLike | None = None,
    loss: str = "mse",
    output: int = 0,
) -> Inspection:
    """Do what :func:`inspect` does, for a network and in its type."""
    if not isinstance(loss, str) or loss not in LOSSES:
        raise ConfigError(
            Message(
                "inside.loss",
                N_("The loss must be one of {known}. Received: '{received}'."),
                {"known": ", ".join(LOSSES), "received": loss},
            )
        )
    if not (isinstance(output, int | np.integer) and 0 <= output < network.outputs):
        raise ConfigError(
            Message(
                "inside.output",
                N_("There is no output {received}: the network has {count}, counted from 0."),
                {"received": output, "count": network.outputs},
            )
        )
    given = _numbers("window", window)
    single = given.ndim == 2
    windows = checked(network, given[None] if single else given, given.shape)
    passed = forward(network, windows)
    count = len(windows)
    chosen = np.zeros((count, network.outputs), network.dtype)
    chosen[:, output] = 1
    by_output = backward(network, passed, chosen)
    losses = None
    by_loss = by_output
    scale: Floats | None = None
    if target is not None:
        losses, slope = loss_of(loss, passed.output, _targets(target, count, network, loss))
        if network.outputs == 1:
            scale = slope[None]  # by the chain rule; saves another way back
        else:
            by_loss = backward(network, passed, slope)

    def windows_first(array: Floats) -> Floats:
        return array[:, 0] if single else np.swapaxes(array, 0, 1)

    def of_loss(array: Floats) -> Floats:
        return windows_first(array if scale is None else array * scale)

    names = list(passed.traces[0].gates)
    return Inspection(
        network=network,
        window=given.astype(network.dtype, copy=False),
        output=passed.output[0] if single else passed.output,
        loss=losses[0] if losses is not None and single else losses,
        h=[windows_first(trace.h) for trace in passed.traces],
        c=[windows_first(trace.c) for trace in passed.traces if trace.c is not None],
        gates={
            name: [windows_first(trace.gates[name]) for trace in passed.traces] for name in names
        },
        dloss_dh=[of_loss(way.dh) for way in by_loss],
        dloss_dc=[of_loss(way.dc) for way in by_loss if way.dc is not None],
        doutput_dh=[windows_first(way.dh) for way in by_output],
        doutput_dx=windows_first(by_output[0].dx),
    )


def network_from(
    source: Any, epoch: int | None = None, store: Store | None = None
) -> tuple[Network, str]:
    """Give the network that ``inspect`` would look into, and the loss it was trained with."""
    if isinstance(source, str):
        return _network_of_run(source, epoch, store)
    if epoch is not None:
        raise ConfigError(
            Message(
                "inside.no_epochs",
                N_(
                    "Only a run in the store has its epochs kept; leave epoch out. "
                    "Received: {received}."
                ),
                {"received": epoch},
            )
        )
    if isinstance(source, Network):
        return source, "mse"
    if hasattr(source, "experiment") and hasattr(source, "model"):
        experiment = source.experiment
        return network_of(experiment.model, source.model.get_weights()), experiment.train.loss
    if (
        hasattr(source, "layers")
        and hasattr(source, "get_weights")
        and not isinstance(source, type)
    ):
        return network_of_model(source), "mse"
    raise ConfigError(
        Message(
            "inside.source",
            N_(
                "There is nothing to look inside of: give a Keras model, what train() gave, or "
                "the id of a run. Received: {received}."
            ),
            {"received": type(source).__name__},
        )
    )


def _network_of_run(run_id: str, epoch: int | None, store: Store | None) -> tuple[Network, str]:
    from rnn_core.inside.stored import stored_network
    from rnn_core.runs.openings import Openings
    from rnn_core.runs.store import Store

    opened = store if store is not None else Store()
    try:
        run = opened.run(run_id)
        if run is None:
            raise ConfigError(
                Message(
                    "inside.run",
                    N_("There is no run '{received}' in this store."),
                    {"received": run_id[:60]},
                )
            )
        Openings(opened).note(run_id)
        return stored_network(opened, run, epoch)[1], run.experiment.train.loss
    finally:
        if store is None:
            opened.close()


def _numbers(field: str, given: npt.ArrayLike) -> Floats:
    """Give an array of real numbers, what is masked or missing in it as NaN."""
    try:
        if isinstance(given, np.ma.MaskedArray):
            given = np.ma.filled(np.ma.asarray(given, np.float64), np.nan)
        array = np.asarray(given)
        if array.dtype.kind == "O":  # of tables that have numbers in columns of objects
            if any(isinstance(each, str | bytes) for each in array.flat):
                raise _no_numbers(field, given)
            array = array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise _no_numbers(field, given) from error
    if array.dtype.kind not in "biuf":
        raise _no_numbers(field, given)
    return array


def _no_numbers(field: str, given: object) -> ConfigError:
    received = f"{type(given).__name__} {given!r}".replace("\n", " ")
    return ConfigError(
        Message(
            f"inside.{field}.numbers",
            N_("{field} must be an array of real numbers. Received: {received}."),
            {"field": field, "received": received[:80]},
        )
    )


def _floating(dtype: Any) -> np.dtype[Any]:
    try:
        found: np.dtype[Any] = np.dtype(dtype)
    except TypeError:
        found = np.dtype(object)
    if found.kind != "f":
        raise ConfigError(
            Message(
                "inside.dtype",
                N_(
                    "dtype must be a floating-point type, float32 or float64. Received: {received}."
                ),
                {"received": str(dtype)},
            )
        )
    return found


def _targets(target: npt.ArrayLike, windows: int, network: Network, loss: str) -> Floats:
    """Give targets as ``(windows, outputs)``; of quantiles there is one of each step."""
    given = _numbers("target", target).astype(network.dtype, copy=False)
    quantiles = loss == "quantile" and network.outputs % len(QUANTILES) == 0
    outputs = network.outputs // (len(QUANTILES) if quantiles else 1)
    allowed: Sequence[tuple[int, ...]] = [(windows, outputs)]
    allowed = [*allowed, (windows,)] if outputs == 1 else allowed
    if windows == 1:
        allowed = [*allowed, (outputs,), *([()] if outputs == 1 else [])]
    known = np.isfinite(given)
    if given.shape in allowed and outputs > 1:  # of several some may be unknown, but not all
        some = known.reshape(windows, outputs).any(axis=1, keepdims=True)
        known = known | (np.isnan(given) & some.reshape(-1, *[1] * (given.ndim - 1)))
    if given.shape not in allowed or not known.all():
        received = f"{given.shape}" if known.all() else f"{given.tolist()}"[:60]
        raise ConfigError(
            Message(
                "inside.target",
                N_(
                    "The target must be finite numbers of the shape {wanted}. Received: {received}."
                ),
                {"wanted": str((windows, outputs)), "received": received},
            )
        )
    return given.reshape(windows, outputs)
