"""The networks that the store keeps of a run."""

from __future__ import annotations

from rnn_core.inside.network import Network, network_of
from rnn_core.messages import N_, ConfigError, Message
from rnn_core.runs.records import Records
from rnn_core.runs.store import Run, Store


def stored_network(store: Store, run: Run, epoch: int | None = None) -> tuple[int, Network]:
    """Give a run's network after ``epoch``, or the newest that is kept, and its epoch.

    Raises ``ConfigError`` where no weights of that epoch are kept, or the cell has no hidden state.
    """
    records = Records(store)
    weights = (
        records.weights(run.id, epoch) if epoch is not None else records.newest_weights(run.id)
    )
    if weights is None:
        kept = records.weight_epochs(run.id)
        raise ConfigError(
            Message(
                "inside.epoch",
                N_(
                    "No weights of epoch {epoch} are kept of this run. Epochs with weights: {kept}."
                ),
                {
                    "epoch": "-" if epoch is None else epoch,
                    "kept": ", ".join(map(str, kept)) or "-",
                },
            )
        )
    return weights.epoch, network_of(run.experiment.model, weights.arrays)
