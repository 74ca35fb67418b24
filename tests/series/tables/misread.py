"""Further files of the corpus: those of which a guess is easily wrong."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from corpus import DAYS, HOURS, MONTHS, QUARTERS, VALUES, YEARS, Case, day_first, joined, parquet

MEASURED = tuple(value / 100 for value in VALUES)
COUNTED = (950, 1020, 12345, 999, 1100, 1500, 2000, 800, 1250, 1337, 1024, 990)
EXACT = (1.429, 1.571, 1.286, 2.5, 1.857, 2.143, 1.714, 2.286, 1.5, 1.25, 1.125, 1.75)


def misread() -> list[Case]:
    return [*_commas(), *_thousands(), *_times(), *_signs(), *_cut(), *_units_and_flags(),
            *_index_without_a_name(), *_pandas()]  # fmt: skip


def comma(value: float, digits: int = 4) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def _text(name: str, content: str, **more: Any) -> Case:
    return Case(f"misread-{name}", content.encode(), **more)


def _columns(*columns: list[str], header: list[str], delimiter: str = ";") -> str:
    return joined([header, *map(list, zip(*columns, strict=True))], delimiter)


def _commas() -> list[Case]:
    """Columns beside the values, in a file with decimal commas."""
    values = [comma(value) for value in MEASURED]
    days = [day_first(day) for day in DAYS]

    def of(name: str, header: str, *columns: list[str], **more: Any) -> Case:
        content = _columns(*columns, values, header=header.split(";"))
        return _text(f"comma-{name}", content, values=MEASURED, **more)

    steps: dict[str, Any] = {"times": None, "time_unit": "step"}
    daily: dict[str, Any] = {"times": DAYS, "time_unit": "day"}
    made = [
        of(f"axis-{at}", header, [comma(step / 10, 1) for step in range(12)], **steps)
        for at, header in enumerate(("Zeit;Spannung", "Zeit [s];Spannung [V]", "t;v"))
    ]
    return [
        *made,
        of("flag", "Datum;aktiv;Wert", days, [f"{at % 2},0" for at in range(12)], **daily),
        of("constant", "Datum;lat;Wert", days, ["52,52"] * 12, **daily),
        of("years", "Jahr;Wert", [comma(2019 + at / 12, 3) for at in range(12)]),
        of("epoch", "Zeit;Wert", [f"{1578614400 + 86400 * at},0" for at in range(12)], **daily),
        of("serial", "Datum;Wert", [f"{43840 + at},5" for at in range(12)],
           times=tuple(f"{day}T12:00" for day in DAYS), time_unit="day"),
        _text("comma-ids", _columns([DAYS[at // 2] for at in range(12)],
              [f"{at % 2 + 1},0" for at in range(12)], values, header=["d", "id", "v"]),
              values=MEASURED[::2], times=DAYS[:6], time_unit="day",
              facts={"id_values": ("1,0", "2,0")}),
        _text("comma-exponents", _columns(days, [f"{comma(v / 100)}E+02" for v in VALUES],
              header=["Datum", "Wert"]), **daily),
    ]  # fmt: skip


def _thousands() -> list[Case]:
    """Numbers with three digits behind every mark, in one and the same way in all formats."""
    days = [day_first(day) for day in DAYS]
    daily: dict[str, Any] = {"times": DAYS, "time_unit": "day"}
    counted = [f"{value:,}".replace(",", ".") for value in COUNTED]
    exact = [comma(value, 3) for value in EXACT]
    pounds = ["100", "99.875", "101.250", "100.125"] * 3
    hundreds = ["950", "1.021", "1.337", "12.345"] * 3
    made = []
    for name, dates, cells, values, guessed, decimal in (
        ("eighths", list(DAYS), ["100", "250", "1,250", "3,125"] * 3,
         (100, 250, 1250, 3125) * 3, True, "."),
        ("around-a-hundred", list(DAYS), pounds, (100, 99.875, 101.25, 100.125) * 3, True, "."),
        ("hundreds", list(DAYS), hundreds, (950, 1021, 1337, 12345) * 3, True, ","),
        ("german", days, counted, COUNTED, False, ","),
        ("german-iso", list(DAYS), counted, COUNTED, False, ","),
        ("point-alone", days, counted[1:3] * 6, [v / 1000 for v in COUNTED[1:3]] * 6, True, "."),
        ("exact", days, exact, EXACT, True, ","),
        # Without a date that speaks for the comma, semicolons do.
        ("exact-iso", list(DAYS), exact, EXACT, True, ","),
        ("comma-alone", list(DAYS), exact, [1000 * v for v in EXACT], True, "."),
        ("english", list(DAYS), [f"{value:,}" for value in COUNTED], COUNTED, False, "."),
        ("exponents", days, [f"{v / 10:.3f}e+05" for v in VALUES], [v * 1e4 for v in VALUES],
         False, "."),
        ("grams", list(DAYS), ["5", "1.125", "2.500", "3"] * 3, (5, 1.125, 2.5, 3) * 3, True, "."),
        ("dollars", list(DAYS), [f"${value:,}" for value in COUNTED[1:3] * 6], COUNTED[1:3] * 6,
         False, "."),
    ):  # fmt: skip
        facts = {"numbers_guessed": guessed, "decimal": decimal}
        more: dict[str, Any] = {"values": values, "facts": facts, **daily}
        header = ["Datum", "Wert"]
        for sign_name, sign in (("semicolon", ";"), ("tab", "\t"), ("pipe", "|")):
            if name in ("exact-iso", "comma-alone") and (name == "exact-iso") != (sign == ";"):
                continue
            made.append(_text(f"{name}-{sign_name}", _columns(dates, cells, header=header,
                        delimiter=sign), **more))  # fmt: skip
        if name == "exact-iso":
            continue
        records = [{"Datum": a, "Wert": b} for a, b in zip(dates, cells, strict=True)]
        made += [
            Case(f"misread-{name}-json", json.dumps(records).encode(), "table.json", **more),
            Case(f"misread-{name}-parquet", parquet({"Datum": dates, "Wert": cells}), **more),
        ]
    return made


def _times() -> list[Case]:
    """Times that look like numbers, or like other times."""
    values = [comma(value, 2) for value in VALUES]
    point = [str(value) for value in VALUES]
    months = [f"{month[5:]}.{month[:4]}" for month in MONTHS]
    years_first = [month.replace("-", ".") for month in MONTHS]
    october = [text.removesuffix("0") if text.endswith(".10") else text for text in years_first]
    quarters = [f"{1997 + at // 4}.{at % 4 + 1}" for at in range(12)]
    close = [1.1812, 1.1799, 1.2019, 1.1901, 1.2001, 1.2034, 1.2025, 1.1985, 1.1962, 1.2019, 1.2]
    rates = tuple([*close, 1.1999])
    bars = [["<DATE>", "<TIME>", "<OPEN>"],
            *[["2020.01.10", f"{at:02}:00:00", cell] for at, cell in enumerate(point)]]  # fmt: skip
    metatrader = [["when", "x"],
                  *[[f"2020.01.10 {at:02}:00", cell] for at, cell in enumerate(point)]]  # fmt: skip
    hourly: dict[str, Any] = {"times": HOURS, "time_unit": "hour"}
    ends = [f"10.01.2020 {at:02}:00" for at in range(13, 25)]

    def of(name: str, header: str, cells: list[str], numbers: list[str], **more: Any) -> Case:
        sign = ";" if ";" in header else ","
        content = _columns(cells, numbers, header=header.split(sign), delimiter=sign)
        return _text(name, content, **more)

    return [
        of("months-german", "Monat;Wert", months, values, facts={"numeric_columns": ("Wert",)}),
        of("months-points", "Datum,Wert", months, point),
        of("months-unnamed", "x,Wert", months, point),
        of("months-unpadded", "x;Wert", [m.removeprefix("0") for m in months], values),
        of("months-chosen", "x;Wert", months, values, choices={"time_format": "my"}),
        Case("misread-months-json", json.dumps([{"Monat": a, "Wert": b} for a, b in zip(
            months, VALUES, strict=True)]).encode(), "table.json"),
        of("rates", "month,rate", list(MONTHS), [f"{rate:.4f}" for rate in rates], values=rates),
        of("rates-first", "rate,other", [f"{rate:.4f}" for rate in rates], point, values=rates,
           times=None, time_unit="step"),
        of("year-points", "Date,P", years_first, point),
        of("year-points-german", "Datum;P", years_first, values),
        of("year-points-unnamed", "x,P", years_first, point),
        of("year-points-october", "Date,P", october, point),
        of("quarter-points", "quarter,P", quarters, point, times=QUARTERS, time_unit="quarter"),
        of("years-as-floats", "year,x", [f"{year}.0" for year in YEARS], point, times=YEARS,
           time_unit="year"),
        of("years-as-floats-german", "Jahr;x", [f"{year},0" for year in YEARS], values,
           times=YEARS, time_unit="year"),
        of("end-of-day", "Zeit;x", ends, values, time_unit="hour",
           times=(*[f"2020-01-10T{at}:00" for at in range(13, 24)], "2020-01-11")),
        _text("bars", joined(bars, "\t"), **hourly),
        _text("bars-one-column", joined(metatrader), **hourly),
        Case("misread-year-points-parquet", parquet(
            {"Date": [float(text) for text in october], "P": VALUES})),
        Case("misread-year-points-json", json.dumps(
            [{"Date": float(a), "P": b} for a, b in zip(october, VALUES, strict=True)]).encode(),
            "table.json"),
    ]  # fmt: skip


def _signs() -> list[Case]:
    """Signs for money, and for what is missing."""
    days = [day_first(day) for day in DAYS]
    daily: dict[str, Any] = {"times": DAYS, "time_unit": "day"}
    prices = tuple(map(abs, VALUES))

    def of(name: str, cells: list[str], dates: list[str] = days, **more: Any) -> Case:
        return _text(name, _columns(dates, cells, header=["Datum", "Preis"]), **{**daily, **more})

    def price(before: str, behind: str = "") -> list[str]:
        return [f"{before}{value:,.2f}{behind}" for value in prices]

    gone = [*VALUES[:3], -999.0, *VALUES[4:]]
    held: dict[str, Any] = {"values": (*VALUES[:3], float("nan"), *VALUES[4:]),
                            "series": {"missing": "leave"}, **daily}  # fmt: skip
    return [
        of("whole-euros", [f"{value:,},-".replace(",", ".", value > 999) for value in COUNTED],
           values=COUNTED),
        of("whole-euros-below", [f"-{at},-" for at in range(1, 13)],
           values=tuple(-float(at) for at in range(1, 13))),
        of("us-dollars", price("US$ "), values=prices),
        of("rupees", price("Rs. "), values=prices),
        of("canadian", price("", " CAD"), values=prices),
        *[
            Case(f"misread-missing-{at}", _columns(list(DAYS), [f"{v:.2f}" for v in gone],
                 header=["date", "x"]).encode(), choices={"missing_text": sign}, **held)
            for at, sign in enumerate((-999, "-999", "-999.0", "-999.00"))
        ],
        Case("misread-missing-parquet", parquet({"date": list(DAYS), "x": gone}),
             choices={"missing_text": "-999"}, **held),
        Case("misread-missing-german", _columns(days, [comma(v, 2) for v in gone],
             header=["Datum", "x"]).encode(), choices={"missing_text": "-999"}, **held),
    ]  # fmt: skip


def _cut() -> list[Case]:
    """Rows of which it is easily mistaken where a cell, or the table, begins."""
    flags = [f"{v}{' b' if at in (2, 5) else ' ep' if at == 7 else ''}"
             for at, v in enumerate(VALUES)]  # fmt: skip
    wide = [["geo", *YEARS], ["AT", *flags], ["DE", *map(str, VALUES)]]
    eurostat = [["freq,unit,geo\\TIME_PERIOD", *[f"{year} " for year in YEARS]],
                ["A,PC,AT", *[f"{cell} " for cell in flags]]]  # fmt: skip
    yearly: dict[str, Any] = {"times": YEARS, "time_unit": "year"}
    cut = [[day, *f"{value:.1f}".split(".")] for day, value in zip(DAYS, VALUES, strict=True)]
    whole = [[day, f"{at}", f"{at + 5}"] for at, day in enumerate(DAYS)]
    pairs = list(enumerate(zip(MONTHS, VALUES, strict=True)))
    sparse = [["when", "v"], *[[month, "" if at % 4 else f"{v}"] for at, (month, v) in pairs]]
    hole = tuple(float("nan") if at % 4 else value for at, value in enumerate(VALUES))
    exact = [[day, "1.250" if at % 3 else "900"] for at, day in enumerate(DAYS)]
    left = [f"{at + 1},{month},{value}\n" for at, (month, value) in pairs]
    return [
        _text("flags", joined(wide), facts={"shape": "rows", "flags": 3}, **yearly),
        _text("flags-eurostat", joined(eurostat, "\t"), facts={"flags": 3}, **yearly),
        _text("flags-none", joined([wide[0], wide[2]]), facts={"flags": 0}, **yearly),
        _text("flags-missing", joined([wide[0], ["AT", ": c", *flags[1:]]]),
              refusal="series.missing", row=2),
        _text("cut-decimals", joined([["Datum", "Wert"], *cut]), refusal="series.decimal_commas",
              row=2),
        _text("cut-decimals-twice", joined([["Datum", "A", "B"], *[[*row, "3", "7"]
              for row in cut]]), refusal="series.decimal_commas", row=2),
        _text("cut-decimals-axis", "Zeit,Wert\n0,0,1,5\n0,1,1,6\n0,2,1,7\n",
              refusal="series.decimal_commas", row=2),
        _text("row-names", joined([["x", "y"], *whole]), times=DAYS, time_unit="day",
              values=tuple(range(12)), facts={"columns": ("column 1", "x", "y")}),
        _text("row-names-counted", "date,y\n" + "".join(left), facts={"default_value": "y"}),
        _text("row-names-and-years", joined([["year", "x"], *[[str(at), year, str(at + 5)]
              for at, year in enumerate(YEARS)]]), values=tuple(range(5, 17)), **yearly),
        _text("decimals-between-commas", joined([["date", "x"], *exact]), times=DAYS,
              time_unit="day", values=tuple(1.25 if at % 3 else 900 for at in range(12))),
        _text("blank-in-most-rows", joined(sparse), values=hole, series={"missing": "leave"}),
        _text("minus-and-unit", joined([["date", "t"], *[[day, f"−{abs(value)} °C"]
              for day, value in zip(DAYS, VALUES, strict=True)]]),
              values=tuple(-abs(value) for value in VALUES), times=DAYS, time_unit="day"),
        _text("even-axis", joined([["frequency", "gain"], *[[f"{1.15 + at / 1000:.4f}", f"{value}"]
              for at, value in enumerate(VALUES)]]), values=VALUES, times=None, time_unit="step"),
        _text("word-for-missing", joined([["date", "v"], *[[day, str(at % 3)]
              for at, day in enumerate(DAYS)]]), values=tuple(at % 3 for at in range(12)),
              times=DAYS, time_unit="day", choices={"missing_text": "FALSE"}),
        _text("blank-in-all-rows", "date,value\n2020-01-01,\n", refusal="series.no_numbers"),
        _text("delimiter-in-words", joined(sparse, "\t"), values=hole,
              series={"missing": "leave"}, choices={"delimiter": "tab"}),
        _text("time-that-is-none", joined(sparse), choices={"time": "v"},
              refusal="series.not_a_time", row=2),
    ]  # fmt: skip


def _units_and_flags() -> list[Case]:
    """Letters behind numbers in tables whose rows are series: a unit, or what qualifies them."""

    def of(name: str, cells: list[str], other: list[str], **more: Any) -> Case:
        rows = [["sensor", *DAYS], ["a", *cells], ["b", *other]]
        return _text(f"wide-{name}", joined(rows, "\t"), times=DAYS, time_unit="day", **more)

    seconds = [f"{value} s" for value in VALUES]
    degrees = [f"{value} °C" for value in VALUES]
    gone = [*seconds[:-1], ": s"]
    return [
        of("seconds", seconds, seconds, facts={"units": {"a": "s", "b": "s"}, "flags": 0}),
        of("sec", [f"{v} sec" for v in VALUES], degrees,
           facts={"units": {"a": "sec", "b": "°C"}, "flags": 0}),
        of("seconds-and-gaps", seconds, [*seconds[:9], "", "", ""],
           facts={"units": {"a": "s", "b": "s"}, "flags": 0}),
        of("estimates", seconds, gone, facts={"units": {}, "flags": 24}),
        of("some-estimates", [*seconds[:5], *map(str, VALUES[5:])], list(map(str, VALUES)),
           facts={"units": {}, "flags": 5}),
        of("breaks", seconds, [f"{v} b" for v in VALUES], facts={"units": {}, "flags": 24}),
    ]  # fmt: skip


def _index_without_a_name() -> list[Case]:
    """A header with one name fewer: the first column has none, and is of years."""
    rows = [f"{year},{at},{82 + at * at}" for at, year in enumerate(YEARS)]
    cut = [f"{year},82,{163 + at}" for at, year in enumerate(YEARS)]
    return [
        _text("index-of-years", "\n".join(["time,pop", *rows]), times=YEARS, time_unit="year",
              series={"value": "pop"}, values=tuple(82 + at * at for at in range(12))),
        _text("years-and-cut-thousands", "\n".join(["time,pop", *cut]),
              refusal="series.decimal_commas", row=2),
    ]  # fmt: skip


def _pandas() -> list[Case]:
    """JSON as pandas writes a frame, with its dates as the index or as a column."""
    pairs = list(zip(MONTHS, VALUES, strict=True))
    epoch = [f"{month}-01T00:00:00.000Z" for month in MONTHS]
    rows = {str(at): {"month": month, "value": value} for at, (month, value) in enumerate(pairs)}
    seconds = [int(np.datetime64(month, "ms").astype(np.int64)) for month in MONTHS]

    def of(name: str, content: Any, **more: Any) -> Case:
        return Case(f"misread-json-{name}", json.dumps(content).encode(), "table.json", **more)

    return [
        of("split-by-times", {"columns": ["value"], "index": epoch, "data": [[v] for v in VALUES]}),
        of("split-by-epoch", {"columns": ["value"], "index": seconds,
                              "data": [[v] for v in VALUES]}),
        of("index", rows, facts={"columns": ("month", "value")}),
        of("numbered-columns", {str(at): dict(zip(epoch, VALUES, strict=True)) for at in (0, 1)},
           facts={"columns": ("column 1", "0", "1")}),
        of("split-numbered-names", {"columns": [0, 1], "index": list("abcdefghijkl"),
                                    "data": [[v, 1.5] for v in VALUES]}, times=None,
           time_unit="step", facts={"columns": ("column 1", "0", "1")}),
        of("split-numbered-names-times", {"columns": [0], "index": epoch,
                                          "data": [[v] for v in VALUES]}),
        of("numbered-columns-of-words", {str(at): dict(zip("abcdefghijkl", VALUES, strict=True))
                                         for at in (0, 1)}, times=None, time_unit="step",
           facts={"columns": ("column 1", "0", "1")}),
        of("index-of-times", {time: {"value": v} for time, v in zip(epoch, VALUES, strict=True)}),
    ]  # fmt: skip
