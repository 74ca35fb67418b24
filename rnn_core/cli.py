"""The command line: train an experiment without a browser.

``python -m rnn_core train --series airline --cell gru --json`` takes an option for every field of
an experiment; one left out has the default that the page has.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnn_core.config import OPTIONS, Experiment
from rnn_core.forecast.looks_ahead import drawn_at, look_ahead_message
from rnn_core.messages import N_, Message, RnnError
from rnn_core.options import Option
from rnn_core.records import EpochRecord
from rnn_core.series import TABLE, Reading, Series, load_series, read_table
from rnn_core.windows import prepare

if TYPE_CHECKING:
    from rnn_core.engine.train import TrainingResult


MODEL = "model.keras"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code: 0, or 2 where the input cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        return _train(options)
    except RnnError as error:
        print(f"error: {_one_line(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rnn_core", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    train = commands.add_parser("train", help="train one experiment and score its forecasts")
    train.add_argument("--config", type=Path, metavar="FILE", help="an experiment as JSON")
    train.add_argument("--csv", type=Path, metavar="FILE", help="a table with the series")
    train.add_argument("--json", action="store_true", help="print the result as one JSON object")
    train.add_argument("--out", type=Path, metavar="DIR", help="write model.keras there")
    fields = train.add_argument_group("experiment")
    for name, described in OPTIONS.items():
        if name != "table":
            fields.add_argument(f"--{name}", metavar="VALUE", help=_help(described))
    return parser


def _help(option: Option) -> str:
    choices = f" One of: {', '.join(option.choices)}." if option.choices else ""
    bounds = f" {option.low:g} to {option.high:g}." if option.low is not None else ""
    default = f" Default: {option.text(option.default)!r}."
    return f"{option.help}{choices}{bounds}{default}".strip().replace("%", "%%")


def _train(options: argparse.Namespace) -> int:
    experiment, series = _experiment(options)
    # All that can be refused is refused before TensorFlow's seconds of loading.
    prepare(experiment, series)
    if options.out is not None:
        _make_folder(options.out)
    from rnn_core.engine.runtime import configure
    from rnn_core.engine.train import train

    configure()
    with _progress(experiment.train.epochs) as on_epoch:
        result = train(experiment, on_epoch=on_epoch, series=series)
    # What can still go wrong with a file does not cost the result.
    plain = json.dumps(result.to_dict(), indent=2, allow_nan=False) if options.json else None
    print(plain if plain is not None else _summary(result), flush=True)
    if options.out is not None:
        _save(result, options.out / MODEL)
    return 0


def _experiment(options: argparse.Namespace) -> tuple[Experiment, Series]:
    base = Experiment()
    if options.config is not None:
        base = Experiment.from_json(_read(options.config).decode("utf-8-sig", "replace"))
    values: dict[str, Any] = base.values()
    for name in OPTIONS:
        given = getattr(options, name.replace("-", "_"), None)
        if given is not None:
            values[name] = OPTIONS[name].parse(given)
    if options.csv is None:
        experiment = Experiment.from_values(values)
        return experiment, load_series(experiment.series)
    reading = Reading.from_text(values["reading"])
    table = read_table(_read(options.csv), options.csv.name, **reading.chosen)
    experiment = Experiment.from_values({**values, "series": TABLE, "table": table.digest})
    return experiment, load_series(experiment.series, table)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RnnError(
            Message(
                "cli.file",
                N_("The file {path} cannot be read: {reason}."),
                {"path": str(path), "reason": error.strerror or str(error)},
            )
        ) from error


def _one_line(text: str) -> str:
    """Write line breaks and what else cannot be seen as escapes: a key of a file may have them."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def _save(result: TrainingResult, path: Path) -> None:
    try:
        result.model.save(path)
    except OSError as error:
        raise _unwritten(path, error) from error


def _unwritten(path: Path, error: OSError) -> RnnError:
    return RnnError(
        Message(
            "cli.unwritten",
            N_("The file {path} cannot be written: {reason}."),
            {"path": str(path), "reason": error.strerror or str(error)},
        )
    )


def _make_folder(path: Path) -> None:
    """Make the folder of the model, and see that the model can be written there."""
    model = path / MODEL
    try:
        path.mkdir(parents=True, exist_ok=True)
        if model.exists():
            with model.open("ab"):
                return
    except OSError as error:
        raise (_unwritten(model, error) if path.is_dir() else _unmade(path, error)) from error
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise _unwritten(model, error) from error


def _unmade(path: Path, error: OSError) -> RnnError:
    return RnnError(
        Message(
            "cli.folder",
            N_("The folder {path} cannot be made: {reason}."),
            {"path": str(path), "reason": error.strerror or str(error)},
        )
    )


@contextmanager
def _progress(epochs: int) -> Iterator[Callable[[EpochRecord], None]]:
    """Show a bar on a terminal, and nothing where standard error is a file or a pipe."""
    from rich.console import Console
    from rich.progress import Progress, TextColumn

    console = Console(stderr=True)
    with Progress(
        *Progress.get_default_columns(),
        TextColumn("{task.fields[loss]}"),
        console=console,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("Training", total=epochs, loss="")

        def on_epoch(record: EpochRecord) -> None:
            loss = f"loss {record.loss:.4g}  validation {record.val_loss:.4g}"
            progress.update(task, completed=record.epoch, loss=loss)

        yield on_epoch


def _summary(result: TrainingResult) -> str:
    scores, seasonal = result.scores, result.scores.seasonal_naive_rmse
    rows = [
        ("network", scores.rmse),
        ("repeating the last value", scores.persistence_rmse),
        *([("seasonal naive", seasonal)] if seasonal is not None else []),
    ]
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {value:.4g}" for name, value in rows]
    head = f"RMSE on the test part ({result.windows.series.unit or 'units of the series'})"
    epochs = f"{len(result.records)} epochs in {result.seconds:.1f} s"
    windows = result.windows
    ahead = look_ahead_message(drawn_at(windows.series, windows.test))
    said = str(result.verdict) if ahead is None else f"{result.verdict} {ahead}"
    return "\n".join([said, "", head, *lines, "", epochs])
