"""The store's tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

servers = Table(
    "servers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("heartbeat", Float, nullable=False),  # seconds since 1970
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("server", String(32), nullable=False),
    Column("experiment", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Column("epoch", Integer, nullable=False, default=0),  # the last one recorded
    Column("error", Text),
    Column("verdict", Text),
    Column("scores", Text),
    Column("best_epoch", Integer),
    Index("runs_by_owner", "owner", "created"),
    Index("runs_by_state", "state"),
)


def _run_id() -> Column[str]:
    return Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


def _each_epoch(name: str, *columns: Column[Any]) -> Table:
    """Give a table with one row for each epoch of a run that is kept."""
    return Table(name, metadata, _run_id(), Column("epoch", Integer, primary_key=True), *columns)


def _newest(name: str, *columns: Column[Any]) -> Table:
    """Give a table with one row for a run, overwritten while it lives."""
    return Table(name, metadata, _run_id(), Column("epoch", Integer, nullable=False), *columns)


def _data() -> Column[bytes]:
    return Column("data", LargeBinary, nullable=False)


epochs = _each_epoch(
    "epochs",
    *(
        Column(name, Float, nullable=False)
        for name in ("loss", "mae", "val_loss", "val_mae", "val_rmse", "seconds")
    ),
)
snapshots = _each_epoch("snapshots", _data())  # those that stay, for scrubbing
looks = _newest("looks", _data())  # the newest look inside of a run
# Weights that stay: a table of their own, so that scrubbing without them reads little.
weights = _each_epoch("weights", _data())
newest_weights = _newest("newest_weights", _data())  # those of the newest look
# The batches of the epoch under way: float32, little-endian.
batch_losses = _newest("batch_losses", Column("batches", Integer, nullable=False), _data())

# What a worker does for a run besides its training: a backtest, a file to take away.
tasks = Table(
    "tasks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("request", Text, nullable=False),  # JSON, in one form
    Column("owner", String(64), nullable=False),
    Column("server", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("done", Float, nullable=False, default=0.0),  # of ``total``, in the task's own unit
    Column("total", Float, nullable=False),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Column("error", Text),
    Column("result", LargeBinary),
    Index("tasks_by_run", "run_id", "kind"),
)

OF_A_RUN = (epochs, snapshots, looks, weights, newest_weights, batch_losses, tasks)
"""What is forgotten with a run."""

# Who uploaded which table, and by which name.
uploads = Table(
    "uploads",
    metadata,
    Column("owner", String(64), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("filename", Text, nullable=False),
    Column("created", Float, nullable=False),
    Index("uploads_by_digest", "digest"),
)

# Uploaded tables by the SHA-256 of their bytes.
tables = Table(
    "tables",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("filename", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("created", Float, nullable=False),
)

# When a run (by its id) or an uploaded table (by its digest) was last opened.
openings = Table(
    "openings",
    metadata,
    Column("opened", String(64), primary_key=True),
    Column("at", Float, nullable=False),  # seconds since 1970
)
