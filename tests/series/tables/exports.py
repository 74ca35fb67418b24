"""Further files of the corpus: exports of agencies, loggers and monitoring, as they come."""

from __future__ import annotations

import json
from typing import Any

from corpus import DAYS, GERMAN, HOURS, MONTHS, VALUES, YEARS, Case, excel, joined

DAILY: dict[str, Any] = {"times": DAYS, "time_unit": "day"}
HOURLY: dict[str, Any] = {"times": HOURS, "time_unit": "hour"}
YEARLY: dict[str, Any] = {"times": YEARS, "time_unit": "year"}


def exports() -> list[Case]:
    return [*_facts_above(), *_offices(), *_machines(), *_short_years(), *_wrapped()]


def _text(name: str, content: str, **more: Any) -> Case:
    return Case(f"export-{name}", content.encode(), **more)


def _comma(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _facts_above() -> list[Case]:
    """Rows between the names and the first time that say something of the columns."""
    bank = [
        ['""', "BBEX3.M.USD", "BBEX3.FLAGS"],
        ['""', "Euro-Referenzkurs der EZB", ""],
        ["Einheit", "USD (US-Dollar)", ""],
        ["Dimension", "Eins", ""],
        ["Stand vom", "01.02.2024 12:00:00 Uhr", ""],
        *[[month, _comma(value), ""] for month, value in zip(MONTHS, VALUES, strict=True)],
    ]
    frame = [
        ["Price", "Close", "Open"],
        ["Ticker", "AAPL", "AAPL"],
        ["Date", "", ""],
        *[[day, f"{value}", "7.5"] for day, value in zip(DAYS, VALUES, strict=True)],
    ]
    logger = [
        ['"TOA5"', '"CR1000"', '"1234"', '"Std.31"', '"65432"'],
        ['"TIMESTAMP"', '"RECORD"', '"AirTC_Avg"'],
        ['"TS"', '"RN"', '"Deg C"'],
        ['""', '""', '"Avg"'],
        *[
            [f'"{hour.replace("T", " ")}:00"', str(at + 17), f"{value}"]
            for at, (hour, value) in enumerate(zip(HOURS, VALUES, strict=True))
        ],
    ]
    # A first row that only lacks its time, or has a wrong one, is no fact about the columns.
    wrong = [["day", "x"], ["unknown", "5"], *[[day, "5"] for day in DAYS]]
    gone = [["day", "x"], ["2020-13-01", ""], *[[day, "5"] for day in DAYS]]
    return [
        _text("central-bank", joined(bank, ";"), facts={"header_row": 1, "passed_over": 3}),
        _text("stock-frame", joined(frame), facts={"passed_over": 1, "default_value": "Close"},
              **DAILY),
        _text("logger", joined(logger), facts={"units": {"RECORD": "RN", "AirTC_Avg": "Deg C"},
              "default_value": "AirTC_Avg"}, **HOURLY),
        _text("first-time-wrong", joined(wrong), refusal="series.not_a_time", row=2),
        _text("first-time-wrong-and-empty", joined(gone), refusal="series.not_a_time", row=2),
    ]  # fmt: skip


def _offices() -> list[Case]:
    office = [
        ["", "", "Index", "Change"],
        ["", "", "2020=100", "in (%)"],
        *[["2019", GERMAN[at], _comma(value), "0,5"] for at, value in enumerate(VALUES)],
    ]
    released = [
        ["LAST UPDATE", "geo", "TIME_PERIOD", "OBS_VALUE"],
        *[
            ["01/02/24 23:00:00", "AT", year, f"{value}"]
            for year, value in zip(YEARS, VALUES, strict=True)
        ],
    ]
    across = [
        ["Code", "Country", *YEARS, "Estimates Start After"],
        ["512", "AFG", *map(str, VALUES), "2010"],
        ["914", "ALB", *map(str, VALUES), "2011"],
    ]
    totals = [
        ["Product", *MONTHS, "Total", "Remark"],
        ["Tea", *map(str, VALUES), "9999", "x"],
        ["Milk", *map(str, VALUES), "9999", ""],
    ]
    return [
        _text("unnamed-year-and-month", "Tabelle: 61111\nPreise, Monate\n" + joined(office, ";"),
              facts={"default_value": "Index"}),
        _text("last-update", joined(released), facts={"default_time": "TIME_PERIOD"}, **YEARLY),
        _text("column-behind-years", joined(across, "\t"), facts={"shape": "rows"}, **YEARLY),
        _text("totals-behind-months", joined(totals), facts={
            "shape": "rows", "columns": ("time", "Tea", "Milk")}),
    ]  # fmt: skip


def _machines() -> list[Case]:
    pairs = [[1_578_614_400 + 3600 * at, f"{value}"] for at, value in enumerate(VALUES)]
    other = [[time, "1"] for time, _ in pairs]
    answer = {"status": "success", "data": {"resultType": "matrix", "result": [
        {"metric": {"__name__": "load", "host": "a"}, "values": pairs},
        {"metric": {"__name__": "load", "host": "b"}, "values": other}]}}  # fmt: skip
    clocks = [f"{(at + 11) % 12 + 1}:00a" for at in range(12)]
    station = [["Date", "Time", "Temp"], *[["10/01/20", clock, f"{value}"]
               for clock, value in zip(clocks, VALUES, strict=True)]]  # fmt: skip
    stamps = [f"{10 + at}JAN2020:00:00:00" for at in range(12)]
    days = [f"{10 + at}/Jan/2020:00:00:00 +0000" for at in range(12)]
    free = [["free", "buff"], *[[f"{value}", str(2000 + at)] for at, value in enumerate(VALUES)]]
    memory = [[f"{hour}:00", f"{value} MiB"] for hour, value in zip(HOURS, VALUES, strict=True)]
    return [
        Case("export-monitoring", json.dumps(answer).encode(), "a.json", facts={
            "id_column": "series", "id_values": ("host=a", "host=b")}, **HOURLY),
        _text("memory", joined([["Time", "mem"], *memory]), facts={"units": {"mem": "MiB"}},
              **HOURLY),
        _text("half-day-clocks", joined(station, "\t"), choices={"day_first": True}, **HOURLY),
        _text("stamps-with-colons", joined([["DT", "x"], *[[stamp, f"{value}"]
              for stamp, value in zip(stamps, VALUES, strict=True)]]), **DAILY),
        _text("server-stamps", joined([["at", "x"], *[[stamp, f"{value}"]
              for stamp, value in zip(days, VALUES, strict=True)]]), **DAILY),
        # What only happens to go up by one from 2000 is no column of years.
        _text("counts-from-2000", joined([["n", "x", "v"], *[["1", *row] for row in free[1:]]]),
              series={"value": "x"}, times=None, time_unit="step"),
    ]  # fmt: skip


def _short_years() -> list[Case]:
    def of(name: str, days: list[str], **more: Any) -> Case:
        rows = [[day, f"{value}"] for day, value in zip(days, VALUES, strict=True)]
        return _text(f"short-year-{name}", joined([["date", "x"], *rows]), **more)

    late = tuple(f"2024-01-{day:02}" for day in range(10, 22))
    months = [f"24-{month:02}-01" for month in range(1, 13)]
    return [
        of("first", [day[2:] for day in late], times=late, time_unit="day"),
        of("points", [day[2:].replace("-", ".") for day in late], times=late, time_unit="day"),
        of("months", months, times=tuple(f"20{month}" for month in months), time_unit="month"),
        of("last", [f"{day[8:]}-{day[5:7]}-{day[2:4]}" for day in late], times=late,
           time_unit="day"),
        of("last-months", [f"01/{at:02}/24" for at in range(1, 13)],
           times=tuple(f"2024-{at:02}" for at in range(1, 13)), time_unit="month"),
    ]  # fmt: skip


def _wrapped() -> list[Case]:
    records = [{"date": month, "value": value} for month, value in zip(MONTHS, VALUES, strict=True)]
    pages = [{"page": 1, "pages": 1, "total": 12}, records]
    answer = {"response": {"total": 12, "data": records}}
    report = [
        ["Sales report 2024"],
        ["Created 01.02.2024"],
        [],
        ["Month", "Sales", "Region"],
        *[[month, value, "N"] for month, value in zip(MONTHS, VALUES, strict=True)],
    ]
    # Ten minutes in days with six digits, as a spreadsheet shows them: up to 43 ms off.
    tens = [round(43_840 + at / 144, 6) for at in range(12)]
    moments = tuple(f"2020-01-10T{at // 6:02}:{at % 6}0" for at in range(12))

    def dated(sheet: Any) -> None:
        for row in range(2, 14):
            sheet.cell(row, 1).number_format = "yyyy-mm-dd hh:mm"

    rows = [["time", "x"], *map(list, zip(tens, VALUES, strict=True))]
    return [
        Case("export-json-pages", json.dumps(pages).encode(), "a.json"),
        Case("export-json-response", json.dumps(answer).encode(), "a.json"),
        Case("export-xlsx-report", excel(("s", report)), "a.xlsx", facts={"header_row": 4}),
        Case("export-xlsx-short-days", excel(("s", rows), change=dated), "a.xlsx", times=moments,
             time_unit="ten minutes"),
    ]  # fmt: skip
