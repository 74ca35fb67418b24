"""Diagnoses of the training: did it learn, too little or too much, and from how much?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from rnn_core.forecast.evidence import Evidence
from rnn_core.messages import N_, Message
from rnn_core.quantiles import QUANTILES, pinball

Floats = NDArray[np.float64]

FEWEST_EPOCHS = 10
APART = 0.15  # validation over its lowest, training under where it was then, by this share
STILL_FALLING = 0.05  # of the loss, over the last tenth of the epochs and the one before
UNEXPLAINED = 0.9  # of the loss of a constant forecast
UNSTABLE = 3  # times the loss of saying 0, where a network begins


def training_diverged(evidence: Evidence) -> Message | None:
    """Loss that stopped being a number."""
    bad = np.flatnonzero(~(np.isfinite(evidence.loss) & np.isfinite(evidence.val_loss)))
    if not len(bad):
        return None
    return Message(
        "diagnosis.training_diverged",
        N_("The training ran away: the loss is not a number from epoch {epoch} on."),
        {"epoch": int(bad[0]) + 1},
    )


def overfitting(evidence: Evidence) -> Message | None:
    """Validation loss that rises while training loss falls, unless the best weights came back."""
    loss, val_loss = evidence.loss, evidence.val_loss
    if evidence.experiment.train.patience or not _usable(evidence):
        return None
    smooth = _smooth(val_loss)
    best = int(np.argmin(smooth))
    near = slice(max(0, best - _half(val_loss)), best + _half(val_loss) + 1)
    epoch = near.start + int(np.argmin(val_loss[near])) + 1
    learnt = _smooth(loss)
    parted = smooth[-1] > (1 + APART) * smooth[best] and learnt[-1] < (1 - APART) * learnt[best]
    if not parted:
        return None
    return Message(
        "diagnosis.overfitting",
        N_(
            "Overfitting from about epoch {epoch} on: the validation loss has risen from "
            "{lowest} to {last} since, while the training loss fell from {then} to {now}."
        ),
        {
            "epoch": epoch,
            "lowest": f"{smooth[best]:.3g}",
            "last": f"{smooth[-1]:.3g}",
            "then": f"{learnt[best]:.3g}",
            "now": f"{learnt[-1]:.3g}",
        },
    )


def still_learning(evidence: Evidence) -> Message | None:
    """Both losses still falling at the end, as they did just before.

    Two falls in a row: the loss of a few validation windows goes up and down from epoch to epoch.
    Where early stopping ended the training, it had not improved for long.
    """
    train = evidence.experiment.train
    ended_early = train.patience > 0 and len(evidence.loss) < train.epochs
    if not _usable(evidence) or ended_early:
        return None
    tenth = max(1, len(evidence.loss) // 10)
    falls = [_falls(curve, tenth) for curve in (evidence.loss, evidence.val_loss)]
    if min(fall for both in falls for fall in both) < STILL_FALLING:
        return None
    return Message(
        "diagnosis.still_learning",
        N_(
            "Not done learning: over the last {epochs} epochs the validation loss still fell by "
            "{percent} %."
        ),
        {"epochs": tenth, "percent": f"{100 * falls[1][1]:.0f}"},
    )


def training_unstable(evidence: Evidence) -> Message | None:
    """Loss that ends far above that of saying 0, about which the first weights put the output.

    A network that has only learnt nothing is not above it: steps that were too long took it there.
    """
    zero = ZERO_LOSSES.get(evidence.experiment.train.loss)
    if zero is None or not _usable(evidence):
        return None
    level = zero(evidence.training)
    last = float(_smooth(evidence.loss)[-1])
    # Both: dropout raises the training loss alone, and what the scaling has not seen the other.
    if level <= 0 or min(last, float(_smooth(evidence.val_loss)[-1])) < UNSTABLE * level:
        return None
    return Message(
        "diagnosis.training_unstable",
        N_(
            "The training is unstable: after {epochs} epochs the training loss is {loss}, and a "
            "network that always says 0 would have {zero}. Each step throws the weights too far."
        ),
        {"epochs": len(evidence.loss), "loss": f"{last:.3g}", "zero": f"{level:.3g}"},
    )


def underfitting(evidence: Evidence) -> Message | None:
    """A network that explains hardly more than a constant does, and not for unstable training."""
    constant = CONSTANT_LOSSES.get(evidence.experiment.train.loss)
    if constant is None or not _usable(evidence) or training_unstable(evidence):
        return None
    level = constant(evidence.training)
    last = float(_smooth(evidence.loss)[-1])
    # Dropout makes the training loss look worse than the network is.
    if level <= 0 or min(last, float(np.min(evidence.val_loss))) < UNEXPLAINED * level:
        return None
    return Message(
        "diagnosis.underfitting",
        N_(
            "Underfitting: after {epochs} epochs the training loss is {loss}, and a network that "
            "always says the same would have {constant}. It is too small, trained too little, or "
            "there is nothing to learn."
        ),
        {"epochs": len(evidence.loss), "loss": f"{last:.3g}", "constant": f"{level:.3g}"},
    )


def underdetermined(evidence: Evidence) -> Message | None:
    """More weights than windows to learn them from."""
    count = len(evidence.training)
    if evidence.parameters <= count:
        return None
    return Message(
        "diagnosis.underdetermined",
        N_(
            "Underdetermined: {parameters} weights are learnt from {windows} windows, so that many "
            "different networks fit them equally well, and the seed decides which."
        ),
        {"parameters": f"{evidence.parameters:,}", "windows": f"{count:,}"},
    )


def _huber(off: Floats) -> float:
    return float(np.where(off <= 1, off**2 / 2, off - 0.5).mean())


def _mse_of_constant(values: Floats) -> float:
    return float(np.var(values, axis=0).mean())


def _mae_of_constant(values: Floats) -> float:
    return float(np.abs(values - np.median(values, axis=0)).mean())


def _huber_of_constant(values: Floats) -> float:
    return _huber(np.abs(values - np.median(values, axis=0)))


def _pinball_of_constant(values: Floats) -> float:
    best = np.moveaxis(np.quantile(values, QUANTILES, axis=0), 0, -1)
    return float(pinball(values, best).mean())


CONSTANT_LOSSES: Mapping[str, Callable[[Floats], float]] = {
    "mse": _mse_of_constant,
    "mae": _mae_of_constant,
    "huber": _huber_of_constant,
    "quantile": _pinball_of_constant,
}
"""The loss of the best (for Huber nearly the best) constant forecast of given values.

``(windows,)``, or ``(windows, steps)`` with a constant of its own for each step ahead.
"""


ZERO_LOSSES: Mapping[str, Callable[[Floats], float]] = {
    "mse": lambda values: float(np.square(values).mean()),
    "mae": lambda values: float(np.abs(values).mean()),
    "huber": lambda values: _huber(np.abs(values)),
    "quantile": lambda values: float(
        pinball(values, np.zeros((*values.shape, len(QUANTILES)))).mean()
    ),
}
"""The loss of saying 0 for given values, of the same shapes."""


def _usable(evidence: Evidence) -> bool:
    finite = np.isfinite(evidence.loss).all() and np.isfinite(evidence.val_loss).all()
    return bool(len(evidence.loss) >= FEWEST_EPOCHS and finite)


def _falls(curve: Floats, tenth: int) -> tuple[float, float]:
    """Give by which share the mean of a tenth fell before the last one, and in the last one."""
    before, middle, last = curve[-3 * tenth :].reshape(3, tenth).mean(axis=1)
    return (
        1 - float(middle / before) if before > 0 else 0.0,
        1 - float(last / middle) if middle > 0 else 0.0,
    )


def _half(curve: Floats) -> int:
    return max(1, len(curve) // 20)


def _smooth(curve: Floats) -> Floats:
    """Give the median of each epoch and those around it, a tenth of all in total."""
    half = _half(curve)
    padded = np.pad(curve, half, mode="edge")
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1), axis=1)
