"""What the forecast is worth without some of the units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.metrics import rmse
from rnn_core.inside.network import Network
from rnn_core.inside.passes import predict
from rnn_core.messages import N_, Message
from rnn_core.windows import Windows

NEGLIGIBLE = 0.01  # a change of the error below 1 % is called none


@dataclass(frozen=True, eq=False)
class Ablation:
    """Forecasts ``(k,)`` of the held-out values in the series' units, with and without units.

    ``rmse_before`` and ``rmse`` are their errors over all held-out values; ``change`` is
    ``rmse / rmse_before - 1``.
    """

    before: NDArray[np.float64]
    forecast: NDArray[np.float64]
    rmse_before: float
    rmse: float
    said: Message

    @property
    def change(self) -> float:
        """By which share the error grew; negative where it shrank."""
        return self.rmse / self.rmse_before - 1 if self.rmse_before > 0 else np.inf


def held_out_forecast(
    network: Network, windows: Windows, off: Mapping[int, Sequence[int]] | None = None
) -> NDArray[np.float64]:
    """Forecast ``windows.held_out`` one step ahead, in the series' units: ``(k,)``.

    ``off`` are the units switched off, ``{layer: [unit, ...]}`` counted from 0. Raises
    ``ConfigError`` for one that is not there.
    """
    targets = windows.held_out
    outputs = predict(network.switched_off(off or {}), windows.inputs(targets))
    return windows.in_units(outputs[:, 0], targets)


def ablation(
    network: Network,
    windows: Windows,
    off: Mapping[int, Sequence[int]],
    before: NDArray[np.float64] | None = None,
) -> Ablation:
    """Switch units off, and compare the forecasts of the held-out values.

    ``before``, from :func:`held_out_forecast` without ``off``, saves half of the time.
    """
    if before is None:
        before = held_out_forecast(network, windows)
    after = held_out_forecast(network, windows, off) if any(off.values()) else before
    truth = windows.series.values[windows.held_out]
    errors = rmse(truth, before), rmse(truth, after)
    count = sum(len(set(units)) for units in off.values())
    return Ablation(before, after, *errors, _said(count, *errors))


def _said(count: int, before: float, after: float) -> Message:
    values: dict[str, object] = {
        "count": count,
        "before": f"{before:.4g}",
        "after": f"{after:.4g}",
    }
    if not count:
        return Message(
            "inside.off.none", N_("No unit is switched off: RMSE {before} when held out."), values
        )
    if before > 0:
        values["percent"] = f"{100 * abs(after / before - 1):.0f}"
        if abs(after / before - 1) <= NEGLIGIBLE:
            return Message(
                "inside.off.same",
                N_(
                    "Units switched off: {count}. The forecast is as good without them: RMSE "
                    "{after} when held out, {before} with them."
                ),
                values,
            )
        if after < before:
            return Message(
                "inside.off.better",
                N_(
                    "Units switched off: {count}. The error is {percent} % smaller without them: "
                    "RMSE {after} when held out, {before} with them."
                ),
                values,
            )
        return Message(
            "inside.off.worse",
            N_(
                "Units switched off: {count}. The error is {percent} % larger without them: RMSE "
                "{after} when held out, {before} with them."
            ),
            values,
        )
    return Message(
        "inside.off",
        N_("Units switched off: {count}. RMSE {after} when held out, {before} with them."),
        values,
    )
