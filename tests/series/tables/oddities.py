"""Further files of the corpus: exports as programs, offices and agencies really write them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from corpus import DAYS, HOURS, MONTHS, NAMES, QUARTERS, VALUES, YEARS, Case, excel, joined, zipped

BODY = [[month, f"{value}"] for month, value in zip(MONTHS, VALUES, strict=True)]
NAMED = [["Month", "Sales"], *BODY]
TWO = [["Month", "A", "B"], *[[a, b, b] for a, b in BODY]]
YEARLY = tuple(f"{1997 + at // 4}" for at in range(12))
FIVE_YEARS = tuple(f"{year}-{month:02}" for year in range(1990, 1995) for month in range(1, 13))


def oddities() -> list[Case]:
    return [*_around(), *_spread(), *_shapes(), *_written(), *_wrapped(), *_told_apart()]


def text(name: str, content: str, **more: Any) -> Case:
    return Case(f"odd-{name}", content.encode(), **more)


def _around() -> list[Case]:
    """What stands above and below a table."""
    wide = [["", "North", "", "South", ""], ["Month", "a", "b", "a", "b"],
            *[[m, v, "1", "2", "3"] for m, v in BODY]]  # fmt: skip
    return [
        text("total", joined([*NAMED, ["Total", "9999"]]), facts={"passed_over": 1}),
        text("total-german", joined([*NAMED, ["Summe", "9999"]], ";"), facts={"rows": 12}),
        text("totals", joined([*TWO, ["", "", ""], ["Grand Total", "9", "9"],
                               ["Average", "1", "1"]]), facts={"passed_over": 3}),
        text("total-without-a-word", joined([*NAMED, ["", "9999"]]), refusal="series.not_a_time",
             row=14),
        text("total-left-out", joined([*NAMED, ["", "9999"]]), series={"missing": "drop"}),
        text("note-with-a-comma", joined(NAMED) + "\nSource: Bureau of Statistics, 2020\n",
             facts={"passed_over": 1}),
        text("notes-in-cells", joined(NAMED) + "\nNotes,\n* provisional,\n", facts={"rows": 12}),
        text("note-numbered", joined(TWO) + "\n1) provisional\n2) estimated\n",
             facts={"passed_over": 2}),
        text("pairs-above", "Station,Berlin\nUnit,mm\n\n" + joined(NAMED), facts={"header_row": 4}),
        text("pairs-close-above", "Station,Berlin\nUnit,mm\n" + joined(NAMED),
             facts={"header_row": 3}),
        text("trends", "Category: All\n\n" + joined(NAMED), facts={"header_row": 3}),
        text("two-headers", joined(wide), facts={
            "columns": ("Month", "North a", "North b", "South a", "South b")}),
        text("rule", "Month   Sales\n-----  ------\n" + joined(BODY, "  "), facts={"units": {}}),
        text("names-of-words", "Month          Air temperature    Rain\n" + "".join(
            f"{a:<14}{b:>16}{1.5:>8}\n" for a, b in BODY),
            facts={"delimiter": " ", "columns": ("Month", "Air temperature", "Rain")}),
        text("depths-as-names", joined([["Month", "5 cm", "10 cm"], *[[a, b, b] for a, b in BODY]]),
             facts={"columns": ("Month", "5 cm", "10 cm")}),
        text("dashes-first", "x\n--\n" + "".join(f"{b}\n" for _, b in BODY),
             refusal="series.missing", row=2),
        text("markdown", "| Month | Sales |\n|:------|------:|\n"
             + "".join(f"| {a} | {b} |\n" for a, b in BODY), facts={"default_value": "Sales"}),
        text("psql", " Month | Sales \n-------+-------\n" + joined(BODY, " | ") + "(12 rows)\n"),
        text("delimiters-behind-the-rows", joined([NAMED[0], *[[*row, "", ""] for row in BODY]]),
             facts={"columns": ("Month", "Sales")}),
        text("pandas-names", joined([["0", "1"], *[[str(at + 0.5), b] for at, (_, b)
                                                   in enumerate(BODY)]]),
             times=None, time_unit="step", facts={"columns": ("0", "1")}),
        text("pandas-series", joined([["", "0"], *[[str(at), b] for at, (_, b)
                                                   in enumerate(BODY)]]),
             times=None, time_unit="step", facts={"columns": ("column 1", "0")}),
        text("padded", joined(NAMED) + "\x00" * 100),
        text("form-feed", joined(NAMED) + "\x0c"),
        text("formula-texts", joined([["Month", "Sales"], *[[f'="{a}"', f'="{b}"']
                                                           for a, b in BODY]])),
        Case("odd-excel-totals", excel(("S", [["Report"], [], ["Month", "A", "B"],
             *[[m, v, v] for m, v in zip(MONTHS, VALUES, strict=True)], ["Total", 9, 9], [],
             ["Source: us"]])), "table.xlsx", facts={"header_row": 3}),
        Case("odd-excel-title-page", excel(("Cover", [["Report"], ["by us"], ["2020"]]), (
            "Data", [["Month", "A"], *map(list, zip(MONTHS, VALUES, strict=True))])),
            "table.xlsx", facts={"sheet": "Data"}),
        text("html", "<html><body><table><tr><td>1</td></tr></table></body></html>",
             refusal="series.markup"),
        text("xml", '<?xml version="1.0"?><rows><row>1</row></rows>', refusal="series.markup"),
        Case("odd-ods", zipped({"content.xml": b"<x/>"}), "table.ods",
             refusal="series.other_workbook"),
    ]  # fmt: skip


def _spread() -> list[Case]:
    """Times that are spread over columns."""

    def of(
        name: str,
        header: list[str],
        rows: list[list[Any]],
        times: tuple[str, ...],
        unit: str,
        **more: Any,
    ) -> Case:
        body = [[*map(str, row), f"{v}"] for row, v in zip(rows, VALUES, strict=True)]
        return text(f"spread-{name}", joined([[*header, "x"], *body]), times=times,
                    time_unit=unit, **more)  # fmt: skip

    weeks = tuple(f"2020-01-{day:02}" for day in (6, 13, 20, 27)) + tuple(
        str(dt.date(2020, 2, 3) + dt.timedelta(7 * at)) for at in range(8)
    )
    return [
        of("hours", ["No", "year", "month", "day", "hour"],
           [[at + 1, 2020, 1, 10, at] for at in range(12)], HOURS, "hour",
           facts={"index_column": "No", "default_time": "year + month + day + hour"}),
        of("minutes", ["year", "month", "day", "hour", "minute"],
           [[2020, 1, 10, 0, at] for at in range(12)],
           tuple(f"2020-01-10T00:{at:02}" for at in range(12)), "minute"),
        of("quarters", ["Year", "Quarter"], [[y, at % 4 + 1] for at, y in enumerate(YEARLY)],
           QUARTERS, "quarter", facts={"id_column": ""}),
        of("quarters-q", ["Year", "Quarter"], [[y, f"Q{at % 4 + 1}"]
                                               for at, y in enumerate(YEARLY)],
           QUARTERS, "quarter", facts={"id_column": ""}),
        of("month-names", ["Year", "Month"], [[2019, name] for name in NAMES], MONTHS, "month"),
        of("merged-years", ["Year", "Month"], [["" if at else 2019, name]
                                               for at, name in enumerate(NAMES)], MONTHS, "month"),
        of("weeks", ["Year", "Week"], [[2020, week] for week in range(2, 14)], weeks, "week"),
        of("days-of-year", ["Year", "DOY"], [[2020, day] for day in range(10, 22)], DAYS, "day"),
        text("spread-without-names", "".join(
            f"2019 {at + 1:02} {2019 + (at + 0.5) / 12:.3f} {v:7.2f} -1.0\n"
            for at, v in enumerate(VALUES)), facts={"default_value": "column 4"}),
    ]  # fmt: skip


def _shapes() -> list[Case]:
    """Tables that do not have one row for each time."""
    across = [str(value) for value in VALUES]
    months = [["Year", *NAMES], *[[str(1990 + at), *across] for at in range(5)]]
    turned = [["Series", *MONTHS], ["A", *across], ["B", *across[::-1]]]
    bank = [["Country", "Code", *YEARS], ["Aruba", "ABW", *across], ["Angola", "AGO", *across]]
    hole = [turned[0], ["A", *across[:4], "", *across[5:]], turned[2]]
    more: dict[str, Any] = {"times": FIVE_YEARS, "values": VALUES * 5}
    return [
        text("rows", joined(turned), facts={"shape": "rows", "columns": ("time", "A", "B")}),
        text("rows-second", joined(turned), series={"value": "B"}, values=VALUES[::-1]),
        text("rows-hole", joined(hole), refusal="series.missing", row=6),
        text("rows-names", joined([["Product", *[f"{n}-19" for n in NAMES]], *turned[1:]])),
        text("rows-bank", '"Source","Indicators",\n\n"Updated","2023-07-25",\n\n' + joined(bank),
             times=YEARS, time_unit="year", facts={"header_row": 5}),
        text("rows-no-labels", joined([list(MONTHS), across])),
        text("rows-left", joined(turned), choices={"shape": "columns"},
             series={"value": "2019-03"}, values=(VALUES[2], VALUES[-3]), times=None,
             time_unit="step"),
        text("rows-chosen", joined([["a", "x1", "x2", "x3"], ["A", "1", "2", "3"],
                                    ["B", "4", "5", "6"]]), choices={"shape": "rows"},
             values=(1, 2, 3), times=None, time_unit="step"),
        text("one-line", joined([across]), times=None, time_unit="step"),
        text("calendar", joined(months), facts={"shape": "calendar", "rows": 60}, **more),
        text("calendar-total", joined([[*months[0], "Total"],
             *[[*row, "9"] for row in months[1:]]]), **more),
        text("calendar-unfinished", joined([*months, ["1995", "1", "2", *[""] * 10]]),
             times=(*FIVE_YEARS, "1995-01", "1995-02"), values=(*VALUES * 5, 1, 2)),
        text("calendar-r", joined([months[0][1:], *months[1:]], "  "), **more),
        text("calendar-turned", joined([["Month", *[str(1990 + at) for at in range(5)]],
             *[[name, *[v] * 5] for name, v in zip(NAMES, across, strict=True)]]), **more),
        text("calendar-quarters", joined([["Year", "Q1", "Q2", "Q3", "Q4"],
             *[[str(1997 + at), *across[4 * at:4 * at + 4]] for at in range(3)]]), times=QUARTERS,
             time_unit="quarter"),
        text("calendar-chosen", joined(NAMED), choices={"shape": "calendar"},
             refusal="series.calendar"),
        text("shape-unknown", joined(NAMED), choices={"shape": "round"}, refusal="series.choice"),
        Case("odd-excel-rows", excel(("S", [["Item", *[dt.datetime(2019, m, 1)
             for m in range(1, 13)]], ["A", *VALUES], ["B", *VALUES]])), "table.xlsx",
             facts={"shape": "rows"}),
    ]  # fmt: skip


def _written() -> list[Case]:
    """Times and numbers as they are written here and there."""

    def times(
        name: str, cells: list[str], expected: tuple[str, ...], unit: str, header: str = "when"
    ) -> Case:
        rows = [[header, "x"], *[[c, str(v)] for c, v in zip(cells, VALUES, strict=True)]]
        return text(f"time-{name}", joined(rows, ";"), times=expected, time_unit=unit)

    def numbers(name: str, cells: list[str], **more: Any) -> Case:
        dates = [f"{day[8:]}.01.2020" for day in DAYS]
        rows = [["Datum", "Wert"], *map(list, zip(dates, cells, strict=True))]
        return text(f"numbers-{name}", joined(rows, ";"), times=DAYS, time_unit="day", **more)

    day = [day[8:] for day in DAYS]
    first = dt.date(2020, 1, 10).toordinal() - dt.date(1899, 12, 30).toordinal()
    clock = [f"10.01.2020 {at:02}:00 - 10.01.2020 {at + 1:02}:00" for at in range(12)]
    broad = tuple(10_000 * value for value in VALUES)
    return [
        times("asian", [f"2020年1月{d}日" for d in day], DAYS, "day"),
        times("asian-months", [f"2019年{m}月" for m in range(1, 13)], MONTHS, "month"),
        times("weekday", [f"Fr, {d}.01.2020" for d in day], DAYS, "day"),
        times("spanish", [f"{d} de enero de 2020" for d in day], DAYS, "day"),
        times("interval", clock, HOURS, "hour"),
        times("zone-named", [f"2020-01-10 {at + 1:02}:00 CET" for at in range(12)], HOURS, "hour"),
        times("zone-in-brackets", [f"2020-01-10T{at + 1:02}:00:00+01:00[Europe/Berlin]"
                                   for at in range(12)], HOURS, "hour"),
        times("digits-to-the-hour", [f"20200110{at:02}" for at in range(12)], HOURS, "hour"),
        times("quarters-short", [f"Q{at % 4 + 1}-{y[2:]}" for at, y in enumerate(YEARLY)],
              QUARTERS, "quarter"),
        times("quarters-behind", [f"{at % 4 + 1}Q{y[2:]}" for at, y in enumerate(YEARLY)],
              QUARTERS, "quarter"),
        times("quarters-german", [f"{at % 4 + 1}. Quartal {y}" for at, y in enumerate(YEARLY)],
              QUARTERS, "quarter"),
        times("quarters-french", [f"T{at % 4 + 1} {y}" for at, y in enumerate(YEARLY)],
              QUARTERS, "quarter"),
        times("years-in-two", [f"{y}/{(int(y) + 1) % 100:02}" for y in YEARS], YEARS, "year"),
        times("years-fiscal", [f"FY{y}" for y in YEARS], YEARS, "year"),
        times("years-with-parts", [f"{2019 + at / 12:.9g}" for at in range(12)], MONTHS, "month",
              "time"),
        times("years-with-middles", [f"{2019 + (at + 0.5) / 12:.3f}" for at in range(12)], MONTHS,
              "month", "decimal date"),
        times("serials", [str(first + at) for at in range(12)], DAYS, "day", "Date"),
        numbers("blanks-and-dates", [f"{v:,.1f}".replace(",", " ").replace(".", ",")
                                     for v in broad], values=broad, facts={"thousands": " "}),
        numbers("points-and-dates", [str(v) for v in VALUES], facts={"decimal": "."}),
        numbers("kilowatt-hours", [f"{v} kWh".replace(".", ",") for v in VALUES],
                facts={"units": {"Wert": "kWh"}}),
        numbers("degrees", [f"{v} °C" for v in VALUES], facts={"units": {"Wert": "°C"}}),
        numbers("two-units", [f"{v} {'mm' if at else 'cm'}" for at, v in enumerate(VALUES)],
                refusal="series.not_a_number", row=2),
        numbers("booleans", ["TRUE", "FALSE"] * 6, values=(1.0, 0.0) * 6),
        numbers("question-mark", [*map(str, VALUES[:3]), "?", *map(str, VALUES[4:])],
                refusal="series.missing", row=5),
        numbers("dash", [*map(str, VALUES[:3]), "–", *map(str, VALUES[4:])],
                refusal="series.missing", row=5),
        numbers("below-detection", [*map(str, VALUES[:3]), "<5", *map(str, VALUES[4:])],
                refusal="series.not_a_number", row=5),
    ]  # fmt: skip


def _wrapped() -> list[Case]:
    """JSON as services answer with it."""
    pairs = list(zip(MONTHS, VALUES, strict=True))
    prices = {day: {"open": value, "close": 1} for day, value in zip(DAYS, VALUES, strict=True)}
    daily: dict[str, Any] = {"times": DAYS, "time_unit": "day"}

    def of(name: str, content: Any, **more: Any) -> Case:
        return Case(f"odd-json-{name}", json.dumps(content).encode(), "table.json", **more)

    return [
        of("nested", [{"time": m, "main": {"temp": v, "rain": {"1h": 0}}} for m, v in pairs],
           facts={"default_value": "main.temp"}),
        of("deep", {"ok": 1, "result": {"timeseries": [{"date": m, "x": v} for m, v in pairs]}}),
        of("columns-inside", {"lat": 1.5, "units": {"time": "iso", "x": "°C"},
                              "hourly": {"time": HOURS, "x": VALUES}}, times=HOURS,
           time_unit="hour"),
        of("by-time", prices, facts={"columns": ("time", "open", "close")}, **daily),
        of("by-time-inside", {"Meta Data": {"a": "b"}, "Daily": prices}, **daily),
        of("pairs-inside", {"data": {"result": [{"metric": {"a": "b"}, "values": pairs}]}}),
        of("features", {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"time": m, "x": v}, "geometry": None}
            for m, v in pairs]}),
    ]  # fmt: skip


def _told_apart() -> list[Case]:
    """Which column is what: codes, stations, shops and their goods."""
    stores = [
        ["store", "date", "sales"],
        *[
            [str(store), day, str(value * store)]
            for store in (1, 2, 3)
            for day, value in zip(DAYS, VALUES, strict=True)
        ],
    ]
    goods = [
        ["date", "store", "item", "sales"],
        *[
            [day, str(store), str(item), str(value * item)]
            for day, value in zip(DAYS, VALUES, strict=True)
            for store in (1, 2)
            for item in (1, 2, 3)
        ],
    ]
    daily: dict[str, Any] = {"times": DAYS, "time_unit": "day"}
    coded = [
        ["STATION_ID", "day", "quality", "x"],
        *[["433", day, "3", str(value)] for day, value in zip(DAYS, VALUES, strict=True)],
    ]
    axis = [["t", "x"], *[[f"{at / 100:.2f}", str(value)] for at, value in enumerate(VALUES)]]
    return [
        text("shops", joined(stores), facts={"id_column": "store", "id_values": ("1", "2", "3")},
             **daily),
        text("shops-and-goods", joined(goods), facts={"id_column": "store + item",
                                                      "default_id_value": "1 + 1"}, **daily),
        text("shops-and-goods-chosen", joined(goods), choices={"id_value": "2 + 3"},
             values=tuple(3 * value for value in VALUES), times=DAYS, time_unit="day"),
        text("codes", joined(coded), facts={"default_value": "x"}, **daily),
        text("axis", joined(axis), facts={"default_value": "x"}, times=None, time_unit="step"),
    ]  # fmt: skip
