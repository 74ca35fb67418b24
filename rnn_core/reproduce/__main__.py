"""``python -m rnn_core.reproduce [EXPERIMENT ...]``: runs them, prints tables, keeps the results.

All of them take about 25 minutes on two cores. Each result is kept when it is there, so
that one that was cut off is gone on with by ``--resume``.
"""

from __future__ import annotations

import argparse
import datetime
import platform
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module, metadata
from pathlib import Path

from rich.console import Console
from rich.table import Table

from rnn_core.reproduce.publications import PUBLICATIONS
from rnn_core.reproduce.results import FILE, SUMMARIES, Result, Row, read_results, write_result

VERSIONS = ("tensorflow", "keras", "numpy")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for, print it, and keep it."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.experiments if name not in PUBLICATIONS]:
        parser.error(f"no experiment {unknown[0]!r}; there are {', '.join(PUBLICATIONS)}")
    console = Console(width=150)  # the table's, wherever it goes
    for name in options.experiments or PUBLICATIONS:
        kept = read_results(options.output).get(name)
        if options.resume and kept is not None and kept.made >= options.resume:
            console.print(f"{name}: kept, of {kept.made}")
        else:
            kept = run(name, console)
            write_result(kept, options.output)
        show(console, kept)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rnn_core.reproduce",
        description="Run published experiments again and keep the results beside the figures.",
    )
    parser.add_argument(
        "experiments",
        nargs="*",
        metavar="EXPERIMENT",
        help=f"one or more of {', '.join(PUBLICATIONS)}; left out: all",
    )
    parser.add_argument(
        "--resume",
        nargs="?",
        const=today(),
        metavar="DATE",
        help="leave out those whose result is of today, or of DATE (2026-11-23) or later",
    )
    parser.add_argument("--output", type=Path, default=FILE, help="the file that keeps the results")
    return parser


def today() -> str:
    """Give the date (ISO, UTC)."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def run(name: str, console: Console) -> Result:
    """Run an experiment as it is published; says what is done as it goes."""
    from rnn_core.engine.runtime import configure

    configure()
    console.print(f"[bold]{PUBLICATIONS[name].title}")
    begun = time.perf_counter()
    result: Result = import_module(PUBLICATIONS[name].module).run(progress=console.print)
    return stamped(result, time.perf_counter() - begun)


def stamped(result: Result, seconds: float) -> Result:
    """Add when, how long and with what it was run."""
    versions = {"python": platform.python_version()}
    versions |= {package: metadata.version(package) for package in VERSIONS}
    return replace(result, seconds=round(seconds, 1), made=today(), versions=versions)


def show(console: Console, result: Result) -> None:
    """Print a result beside the published figures."""
    about = PUBLICATIONS[result.experiment]
    table = Table(title=f"{about.title}: {result.measure}", title_justify="left")
    for heading in ("", "published", "here", "lowest - highest", "runs"):
        table.add_column(heading, justify="left" if not heading else "right")
    for row in result.rows:
        name = f"  {row.column}" if row.column else str(row.label)
        table.add_row(name, *cells(row))
    console.print(table)
    for line in (*map(str, result.settings), *about.deviations, *about.why):
        console.print(f"- {line}", highlight=False)
    console.print(f"{about.source}", highlight=False)
    console.print(f"{result.seconds:.0f} s, {result.made}\n")


def cells(row: Row) -> tuple[str, str, str, str]:
    """Write the published figure, the one here, the range of the runs and their number."""
    here = row.written(row.here, row.deviation)
    if len(row.known) < len(row.values):
        here = f"{here or 'not reached'} ({len(row.known)} of {len(row.values)})"
    elif len(row.values) > 1:
        here = f"{here} ({SUMMARIES[row.summary].label.lower()})"
    several = len(row.known) > 1
    spread = f"{row.written(min(row.known))} - {row.written(max(row.known))}" if several else ""
    return row.written(row.published, row.spread), here, spread, str(len(row.values) or "")


if __name__ == "__main__":
    main()
