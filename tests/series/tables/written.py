"""Further files of the corpus: ways in which programs and countries write times and numbers."""

from __future__ import annotations

import json
from typing import Any

from corpus import DAYS, HOURS, MONTHS, VALUES, Case, excel, joined, parquet

DAILY: dict[str, Any] = {"times": DAYS, "time_unit": "day"}
HOURLY: dict[str, Any] = {"times": HOURS, "time_unit": "hour"}
NAMED = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
HALVES = tuple(f"{2010 + at // 2}-{1 + 6 * (at % 2):02}" for at in range(12))


def written() -> list[Case]:
    return [*_clocks(), *_calendars(), *_spread(), *_numbers(), *_headers(), *_series()]


def _text(name: str, content: str, **more: Any) -> Case:
    return Case(f"written-{name}", content.encode(), **more)


def _of(name: str, cells: list[str], **more: Any) -> Case:
    rows = [[cell, f"{value}"] for cell, value in zip(cells, VALUES, strict=True)]
    return _text(name, joined([["when", "x"], *rows], "\t"), **more)


def _clocks() -> list[Case]:
    """Times of day behind a date, or before its year."""
    hours = range(12)
    words = {"points": "10.01.2020 {:02}.00", "h": "10/01/2020 {:02}h00",
             "word": "10.01.2020 {:02}:00 Uhr", "file": "2020-01-10_{:02}-00-00",
             "stamp": "20200110_{:02}0000", "dash": "2020/01/10-{:02}:00:00",
             "unix": "Fri Jan 10 {:02}:00:00 UTC 2020", "feed": "Fri Jan 10 {:02}:00:00 +0000 2020",
             "browser": "Fri Jan 10 2020 {:02}:00:00 GMT+0000 (Coordinated Universal Time)",
             "points-of-a-second": "10-JAN-20 {:02}.00.00.000000000"}  # fmt: skip
    halves = [f"10-JAN-20 {at % 12 or 12:02}.00.00.000000000 AM" for at in hours]
    shown = [f"{at:02}.00.00" for at in hours]
    apart = [["10/01/2020", at, f"{value}".replace(".", ","), "", ""]
             for at, value in zip(shown, VALUES, strict=True)]  # fmt: skip
    choices = {"choices": {"day_first": True}}
    return [
        *(_of(f"clock-{name}", [layout.format(at) for at in hours],
              **(choices if "/01/" in layout and name == "h" else {}), **HOURLY)
          for name, layout in words.items()),
        _of("clock-points-halves", halves, **HOURLY),
        _text("clock-column", joined([["Date", "Time", "CO(GT)", "", ""], *apart], ";"),
              **choices, **HOURLY, facts={"default_time": "Date + Time"}),
    ]  # fmt: skip


def _calendars() -> list[Case]:
    """Half-years, and months in further languages."""
    halves: dict[str, Any] = {"times": HALVES, "time_unit": "half a year"}
    polish = ["stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia",
              "września", "października", "listopada", "grudnia"]  # fmt: skip
    russian = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
    turkish = [
        "Ocak",
        "Şubat",
        "Mart",
        "Nisan",
        "Mayıs",
        "Haziran",
        "Temmuz",
        "Ağustos",
        "Eylül",
        "Ekim",
        "Kasım",
        "Aralık",
    ]
    numbered = [*map(str, VALUES)]
    return [
        _of("halves", [f"{half[:4]}-S{1 if half.endswith('01') else 2}" for half in HALVES],
            **halves),
        _of("halves-before", [f"H{1 if half.endswith('01') else 2} {half[:4]}" for half in HALVES],
            **halves),
        _of("months-polish", [f"1 {month} 2019" for month in polish]),
        _of("months-russian", [f"{month} 2019" for month in russian]),
        _of("months-turkish", [f"{month} 2019" for month in turkish]),
        # What only begins as a month does is none: these are columns, and no times across.
        _text("no-months", joined([[f"Setting {at}" for at in range(10, 13)],
                                   *[[value, "1", "2"] for value in numbered]]),
              times=None, time_unit="step", facts={"shape": "columns"}),
    ]  # fmt: skip


def _spread() -> list[Case]:
    """A year beside a numbered period, and a year beside a time that says it again."""
    rows = [["S1", *month.split("-"), f"{value}"]
            for month, value in zip(MONTHS, VALUES, strict=True)]  # fmt: skip
    periods = [[name, year, f"M{at}", value] for name, year, at, value in rows]
    years = [[f"{year} {month}", year, value]
             for (_, year, _at, value), month in zip(rows, NAMED, strict=True)]  # fmt: skip
    return [
        _text("periods", joined([["Series ID", "Year", "Period", "Value"], *periods]),
              facts={"default_time": "Year + Period", "id_column": ""}),
        _text("year-again", joined([["Label", "Year", "Value"], *years]),
              facts={"default_value": "Value"}),
    ]  # fmt: skip


def _numbers() -> list[Case]:
    """Magnitudes behind numbers, and words for what could not be measured."""
    large = [
        f"{value / 1e3:.5f}M" if at % 2 else f"{value:.2f}K" for at, value in enumerate(VALUES)
    ]
    lost = [*map(str, VALUES)]
    gone = (*VALUES[:4], *VALUES[5:])
    hours = (*HOURS[:4], *HOURS[5:])
    return [
        _text("magnitudes", joined([["date", "volume"], *map(list, zip(DAYS, large, strict=True))]),
              values=tuple(1e3 * value for value in VALUES), **DAILY),
        *(_text(f"lost-{at}", joined([["time", "state"], *map(list, zip(
            HOURS, [*lost[:4], word, *lost[5:]], strict=True))]), values=gone, times=hours,
            time_unit="hour", series={"missing": "drop"})
          for at, word in enumerate(("unavailable", "***", "/"))),
        _text("region", joined([["week", "rain: (World)"], *map(list, zip(
            DAYS, lost, strict=True))]), facts={"units": {}}, **DAILY),
    ]  # fmt: skip


def _headers() -> list[Case]:
    """Names that the row below tells apart, and facts above a header."""
    body = [[day, f"{value}", "1.5", "0"] for day, value in zip(DAYS, VALUES, strict=True)]
    groups = [["", "temp", "temp", "rain"], ["", "mean", "max", "sum"], ["date", "", "", ""], *body]
    facts = [["Model", "MSO24"], ["Firmware Version", "1.2"], [], ["Horizontal Units", "s"],
             ["Record Length", "12"], [], [], ["TIME", "CH1"],
             *[[f"{at * 4e-6:.6e}", f"{value}"] for at, value in enumerate(VALUES)]]  # fmt: skip
    years = [[None, 2023, None, 2024, None], ["Name", "Ist", "Plan", "Ist", "Plan"],
             *[[f"n {at}", value, 1, 2, 3] for at, value in enumerate(VALUES)]]  # fmt: skip
    return [
        Case("written-groups-of-years", excel(("s", years)), "a.xlsx", times=None, time_unit="step",
             facts={"columns": ("Name", "2023 Ist", "2023 Plan", "2024 Ist", "2024 Plan")}),
        _text("names-again", joined(groups), facts={
            "columns": ("column 1", "temp mean", "temp max", "rain sum"), "units": {}}, **DAILY),
        _text("facts-above", joined(facts), times=None, time_unit="step",
              facts={"header_row": 8, "columns": ("TIME", "CH1"), "default_value": "CH1"}),
        Case("written-parquet-nulls", parquet({
            "t": [*DAYS, None], "x": [*VALUES, None]}), series={"missing": "drop"}, **DAILY),
    ]  # fmt: skip


def _series() -> list[Case]:
    """Which rows or columns are a series, where codes and rows about the file stand beside it."""
    sensor = [["1", "", "Name", ""], ["2", "", "Surname", ""],
              *[[f"{at + 3}", hour, "EGV", f"{value}"]
                for at, (hour, value) in enumerate(zip(HOURS, VALUES, strict=True))]]  # fmt: skip
    places = [[day, place, f"{at}.1", f"{value + at}"]
              for at, place in enumerate(("Canada", "Ontario"))
              for day, value in zip(DAYS, VALUES, strict=True)]  # fmt: skip
    numbers = [*map(str, VALUES)]
    across = [["id", "rank", "name", *DAYS],
              *[[f"{7 + at}", f"{at}", f"City {at}", *numbers] for at in range(3)]]  # fmt: skip
    trace = {"type": "scatter", "name": "a", "mode": "lines", "x": list(DAYS), "y": list(VALUES)}
    return [
        _text("rows-about-the-file", joined([["Index", "Time", "Event", "Level"], *sensor]),
              facts={"id_column": ""}, series={"missing": "drop"}, **HOURLY),
        _text("code-of-the-series", joined([["date", "place", "coordinate", "level"], *places]),
              facts={"id_column": "place", "default_value": "level"}, **DAILY),
        _text("codes-across", joined(across), facts={"default_value": "City 0", "shape": "rows"},
              **DAILY),
        Case("written-json-trace", json.dumps({"data": [trace], "layout": {"title": "t"}}).encode(),
             "a.json", **DAILY),
    ]  # fmt: skip
