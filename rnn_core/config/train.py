"""How the network is trained."""

from __future__ import annotations

from dataclasses import dataclass

from rnn_core.messages import N_
from rnn_core.options import Section, option
from rnn_core.quantiles import QUANTILES

OPTIMIZERS = {
    "adam": N_("Adam"),
    "sgd": N_("SGD with momentum"),
    "rmsprop": N_("RMSprop"),
}
ENGINES = {
    "fast": N_("Fast (layers written out)"),
    "keras": N_("Keras (its own layers)"),
}
LOSSES = {
    "mse": N_("MSE (mean squared error)"),
    "mae": N_("MAE (mean absolute error)"),
    "huber": N_("Huber"),
    "quantile": N_("Quantiles (pinball loss)"),
}


@dataclass(frozen=True)
class TrainConfig(Section):
    """How the network is trained."""

    optimizer: str = option("adam", "optimizer", N_("Optimizer"), "", choices=OPTIMIZERS)
    learning_rate: float = option(
        0.005,
        "learning-rate",
        N_("Learning rate"),
        N_("Size of a step; too large and the loss jumps or becomes NaN."),
        low=1e-6,
        high=100.0,
    )
    momentum: float = option(
        0.9,
        "momentum",
        N_("Momentum"),
        N_("Of SGD; the other optimizers have their own."),
        low=0.0,
        high=0.999,
        step=0.05,
    )
    batch_size: int = option(
        16,
        "batch-size",
        N_("Batch size"),
        N_("Windows to one step of the optimizer; 0: all of them, plain gradient descent."),
        low=0,
        high=100_000,
    )
    epochs: int = option(
        150,
        "epochs",
        N_("Epochs"),
        N_("How often the training part is gone through."),
        low=1,
        high=10_000,
    )
    loss: str = option(
        "mse",
        "loss",
        N_("Loss"),
        N_(
            "What training makes small. With quantiles the network gives seven values for each "
            "step, the median among them, and so its own intervals of 50, 80 and 95 %."
        ),
        choices=LOSSES,
    )
    seed: int = option(
        0,
        "seed",
        N_("Seed"),
        N_("The same seed gives the same curve; another one shows how much is luck."),
        low=0,
        high=2**31 - 1,
    )
    clip: float = option(
        0.0,
        "clip",
        N_("Gradient clipping"),
        N_("Largest norm of the whole gradient; 0: no clipping."),
        low=0.0,
        high=1_000.0,
        step=0.5,
    )
    patience: int = option(
        0,
        "patience",
        N_("Early stopping"),
        N_(
            "Epochs without a better validation loss before training stops and the best weights "
            "are taken back; 0: no early stopping."
        ),
        low=0,
        high=10_000,
    )
    engine: str = option(
        "fast",
        "engine",
        N_("Engine"),
        N_("Both train the same network to the same numbers but for rounding; to settle a doubt."),
        choices=ENGINES,
    )

    @property
    def quantiles(self) -> tuple[float, ...]:
        """The quantiles that the network gives of each step ahead; none with the other losses."""
        return QUANTILES if self.loss == "quantile" else ()
