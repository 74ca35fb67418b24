"""The file of results, what it says, and the command that writes it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from rnn_core.messages import Message
from rnn_core.reproduce import __main__ as program
from rnn_core.reproduce import m4
from rnn_core.reproduce.free_runs import NETWORKS
from rnn_core.reproduce.publications import PUBLICATIONS
from rnn_core.reproduce.results import Result, Row, read_results, write_result

LABEL = Message("row", "LSTM, {runs} runs", {"runs": 3})


def result(*rows: Row, experiment: str = "shampoo") -> Result:
    return Result(experiment, Message("measure", "RMSE"), rows, (LABEL,), (0, 1, 2))


def test_runs_are_put_into_one_figure() -> None:
    assert Row(LABEL, (3.0, 1.0, 2.0)).here == 2
    mean = Row(LABEL, (1.0, 2.0, 6.0), 3.5, 0.5, summary="mean")
    assert mean.here == 3
    assert mean.deviation == pytest.approx(7**0.5)
    assert mean.written(mean.published, mean.spread) == "3.50 ± 0.50"
    assert program.cells(mean) == ("3.50 ± 0.50", "3.00 ± 2.65 (mean)", "1.00 - 6.00", "3")


def test_a_run_that_did_not_get_there_counts_as_the_last() -> None:
    one_short = Row(LABEL, (None, 100.0, 5000.0), digits=0)
    assert one_short.here == 5000
    assert program.cells(one_short)[1] == "5,000 (2 of 3)"
    most_short = Row(LABEL, (None, None, 5000.0), digits=0)
    assert most_short.here is None
    assert program.cells(most_short)[1] == "not reached (1 of 3)"


def test_a_result_is_kept_beside_the_others(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    assert read_results(path) == {}
    first, second = result(Row(LABEL, (None, 1.5))), result(Row(LABEL, ()), experiment="m4")
    write_result(first, path)
    write_result(second, path)
    assert read_results(path) == {"shampoo": first, "m4": second}
    assert [each.name for each in tmp_path.iterdir()] == ["results.json"]


def test_the_command_runs_keeps_and_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = []

    def stand_in(name: str, console: Console) -> Result:
        ran.append(name)
        return program.stamped(result(Row(LABEL, (2.0,), 71.721), experiment=name), 1.23)

    monkeypatch.setattr(program, "run", stand_in)
    output = ["--output", str(tmp_path / "results.json")]
    program.main(["shampoo", *output])
    said = capsys.readouterr().out
    assert "71.72" in said
    assert PUBLICATIONS["shampoo"].title in said
    program.main(["--resume", *output])
    assert sorted(ran) == sorted(PUBLICATIONS)  # shampoo once
    assert set(read_results(tmp_path / "results.json")) == set(PUBLICATIONS)
    with pytest.raises(SystemExit):
        program.main(["soap", *output])
    assert "'soap'" in capsys.readouterr().err


def row(kind: str, name: str, **values: str) -> Row:
    found = [
        each
        for each in read_results()[name].rows
        if each.label.kind == kind
        and not each.column
        and all(str(each.label.values[key]) == value for key, value in values.items())
    ]
    assert len(found) == 1
    return found[0]


def test_what_is_shipped_is_a_whole_run_of_everything() -> None:
    results = read_results()
    assert set(results) == set(PUBLICATIONS)
    runs = {"airpassengers": 10, "shampoo": 30, "adding": 3, "mackey-glass": 30, "m4": 3}
    assert {name: len(kept.seeds) for name, kept in results.items()} == runs
    for kept in results.values():
        assert kept.seconds > 1
        assert kept.made >= "2026-11-23"
        assert kept.versions["tensorflow"].startswith("2.")
    assert sum(kept.seconds for kept in results.values()) < 30 * 60


def test_the_words_on_the_results_hold_for_what_is_shipped() -> None:
    framings = ("Look-back of 1", "Window of 3 as features of one step", "Three timesteps")
    default = row("row.default", "airpassengers").here
    for framing in framings:
        tested = row("row.test", "airpassengers", framing=framing)
        assert tested.here == pytest.approx(tested.published, rel=0.1)
        persistence = row("row.persistence", "airpassengers", framing=framing).here
        assert tested.here > 0.95 * persistence
        assert tested.here > row("row.seasonal", "airpassengers", framing=framing).here
        assert default < tested.here / 2
    assert row("row.persistence", "shampoo").here == pytest.approx(136.761, abs=5e-4)
    single, runs = row("row.single", "shampoo"), row("row.repeats", "shampoo")
    error = math.hypot(runs.deviation, runs.spread) / math.sqrt(len(runs.values))
    assert abs(runs.here - runs.published) < error
    assert min(runs.known) > single.published
    assert 12 <= row("row.better", "shampoo").here <= 18  # of 30


def of_m4(label: str, column: str = "") -> float:
    found = [
        each.here
        for each in read_results()["m4"].rows
        if str(each.label) == label and each.column == column
    ]
    assert len(found) == 1
    return found[0]


def test_the_words_on_preparation_hold_for_what_is_shipped() -> None:
    naive2 = m4.REFERENCES["naive2"][0]
    losses = {
        each.column: each.here
        for each in read_results()["m4"].rows
        if each.column and str(each.label) == naive2
    }
    assert max(losses, key=losses.__getitem__) == "Sunspots"
    others = [series for series in losses if series != "Sunspots"]
    wins, means = {}, {}
    for prepared in m4.PREPARATIONS.values():
        label = f"RNN: {prepared.label}"
        found = {series: of_m4(label, series) for series in losses}
        wins[prepared.label] = sum(found[series] < losses[series] for series in losses)
        means[prepared.label] = np.mean([found[series] for series in others])
        raw = prepared is m4.PREPARATIONS["raw"]
        assert (of_m4(label) > of_m4(naive2)) == raw
    assert wins["none, not even scaled"] == 2
    assert wins["scaled"] == 4
    assert wins["M4's: season and trend taken out, not scaled"] == 5
    assert wins["season taken out, log, difference, scaled"] == max(wins.values()) == 7
    without_sunspots = np.mean([losses[series] for series in others])
    for label, mean in means.items():
        ahead = "difference" in label or "season and trend" in label
        assert (mean < without_sunspots) == ahead, label


def test_the_words_on_the_adding_problem_hold_for_what_is_shipped() -> None:
    for length in ("100", "200"):
        seen = {
            cell: row("row.sequences", "adding", cell=cell, length=length).here
            for cell in ("RNN (tanh)", "GRU", "LSTM")
        }
        assert seen["RNN (tanh)"] is None
        assert seen["GRU"] < seen["LSTM"]
        plateau = row("row.mse", "adding", cell="RNN (tanh)", length=length).known
        assert all(0.8 / 6 < error < 1.2 / 6 for error in plateau)


def test_the_words_on_mackey_glass_hold_for_what_is_shipped() -> None:
    def of(kind: str, name: str) -> Row:
        return row(kind, "mackey-glass", network=NETWORKS[name].label)

    def errors(each: Row) -> float:
        """By how many standard errors of its mean a row is above what was published."""
        return (each.here - each.published) / (each.deviation / math.sqrt(len(each.known)))

    mean = row("row.mean", "mackey-glass").here
    assert abs(errors(of("row.after", "reservoir"))) < 2
    script = of("row.after", "script")
    assert 2 < errors(script) < 3
    assert errors(script) / math.sqrt(2) < 2  # two means that spread alike
    assert script.here < mean
    paper_after, paper_through = of("row.after", "paper"), of("row.through", "paper")
    assert errors(paper_through) > 3
    windows = of("row.after", "windows")
    for one, other in ((paper_after, paper_through), (windows, paper_after), (windows, script)):
        spread = [each.deviation / math.sqrt(len(each.known)) for each in (one, other)]
        assert abs(one.here - other.here) < math.hypot(*spread)
