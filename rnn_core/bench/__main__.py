"""``python -m rnn_core.bench [--quick]``: prints a table and writes ``bench.json``."""

from __future__ import annotations

import argparse
import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from rnn_core.bench.cases import CASES, QUICK, Case
from rnn_core.bench.floor import sgemm_rate
from rnn_core.bench.growth import growth
from rnn_core.bench.race import Result, available, contestants, race

OUTPUT = Path("bench.json")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m rnn_core.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two configurations, no growth")
    quick = parser.parse_args().quick
    console = Console(width=150)  # the table's, wherever it goes
    names = available()
    if len(names) < 4:
        console.print("PyTorch is not installed: compared with Keras alone.")
    rate = sgemm_rate()
    rows = []
    # Starting the processes takes most of a quick race: one set of them runs both cases.
    for cases in [QUICK] if quick else [(case,) for case in CASES]:
        with contestants(names) as runners:
            for case in cases:
                with console.status(case.name):
                    rows.append(row(case, race(case, runners), rate))
                console.print(f"{case.name}: {rows[-1]['epoch']:.4f} s an epoch")
    report: dict[str, Any] = {"sgemm_gflops": rate / 1e9, "cases": rows, "means": means(rows)}
    if not quick:
        with console.status("growth"):
            for field in ("timesteps", "windows"):
                seconds, exponent = growth(field)
                report[f"growth_{field}"] = {"seconds": seconds, "exponent": exponent}
        with console.status("watching"):
            from rnn_core.bench.watching import watching_shares  # here, for it loads TensorFlow

            report |= watching_shares()
    OUTPUT.write_text(json.dumps(report, indent=1), encoding="utf-8")
    show(console, report)


def row(case: Case, results: dict[str, Result], rate: float) -> dict[str, Any]:
    """Give what a case came to: times in seconds, ratios above 1 where this engine is faster."""
    ours = results["ours"]
    torch = [result.epoch for name, result in results.items() if name.startswith("torch")]
    floor = case.product_flops / rate
    return {
        "name": case.name,
        "hidden": case.hidden,
        "epoch": ours.epoch,
        "keras": results["keras"].epoch,
        "torch": min(torch, default=None),
        "against_keras": results["keras"].epoch / ours.epoch,
        "against_torch": min(torch) / ours.epoch if torch else None,
        "floor": floor,
        "times_the_floor": ours.epoch / floor,
        "untrained_loss_after": ours.untrained,
        "first_batch_after": ours.first_loss,
        "keras_first_batch_after": results["keras"].first_loss,
        "memory": ours.memory,
        "results": {name: asdict(result) for name, result in results.items()},
    }


def means(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Give geometric means and the worst of the ratios."""
    summary = {}
    for key in ("against_keras", "against_torch"):
        ratios = [each[key] for each in rows if each[key] is not None]
        if ratios:
            summary[key] = math.exp(statistics.fmean(map(math.log, ratios)))
            summary[f"{key}_worst"] = min(ratios)
    return summary


def show(console: Console, report: dict[str, Any]) -> None:
    """Print the table and what else was measured."""
    table = Table(title="Seconds per epoch, medians; ratios above 1: faster here")
    for name in (
        "network (batch)", "here", "Keras fit", "ratio", "PyTorch", "ratio", "floor", "times",
        "untrained loss", "first batch", "… Keras", "peak MB",
    ):  # fmt: skip
        table.add_column(name, justify="left" if name == "network (batch)" else "right")
    for each in report["cases"]:
        table.add_row(
            each["name"],
            *(
                _text(each[key])
                for key in (
                    "epoch", "keras", "against_keras", "torch", "against_torch", "floor",
                    "times_the_floor", "untrained_loss_after", "first_batch_after",
                    "keras_first_batch_after", "memory",
                )
            ),
        )  # fmt: skip
    console.print(table)
    console.print(f"sgemm on all cores: {report['sgemm_gflops']:.0f} GFLOP/s")
    for key, value in report["means"].items():
        console.print(f"{key.replace('_', ' ')}: {value:.2f}")
    for field in ("timesteps", "windows"):
        if found := report.get(f"growth_{field}"):
            times = ", ".join(_text(seconds) for seconds in found["seconds"])
            console.print(f"{field} ×1, 2, 4, 8: {times}; exponent {found['exponent']:.2f}")
    for name, while_ in (
        ("recorded_share", "all that stays of a run goes into a store"),
        ("watched_share", "somebody reads along as the Lab does"),
        ("watched_inside_share", "somebody reads along as Inside does"),
    ):
        if name in report:
            console.print(f"epochs/s kept while {while_}: {report[name]:.1%}")


def _text(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


if __name__ == "__main__":
    main()
