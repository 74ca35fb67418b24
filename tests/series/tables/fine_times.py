"""Further files of the corpus: times that tell parts of a second, in every way they are written."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from corpus import HOURS, MONTHS, VALUES, Case, excel, joined, parquet

BEGIN = np.datetime64("2024-02-28T23:59:59.700", "ms")
TENTHS = tuple(map(str, BEGIN + 100 * np.arange(12)))  # over a midnight, and a whole second
EPOCH = [int(np.datetime64(time, "ms").astype(np.int64)) for time in TENTHS]


def fine_times() -> list[Case]:
    return [*_written(), *_typed(), *_dropped()]


def _text(name: str, cells: list[str], delimiter: str = ",", **more: Any) -> Case:
    rows = [[cell, f"{value}"] for cell, value in zip(cells, VALUES, strict=True)]
    told = {"times": TENTHS, "time_unit": "tenth of a second", **more}
    return Case(f"fine-{name}", joined([["time", "value"], *rows], delimiter).encode(), **told)


def _spaced(name: str, milliseconds: int, unit: str) -> Case:
    times = tuple(map(str, BEGIN + milliseconds * np.arange(12)))
    return _text(name, list(times), times=times, time_unit=unit)


def _written() -> list[Case]:
    days = [f"{time[8:10]}.{time[5:7]}.{time[:4]}" for time in TENTHS]
    clocks = [time[11:] for time in TENTHS]
    apart = [
        [day, clock, f"{value}"] for day, clock, value in zip(days, clocks, VALUES, strict=True)
    ]
    late = [
        f"{day[3:5]}/{day[:2]}/{day[6:]} {(int(clock[:2]) + 11) % 12 + 1}{clock[2:]} "
        f"{'AM' if int(clock[:2]) < 12 else 'PM'}"
        for day, clock in zip(days, clocks, strict=True)
    ]
    # Python leaves out the fraction of a whole second.
    python = [time.replace("T", " ").removesuffix(".000") for time in TENTHS]
    return [
        _text("iso", list(TENTHS)),
        _text("iso-short", [time[:-2] for time in TENTHS]),
        _text("iso-zone", [f"{time}Z" for time in TENTHS]),
        _text("python", python),
        _text("logging", [time.replace("T", " ").replace(".", ",") for time in TENTHS], ";"),
        _text("german", [f"{a} {b[:8]},{b[9:]}"
                         for a, b in zip(days, clocks, strict=True)], ";"),
        _text("twelve-hours", late),
        Case("fine-date-and-clock", joined([["date", "clock", "value"], *apart]).encode(),
             times=TENTHS, time_unit="tenth of a second"),
        _text("epoch-s", [f"{at / 1000:.3f}" for at in EPOCH]),
        _text("epoch-s-comma", [f"{at / 1000:.1f}".replace(".", ",") for at in EPOCH], ";"),
        _text("epoch-ms", [f"{at}" for at in EPOCH]),
        _text("epoch-ms-fractions", [f"{at}.0" for at in EPOCH]),
        _text("epoch-us", [f"{at}000" for at in EPOCH]),
        _text("epoch-ns", [f"{at}000000" for at in EPOCH]),
        _text("serial", [f"{at / 86_400_000 + 25_569:.10f}" for at in EPOCH]),
        _spaced("50-hertz", 20, "step"),
        _spaced("hundred-hertz", 10, "hundredth of a second"),
        _spaced("thousand-hertz", 1, "millisecond"),
        _spaced("every-three-halves", 1500, "step"),
    ]  # fmt: skip


def _typed() -> list[Case]:
    times = np.array(TENTHS, "datetime64[ms]")
    records = {
        "ms": EPOCH,
        "s": [at / 1000 for at in EPOCH],
        "iso": list(TENTHS),
    }
    made = [
        Case(f"fine-json-{name}", json.dumps({"time": cells, "value": VALUES}).encode(),
             "table.json", times=TENTHS, time_unit="tenth of a second")
        for name, cells in records.items()
    ]  # fmt: skip
    made += [
        Case(f"fine-parquet-{unit}",
             parquet({"time": times.astype(f"datetime64[{unit}]"), "value": VALUES}),
             "table.parquet", times=TENTHS, time_unit="tenth of a second")
        for unit in ("ms", "us", "ns")
    ]  # fmt: skip
    rows = [["time", "value"], *map(list, zip(times.tolist(), VALUES, strict=True))]
    return [*made, Case("fine-xlsx", excel(("s", rows)), "table.xlsx", times=TENTHS,
                        time_unit="tenth of a second")]  # fmt: skip


def _dropped() -> list[Case]:
    """Parts of a second that a logger adds to whole ones."""
    late = [f"{hour}:00.{3 + 17 * at % 8:03}" for at, hour in enumerate(HOURS)]
    return [
        _text("logger", late, times=HOURS, time_unit="hour"),
        _text("midnights", [f"{month}-01 00:00:00.000" for month in MONTHS], times=MONTHS,
              time_unit="month"),
    ]  # fmt: skip
