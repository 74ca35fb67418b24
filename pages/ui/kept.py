"""How long the server keeps runs and tables, and what is said where one is gone."""

from __future__ import annotations

from pages.ui.i18n import _
from pages.ui.runtime import store
from rnn_core.runs.retention import Retention


def runs_said() -> str:
    """Say how long runs are kept; empty where they are kept for ever."""
    keep = Retention.from_environment()
    said = []
    if keep.days:
        said.append(_("A run that nobody opens for {days} days is deleted.").format(days=keep.days))
    return " ".join([*said, *_size_said(keep)])


def tables_said() -> str:
    """Say how long uploaded tables are kept; empty where they are kept for ever."""
    keep = Retention.from_environment()
    said = []
    if keep.days:
        said.append(
            _("One that no run uses and nobody opens for {days} days is deleted.").format(
                days=keep.days
            )
        )
    return " ".join([*said, *_size_said(keep)])


def run_missing() -> str:
    """Say why the run of a link is not found."""
    return _(
        "The run of this link is not on this server (any more). Perhaps it was trained on another "
        "one, its owner has deleted it, or it went with the runs that nobody had opened for long."
    )


def _size_said(keep: Retention) -> list[str]:
    if not keep.gigabytes or not store().url.startswith("sqlite"):
        return []
    return [
        _(
            "Where all runs and tables on this server take more than {size} GB, those unopened "
            "longest are deleted."
        ).format(size=f"{keep.gigabytes:g}")
    ]
