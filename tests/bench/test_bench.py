"""The benchmark measures what it says it does."""

import json
import subprocess
import sys
import threading

import numpy as np
import pytest

from rnn_core.bench import __main__ as program
from rnn_core.bench.cases import CASES, Case
from rnn_core.bench.growth import exponent
from rnn_core.bench.race import Result, contestants, race
from rnn_core.bench.watching import Care, Reader
from rnn_core.config import Experiment
from rnn_core.records import Weights
from rnn_core.runs.records import Records
from rnn_core.runs.store import Store

TINY = Case("gru", 3, 2, 5, 8, 50)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_has_the_windows_it_says(case):
    windows = case.prepared()
    assert len(windows.training) == case.windows
    assert 500 <= case.windows <= 2000
    assert windows.inputs(windows.training[:2]).shape == (2, case.timesteps, 1)


def test_the_products_of_one_layer_are_counted():
    # By hand: 10 windows of 4 steps; W_xh 1x6, W_hh 2x6 for a GRU of 2 units; a product with a
    # matrix of n numbers takes 2n operations, W_hh three times, W_xh twice (no gradient of x).
    case = Case("gru", 2, 1, 4, 5, 10)
    assert case.product_flops == 10 * 4 * (2 * 2 * 6 + 3 * 2 * 12)


def test_an_exponent_is_the_slope_of_the_logarithms():
    assert exponent([1, 2, 4, 8], [3, 12, 48, 192]) == pytest.approx(2)


def test_ratios_are_those_of_the_medians_and_means_geometric():
    def result(epoch):
        return Result(epoch, 1.0, None, 100.0, 0.1)

    results = {"ours": result(2.0), "keras": result(8.0), "torch-1": result(5.0),
               "torch-2": result(3.0)}  # fmt: skip
    row = program.row(TINY, results, rate=1e9)
    assert row["against_keras"] == 4
    assert row["against_torch"] == 1.5  # its better thread setting
    assert row["times_the_floor"] == pytest.approx(2.0 / (TINY.product_flops / 1e9))
    other = {**row, "against_keras": 1.0, "against_torch": None}
    means = program.means([row, other])
    assert means["against_keras"] == pytest.approx(2)
    assert (means["against_keras_worst"], means["against_torch_worst"]) == (1, 1.5)


def test_the_contestants_train_the_same_network():
    with contestants(["ours", "keras"]) as runners:
        results = race(TINY, runners, epochs=3)
    for result in results.values():
        assert 0 < result.epoch < 60
        assert 0 < result.first_loss < 60
        assert result.memory > 100
    assert 0 < results["ours"].untrained < results["ours"].first_loss
    # Batches are shuffled differently: after four epochs the losses are alike, not equal.
    assert results["ours"].loss == pytest.approx(results["keras"].loss, rel=0.2)


def test_pytorch_starts_from_the_weights_of_keras():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    script = """
import json, sys
import numpy as np, torch
from rnn_core.bench.cases import Case
from rnn_core.bench import contestants
case = Case(**json.loads(sys.argv[1]))
model, x, y = contestants._model_and_data(case)
kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[case.cell]
recurrent, dense = kind(1, case.hidden, case.layers, batch_first=True), torch.nn.Linear(3, 1)
contestants._copy_weights(case, model.get_weights(), recurrent, dense)
ours = dense(recurrent(torch.from_numpy(x))[0][:, -1]).detach().numpy()
print(np.abs(ours - model.predict(x, verbose=0)).max())
"""
    assert torch is not None
    for cell in ("lstm", "gru", "rnn"):
        case = json.dumps({"cell": cell, "hidden": 3, "layers": 2, "timesteps": 5, "batch": 8,
                           "windows": 50})  # fmt: skip
        found = subprocess.run(
            [sys.executable, "-c", script, case], capture_output=True, text=True, timeout=120
        )
        assert found.returncode == 0, found.stderr
        assert float(found.stdout) < 1e-5


@pytest.mark.parametrize(("care", "asked"), [(Care.LAB, "look"), (Care.INSIDE, "open")])
def test_who_watches_asks_for_what_the_page_asks_for(tmp_path, monkeypatch, care, asked):
    store = Store(f"sqlite:///{tmp_path / 'bench.db'}")
    run_id = store.create(Experiment(), "bench", "bench")
    weights = Weights(3, (np.ones(2, np.float32),))
    Records(store).append(run_id, [], weights=[weights])
    commands, read, done = set(), [], threading.Event()

    class Control:
        def command(self, name):
            commands.add(name)
            if len(read) > 1:
                done.set()

    for name in ("look", "newest_weights"):
        plain = getattr(Records, name)

        def noted(records, *arguments, name=name, plain=plain, **named):
            read.append(name)
            return plain(records, *arguments, **named)

        monkeypatch.setattr(Records, name, noted)
    reader = Reader(store.url, run_id, Control())
    reader.care = care
    reader.start()
    assert done.wait(10)
    reader.ended.set()
    reader.join()
    store.close()
    assert commands == {asked}
    assert set(read) == {"newest_weights" if care is Care.INSIDE else "look"}
