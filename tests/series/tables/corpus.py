"""Makes the test corpus: files as people have them, with what must be understood or refused."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

VALUES = (112.5, 118.0, 1132.25, 129.75, -121.0, 135.5, 148.0, 2148.5, 136.0, 119.0, 104.0, 118.5)
MONTHS = tuple(f"2019-{month:02}" for month in range(1, 13))
DAYS = tuple(f"2020-01-{day:02}" for day in range(10, 22))
HOURS = tuple(f"2020-01-10T{hour:02}:00" for hour in range(12))
YEARS = tuple(str(year) for year in range(1949, 1961))
QUARTERS = tuple(f"{1997 + at // 4}-{3 * (at % 4) + 1:02}" for at in range(12))
NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

LONG = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
GERMAN = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
FRENCH = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
SPANISH = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]


@dataclass(frozen=True)
class Case:
    """One file. ``refusal`` is the kind that must come out; without one, the rest must hold."""

    name: str
    data: bytes
    filename: str = "table.csv"
    choices: dict[str, Any] = field(default_factory=dict)
    series: dict[str, Any] = field(default_factory=dict)
    values: tuple[float, ...] = VALUES
    times: tuple[str, ...] | None = MONTHS
    time_unit: str | None = "month"
    facts: dict[str, Any] = field(default_factory=dict)
    refusal: str = ""
    row: int = 0


def last_day(month):
    following = np.datetime64(month) + np.timedelta64(1, "M")
    return str(following.astype("datetime64[D]") - np.timedelta64(1, "D"))


def joined(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    return "".join(delimiter.join(row) + end for row in rows)


def plain(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}"


def rows_of(
    times: tuple[str, ...] = MONTHS,
    number: Callable[[float], str] = plain,
    header: list[str] | None = None,
) -> list[list[str]]:
    body = [[time, number(value)] for time, value in zip(times, VALUES, strict=True)]
    return [header or ["month", "value"], *body]


def marked(value: float, decimal: str, thousands: str) -> str:
    text = f"{abs(value):,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
    return ("-" if value < 0 else "") + text


def iso_dates(times: tuple[str, ...]) -> list[dt.datetime]:
    return [np.datetime64(time, "s").astype(dt.datetime) for time in times]


def day_first(time: str, sep: str = ".") -> str:
    year, month, day = time.split("-")
    return sep.join((day, month, year))


@cache  # it takes seconds, and several modules of tests ask
def cases() -> list[Case]:
    made: list[Case] = []
    for family in (
        _delimiters, _encodings, _numbers, _headers, _times, _typed, _excel, _tables, _missing,
        _refused_texts, _refused_others, _treated,
    ):  # fmt: skip
        made += family()
    from exports import exports  # which are made with what is below
    from fine_times import fine_times
    from misread import misread
    from oddities import oddities
    from written import written

    made += [*oddities(), *misread(), *fine_times(), *exports(), *written()]
    assert len({case.name for case in made}) == len(made)
    return made


def _delimiters() -> list[Case]:
    made = []
    for name, sign in (("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("pipe", "|")):
        for end_name, end in (("lf", "\n"), ("crlf", "\r\n"), ("cr", "\r")):
            text = joined(rows_of(), sign, end)
            facts = {"delimiter": sign, "header_row": 1, "format": "text"}
            made.append(Case(f"{name}-{end_name}", text.encode(), facts=facts))
    made += [
        Case("blanks", joined(rows_of(), "   ").encode(), facts={"delimiter": " "}),
        Case("blanks-aligned", "".join(f"{a:<12}{b:>12}\n" for a, b in rows_of()).encode()),
        Case("comma-with-blanks", joined(rows_of(), ", ").encode()),
        Case("quoted", joined([[f'"{a}"', f'"{b}"'] for a, b in rows_of()]).encode()),
        Case("semicolon-in-quotes", joined([[f'"{a}"', b, '"x;y"'] for a, b in rows_of()])
             .encode()),
        Case("sep-line", ("sep=;\n" + joined(rows_of(), ";")).encode(), facts={"delimiter": ";"}),
        Case("no-end-of-line", joined(rows_of()).rstrip().encode()),
        Case("dos-end-of-file", joined(rows_of()).encode() + b"\x1a"),
        Case("trailing-comma", joined([[a, b, ""] for a, b in rows_of()]).encode()),
        Case("trailing-comma-below-the-header",
             joined([["month", "value"], *[[*row, ""] for row in rows_of()[1:]]]).encode()),
        Case("trailing-empty-rows", (joined(rows_of()) + ",\n,\n\n").encode()),
        Case("blank-lines-between", joined(rows_of(), end="\n\n").encode()),
        Case("chosen-delimiter", joined([[a, b.replace(".", "x", 0)] for a, b in rows_of()], "|")
             .encode(), choices={"delimiter": "|"}),
        Case("single-column", "".join(f"{plain(v)}\n" for v in VALUES).encode(), times=None,
             time_unit="step", facts={"columns": ("column 1",), "header_row": 0}),
        Case("single-column-named", ("load\n" + "".join(f"{v}\n" for v in VALUES)).encode(),
             times=None, time_unit="step", facts={"columns": ("load",)}),
        Case("single-column-decimal-comma",
             ("load\n" + "".join(f"{plain(v)}\n".replace(".", ",") for v in VALUES)).encode(),
             times=None, time_unit="step", facts={"decimal": ",", "columns": ("load",)}),
    ]  # fmt: skip
    return made


def _encodings() -> list[Case]:
    made = []
    header = ["Größe", "Fläche"]
    text = joined(rows_of(header=header))
    for codec, name in (
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16LE"),
        ("utf-16-le", "UTF-16LE"), ("utf-16-be", "UTF-16BE"), ("utf-32", "UTF-32LE"),
        ("utf-32-le", "UTF-32LE"), ("utf-32-be", "UTF-32BE"), ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ):  # fmt: skip
        facts = {"encoding": name, "columns": tuple(header)}
        made.append(Case(f"encoding-{codec}", text.encode(codec), facts=facts))
    for order, mark in (("le", b"\xff\xfe"), ("be", b"\xfe\xff")):
        made.append(Case(f"bom-utf-16-{order}", mark + text.encode(f"utf-16-{order}"),
                         facts={"columns": tuple(header)}))  # fmt: skip
    euro = joined([["month", "value", "in €"], *[[a, b, "5 €"] for a, b in rows_of()[1:]]])
    made.append(Case("encoding-latin-9", euro.encode("iso8859-15"), facts={"encoding": "Latin-9"}))
    made.append(
        Case("encoding-euro-1252", euro.encode("cp1252"), facts={"encoding": "Windows-1252"})
    )
    for codec, name, words in (
        ("cp1251", "Windows-1251", "Продажи продуктов питания по месяцам года в Москве и области"),
        ("cp932", "Shift-JIS", "東京都における月別の食料品販売額の推移とその内訳について示します"),
        ("gb18030", "", "北京市每月食品销售额的变化情况以及各个区的详细数据说明和统计分析结果"),
        ("cp949", "EUC-KR", "서울시의 월별 식료품 판매액 변화와 지역별 자세한 통계 자료입니다"),
        ("big5", "Big5", "臺北市每月食品銷售額的變化情況以及各個區的詳細資料說明和統計分析結果"),
        ("cp1253", "Windows-1253", "Πωλήσεις τροφίμων ανά μήνα στην Αθήνα και στη Θεσσαλονίκη"),
    ):
        notes = [[a, b, words] for a, b in rows_of()[1:]]
        data = joined([["month", "value", words[:6]], *notes]).encode(codec)
        facts = {"encoding": name} if name else {}
        made.append(Case(f"encoding-{codec}", data, facts=facts))
    for codec in ("Windows-1250", "Latin-2", "KOI8-R", "Shift-JIS", "GBK", "Mac Roman", "IBM 850"):
        made.append(Case(f"encoding-chosen-{codec}", joined(rows_of()).encode(),
                         choices={"encoding": codec}, facts={"encoding": codec}))  # fmt: skip
    polish = joined(rows_of(header=["miesiąc", "żółć"]))
    made.append(Case("encoding-chosen-cp1250", polish.encode("cp1250"),
                     choices={"encoding": "cp1250"},
                     facts={"columns": ("miesiąc", "żółć")}))  # fmt: skip
    return made


def _numbers() -> list[Case]:
    made = []
    for name, decimal, thousands, delimiter in (
        ("english", ".", ",", ";"), ("german", ",", ".", ";"), ("swiss", ".", "'", ";"),
        ("swiss-curly", ".", "’", ";"), ("french", ",", " ", ";"),
        ("french-thin", ",", "\u2009", ";"),
        ("french-narrow", ",", "\u202f", ";"), ("swedish", ",", "\u00a0", "\t"),
        ("decimal-comma", ",", "", ";"), ("decimal-comma-tab", ",", "", "\t"),
    ):  # fmt: skip
        rows = rows_of(number=lambda v, d=decimal, t=thousands: marked(v, d, t))
        made.append(Case(f"numbers-{name}", joined(rows, delimiter).encode(),
                         facts={"decimal": decimal}))  # fmt: skip
    quoted = rows_of(number=lambda v: '"' + marked(v, ".", ",") + '"')
    german = rows_of(number=lambda v: '"' + marked(v, ",", ".") + '"')
    made += [
        Case("numbers-english-quoted", joined(quoted).encode(), facts={"thousands": ","}),
        Case("numbers-german-quoted", joined(german).encode(), facts={"thousands": "."}),
        Case("numbers-dollar", joined(rows_of(number=lambda v: f'"${v:,.2f}"'.replace("$-", "-$")))
             .encode(), facts={"units": {"value": "$"}}),
        Case("numbers-euro", joined(rows_of(number=lambda v: f"{marked(v, ',', '.')} €"), ";")
             .encode(), facts={"units": {"value": "€"}}),
        Case("numbers-euro-no-break",
             joined(rows_of(number=lambda v: f"{marked(v, ',', '.')}\u00a0€"), ";").encode()),
        Case("numbers-percent", joined(rows_of(number=lambda v: f"{v:.2f} %")).encode(),
             facts={"units": {"value": "%"}}),
        Case("numbers-percent-close", joined(rows_of(number=lambda v: f"{v:.2f}%")).encode()),
        Case("numbers-currency-code", joined(rows_of(number=lambda v: f"CHF {v:.2f}")).encode()),
        Case("numbers-parentheses", joined(rows_of(
            number=lambda v: f"({-v:.2f})" if v < 0 else f"{v:.2f}")).encode()),
        Case("numbers-parentheses-dollar", joined(rows_of(
            number=lambda v: f"($ {-v:.2f})" if v < 0 else f"$ {v:.2f}")).encode()),
        Case("numbers-unicode-minus",
             joined(rows_of(number=lambda v: plain(v).replace("-", "−"))).encode()),
        Case("numbers-minus-behind", joined(rows_of(
            number=lambda v: f"{-v:.2f}-" if v < 0 else f"{v:.2f}")).encode()),
        Case("numbers-plus", joined(rows_of(number=lambda v: f"{v:+.2f}")).encode()),
        Case("numbers-exponent", joined(rows_of(number=lambda v: f"{v:.6e}")).encode()),
        Case("numbers-chosen-comma", joined(
            [["a", "b"], *[["x", f"1,{n}00"] for n in range(1, 6)]], ";").encode(),
            choices={"decimal": ","}, values=(1.1, 1.2, 1.3, 1.4, 1.5), times=None,
            time_unit="step"),
        Case("numbers-chosen-thousands", joined(
            [["a", "b"], *[["x", f"1.{n}00"] for n in range(1, 6)]], ";").encode(),
            choices={"thousands": "."}, values=(1100, 1200, 1300, 1400, 1500), times=None,
            time_unit="step"),
        Case("numbers-either-way", joined(
            [["a", "b"], *[["x", f'"1,{n}00"'] for n in range(1, 6)]]).encode(),
            values=(1100, 1200, 1300, 1400, 1500), times=None, time_unit="step",
            facts={"numbers_guessed": True}),
        Case("numbers-indian", joined([["a", "b"], *[["x", f'"{n},23,456.5"'] for n in (1, 2)]])
             .encode(), values=(123456.5, 223456.5), times=None, time_unit="step"),
    ]  # fmt: skip
    return made


def _headers() -> list[Case]:
    body = rows_of()[1:]
    named = rows_of()
    wide = [["month", "a", "b", "c"], *[[a, b, "1.5", "x"] for a, b in body]]
    return [
        Case("header-none", joined(body).encode(), facts={"header_row": 0}),
        Case("header-none-chosen", joined(body).encode(), choices={"header": "none"}),
        Case("header-comments", ("# made by a logger\n# station 7\n" + joined(named)).encode(),
             facts={"header_row": 3, "passed_over": 2}),
        Case("header-slashes", ("// made by a logger\n" + joined(named)).encode()),
        Case("header-percent-signs", ("% made by a logger\n" + joined(named)).encode()),
        Case("header-in-comment", ("# month value\n" + joined(body, " ")).encode(),
             facts={"columns": ("month", "value")}),
        Case("header-in-comment-commas", ("#month,value\n" + joined(body)).encode(),
             facts={"columns": ("month", "value")}),
        Case("header-title", ("Monthly sales\n" + joined(wide)).encode(), facts={"header_row": 2}),
        Case("header-title-and-blank", ("Monthly sales\n\n" + joined(wide)).encode(),
             facts={"header_row": 3}),
        Case("header-title-with-commas", ("Monthly sales,,,\n,,,\n" + joined(wide)).encode(),
             facts={"header_row": 3}),
        Case("header-three-titles", ("Sales\nof 2019\nall shops\n" + joined(wide)).encode(),
             facts={"header_row": 4}),
        Case("header-blank-lines-above", ("\n\n" + joined(named)).encode(),
             facts={"header_row": 3}),
        Case("header-chosen", ("x,y\n" + joined(named)).encode(), choices={"header": 2},
             facts={"header_row": 2}),
        Case("header-units-row", joined([named[0], ["", "kWh"], *body]).encode(),
             facts={"units": {"value": "kWh"}}),
        Case("header-unit-in-brackets", joined([["month", "load [MW]"], *body]).encode(),
             facts={"units": {"load [MW]": "MW"}}),
        Case("header-unit-in-parentheses", joined([["month", "load (MW)"], *body]).encode(),
             facts={"units": {"load (MW)": "MW"}}),
        Case("header-same-names", joined([["month", "x", "x"], *[[a, b, b] for a, b in body]])
             .encode(), facts={"columns": ("month", "x", "x (2)")}),
        Case("header-years-as-names", joined([["month", "2001", "2002"],
             *[[a, b, b] for a, b in body]]).encode(),
             facts={"columns": ("month", "2001", "2002")}),
        Case("header-note-below", (joined(wide) + "Source: the shop\n").encode(),
             facts={"passed_over": 1}),
        Case("header-comment-between",
             (joined(named[:5]) + "# moved\n" + joined(named[5:])).encode()),
        Case("index-unnamed", joined([["", "month", "value"],
             *[[str(at), a, b] for at, (a, b) in enumerate(body)]]).encode(),
             facts={"index_column": "column 1"}),
        Case("index-without-a-name", joined([["month", "value"],
             *[[str(at), a, b] for at, (a, b) in enumerate(body, 1)]]).encode(),
             facts={"index_column": "column 1"}),
        Case("index-called-id", joined([["id", "month", "value"],
             *[[str(at), a, b] for at, (a, b) in enumerate(body, 1)]]).encode(),
             facts={"index_column": "id"}),
        Case("header-quoted-line-break", joined([["month", '"value\nof it"'], *body]).encode(),
             facts={"columns": ("month", "value of it")}),
    ]  # fmt: skip


def _times() -> list[Case]:
    def of(name: str, times: list[str], expected: tuple[str, ...], unit: str, **more: Any) -> Case:
        rows = [["when", "value"], *[[t, plain(v)] for t, v in zip(times, VALUES, strict=True)]]
        return Case(f"time-{name}", joined(rows, more.pop("delimiter", ";")).encode(),
                    times=expected, time_unit=unit, **more)  # fmt: skip

    month = list(MONTHS)
    first = [f"{m}-01" for m in month]
    epoch = [int(np.datetime64(hour, "s").astype(np.int64)) for hour in HOURS]
    made = [
        of("iso-month", month, MONTHS, "month"),
        of("iso-day", list(DAYS), DAYS, "day"),
        of("iso-short", [d.replace("-01-", "-1-") for d in DAYS], DAYS, "day"),
        of("iso-minutes", [h.replace("T", " ") for h in HOURS], HOURS, "hour"),
        of("iso-t", list(HOURS), HOURS, "hour"),
        of("iso-seconds", [f"{h}:00.000" for h in HOURS], HOURS, "hour"),
        of("iso-z", [f"{h}:00Z" for h in HOURS], HOURS, "hour"),
        of("iso-offset", [f"{h.replace('T', ' ')}:00+00:00" for h in HOURS], HOURS, "hour"),
        of("iso-utc", [f"{h.replace('T', ' ')} UTC" for h in HOURS], HOURS, "hour"),
        of("zone-turned", [f"2020-01-10T{h + 2:02}:00+0200" for h in range(12)], HOURS, "hour"),
        of("slashes-year-first", [d.replace("-", "/") for d in DAYS], DAYS, "day"),
        of("points-year-first", [d.replace("-", ".") for d in DAYS], DAYS, "day"),
        of("year-month-slash", [m.replace("-", "/") for m in month], MONTHS, "month"),
        of("day-first-points", [day_first(d) for d in DAYS], DAYS, "day"),
        of("day-first-slashes", [day_first(d, "/") for d in DAYS], DAYS, "day"),
        of("day-first-dashes", [day_first(d, "-") for d in DAYS], DAYS, "day"),
        of("day-first-short-year", [day_first(d)[:6] + "20" for d in DAYS], DAYS, "day"),
        of("day-first-clock", [f"10.01.2020 {h:02}:00" for h in range(12)], HOURS, "hour",
           choices={"day_first": True}),
        of("month-first", [f"{d[5:7]}/{d[8:]}/{d[:4]}" for d in DAYS], DAYS, "day"),
        of("month-first-unpadded", [f"1/{int(d[8:])}/2020" for d in DAYS], DAYS, "day"),
        of("month-first-am-pm", [f"1/10/2020 {(h + 11) % 12 + 1}:00 {'AM' if h < 12 else 'PM'}"
                                 for h in range(12)], HOURS, "hour", choices={"day_first": False}),
        of("ambiguous-by-steps", [day_first(d, "/") for d in first], MONTHS, "month"),
        of("ambiguous-chosen", [day_first(d, "/") for d in first], tuple(
            f"2019-01-{n:02}" for n in range(1, 13)), "day", choices={"day_first": "no"}),
        of("month-and-year", [f"{m[5:]}/{m[:4]}" for m in month], MONTHS, "month"),
        of("names-long", [f"{n} 2019" for n in LONG], MONTHS, "month"),
        of("names-short", [f"{n}-19" for n in NAMES], MONTHS, "month"),
        of("names-german", [f"{n} 2019" for n in GERMAN], MONTHS, "month"),
        of("names-french", [f"{n} 2019" for n in FRENCH], MONTHS, "month"),
        of("names-spanish", [f"{n} 2019" for n in SPANISH], MONTHS, "month"),
        of("names-day", [f"{int(d[8:])} January 2020" for d in DAYS], DAYS, "day"),
        of("names-day-dashes", [f"{d[8:]}-Jan-20" for d in DAYS], DAYS, "day"),
        of("names-american", [f"January {int(d[8:])}, 2020" for d in DAYS], DAYS, "day"),
        of("names-year-first", [f"2019 {n}" for n in NAMES], MONTHS, "month"),
        of("names-email", [f"Fri, {int(d[8:])} Jan 2020 00:00:00 GMT" for d in DAYS], DAYS, "day"),
        of("eurostat", [m.replace("-", "M") for m in month], MONTHS, "month"),
        of("quarters", [f"{1997 + at // 4}Q{at % 4 + 1}" for at in range(12)], QUARTERS, "quarter"),
        of("quarters-dash", [f"{1997 + at // 4}-Q{at % 4 + 1}" for at in range(12)], QUARTERS,
           "quarter"),
        of("quarters-first", [f"Q{at % 4 + 1} {1997 + at // 4}" for at in range(12)], QUARTERS,
           "quarter"),
        of("weeks", [f"2020-W{w:02}" for w in range(2, 14)], tuple(
            str(np.datetime64("2020-01-06") + np.timedelta64(w, "W")) for w in range(12)), "week"),
        of("years", list(YEARS), YEARS, "year"),
        of("compact", [d.replace("-", "") for d in DAYS], DAYS, "day"),
        of("compact-month", [m.replace("-", "") for m in month], MONTHS, "month"),
        of("compact-clock", [h.replace("-", "").replace(":", "") for h in HOURS], HOURS, "hour"),
        of("epoch-seconds", [str(e) for e in epoch], HOURS, "hour"),
        of("epoch-milliseconds", [str(1000 * e) for e in epoch], HOURS, "hour"),
        of("epoch-microseconds", [str(10**6 * e) for e in epoch], HOURS, "hour"),
        of("epoch-fractions", [f"{e}.250" for e in epoch], HOURS, "hour"),
        of("month-ends", [last_day(m) for m in MONTHS], tuple(last_day(m) for m in MONTHS),
           "month"),
    ]  # fmt: skip
    body = list(zip(MONTHS, VALUES, strict=True))
    parts = [["year", "month", "value"], *[[m[:4], str(int(m[5:])), plain(v)] for m, v in body]]
    clock = [["date", "time", "value"], *[[h[:10], h[11:], plain(v)]
                                          for h, v in zip(HOURS, VALUES, strict=True)]]  # fmt: skip
    made += [
        Case("time-year-and-month", joined(parts).encode(),
             facts={"default_time": "year + month"}),
        Case("time-date-and-clock", joined(clock).encode(), times=HOURS, time_unit="hour"),
        Case("time-blanks-date-and-clock", joined(clock, " ").encode(), times=HOURS,
             time_unit="hour"),
        Case("time-numbered", joined(rows_of()).encode(), series={"time": "(row number)"},
             times=None, time_unit="step"),
    ]  # fmt: skip
    return made


def _typed() -> list[Case]:
    body = list(zip(MONTHS, VALUES, strict=True))
    records = [{"month": m, "value": v} for m, v in body]
    columns = {"month": list(MONTHS), "value": list(VALUES)}
    keyed = {name: {str(at): v for at, v in enumerate(cells)} for name, cells in columns.items()}
    epoch = [{"t": 1000 * int(np.datetime64(m, "s").astype(np.int64)), "value": v} for m, v in body]

    def of(name: str, content: Any, filename: str = "table.json", **more: Any) -> Case:
        return Case(f"json-{name}", json.dumps(content).encode(), filename, **more)

    made = [
        of("records", records, facts={"format": "json"}),
        of("records-indented", records),
        of("columns", columns),
        of("columns-by-index", keyed),
        of("rows", [["month", "value"], *[list(row) for row in body]]),
        of("rows-without-names", [list(row) for row in body]),
        of("split", {"columns": ["month", "value"], "index": list(range(12)),
                     "data": [list(row) for row in body]}),
        of("wrapped", {"data": records, "count": 12}),
        of("wrapped-twice", {"meta": {"x": 1}, "results": {"data": records}}),
        of("mapping", dict(body)),
        of("numbers-alone", list(VALUES), times=None, time_unit="step"),
        of("numbers-as-texts", [{"month": m, "value": str(v)} for m, v in body]),
        of("epoch-milliseconds", epoch),
        of("called-csv", records, "table.csv"),
        of("nulls", [*records, {"month": "2020-01", "value": None}], refusal="series.missing",
           row=13),
        of("keys-left-out", [*records, {"month": "2020-01"}], refusal="series.missing", row=13),
        of("nested-beside", [{**row, "more": {"a": [1]}} for row in records]),
    ]  # fmt: skip
    lines = "".join(json.dumps(row) + "\n" for row in records)
    made[1] = Case("json-records-indented", json.dumps(records, indent=2).encode(), "table.json")
    made += [
        Case("json-lines", lines.encode(), "table.jsonl", facts={"format": "json"}),
        Case("json-lines-crlf", lines.replace("\n", "\r\n").encode(), "table.ndjson"),
        Case("json-bom", b"\xef\xbb\xbf" + json.dumps(records).encode(), "table.json"),
        Case("json-utf-16", json.dumps(records).encode("utf-16"), "table.json"),
        Case("parquet-dates", parquet({"month": iso_dates(MONTHS), "value": VALUES}),
             "table.parquet", facts={"format": "parquet"}),
        Case("parquet-texts", parquet({"month": list(MONTHS), "value": VALUES}), "table.parquet"),
        Case("parquet-called-csv", parquet({"month": list(MONTHS), "value": VALUES})),
        Case("parquet-float32", parquet({"month": list(MONTHS), "value": np.float32(VALUES)})),
        Case("parquet-integers", parquet({"month": list(MONTHS), "value": np.arange(12)}),
             values=tuple(map(float, range(12)))),
        Case("parquet-booleans", parquet({"month": list(MONTHS), "value": [True, False] * 6}),
             values=(1.0, 0.0) * 6),
        Case("parquet-zone", parquet({"value": VALUES, "month": [
            d.replace(tzinfo=dt.UTC) for d in iso_dates(MONTHS)]})),
        Case("parquet-nested-beside", parquet({"month": list(MONTHS), "value": VALUES,
                                               "list": [[1]] * 12})),
        Case("parquet-null", parquet({"month": list(MONTHS), "value": [None, *VALUES[1:]]}),
             refusal="series.missing", row=1),
    ]  # fmt: skip
    return made


def parquet(columns: dict[str, Any]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    held = io.BytesIO()
    pq.write_table(pa.table(columns), held)
    return held.getvalue()


def excel(*sheets: tuple[str, list[list[Any]]], change: Any = None) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if change:
            change(sheet)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _excel() -> list[Case]:
    body = [list(row) for row in zip(iso_dates(MONTHS), VALUES, strict=True)]
    texts = [list(row) for row in zip(MONTHS, VALUES, strict=True)]
    years = [[int(year), value] for year, value in zip(YEARS, VALUES, strict=True)]
    named = [["month", "value"], *body]

    def of(name: str, rows: list[list[Any]], **more: Any) -> Case:
        return Case(f"excel-{name}", excel(("Sheet1", rows)), "table.xlsx", **more)

    return [
        of("dates", named, facts={"format": "excel", "sheets": ("Sheet1",), "header_row": 1}),
        of("texts", [["month", "value"], *texts]),
        of("years", [["year", "value"], *years], times=YEARS, time_unit="year"),
        of("no-header", texts, facts={"header_row": 0}),
        of("title", [["Monthly sales"], [], *named], facts={"header_row": 3}),
        of("title-wide", [["Monthly sales"], ["of 2019"], [], ["month", "a", "b"],
                          *[[*row, "x"] for row in body]], facts={"header_row": 4}),
        of("empty-rows-below", [*named, [], []]),
        of("empty-row-between", [*named[:4], [], *named[4:]]),
        of("numbers-as-texts", [["month", "value"], *[[m, marked(v, ",", ".")] for m, v in texts]]),
        of("index", [["", "month", "value"], *[[at, *row] for at, row in enumerate(body)]],
           facts={"index_column": "column 1"}),
        of("units", [["month", "value"], ["", "kWh"], *body], facts={"units": {"value": "kWh"}}),
        of("missing", [*named[:5], [dt.datetime(2019, 5, 1), None], *named[6:]],
           refusal="series.missing", row=6),
        of("error-cell", [*named[:5], [dt.datetime(2019, 5, 1), "#N/A"], *named[6:]],
           refusal="series.missing", row=6),
        Case("excel-second-sheet-chosen", excel(("Notes", [["hello"], ["you"]]), ("Data", named)),
             choices={"sheet": "Data"}, facts={"sheets": ("Notes", "Data"), "sheet": "Data"}),
        Case("excel-sheet-by-number", excel(("Notes", [["hello"]]), ("Data", named)),
             choices={"sheet": 2}),
        Case("excel-first-sheet-empty", excel(("Empty", []), ("Data", named)),
             facts={"sheet": "Data"}),
        Case("excel-beside-the-corner", excel(("S", [["", "", ""], ["", *named[0]],
             *[["", *row] for row in body]]))),
        Case("excel-no-such-sheet", excel(("S", named)), choices={"sheet": "T"},
             refusal="series.no_sheet"),
        Case("excel-empty", excel(("S", [])), refusal="series.empty"),
        Case("excel-formula", excel(("S", [["month", "value"], *[[m, "=1+1"] for m in MONTHS]])),
             refusal="series.no_numbers"),
        Case("excel-far-cell", excel(
            ("S", named), change=lambda sheet: sheet.cell(1_048_576, 900, 1)),
             refusal="series.sheet_area"),
        Case("excel-too-wide", excel(("S", named), change=lambda sheet: sheet.cell(1, 16_000, 1)),
             refusal="series.too_many_columns"),
        Case("excel-bomb", bomb(), "table.xlsx", refusal="series.unpacks_too_large"),
        Case("excel-lying-bomb", lying_bomb(), "table.xlsx", refusal="series.damaged"),
        Case("excel-entities", entities(), "table.xlsx", refusal="series.damaged"),
        Case("excel-without-places", without_places()),
        Case("excel-without-places-far", without_places(b'<row r="1048576">'),
             refusal="series.damaged"),
        Case("excel-cut", excel(("S", named))[:3000], refusal="series.damaged"),
        Case("excel-old", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "table.xls",
             refusal="series.old_excel"),
        Case("zip-of-csv", zipped({"table.csv": b"a,b\n1,2\n"}), "table.zip", refusal="series.zip"),
    ]  # fmt: skip


def zipped(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return held.getvalue()


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def bomb() -> bytes:
    """A workbook whose sheet unpacks to 30 MB of blanks from 30 KB."""
    parts = _parts(excel(("S", [["a"], [1]])))
    return zipped({**parts, "xl/worksheets/sheet1.xml": b" " * 30_000_000})


def lying_bomb() -> bytes:
    """The same, with a directory that says it unpacks to 100 bytes."""
    data = bytearray(bomb())
    true, said = (30_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    return bytes(data.replace(true, said))


def without_places(row: bytes = b"<row>") -> bytes:
    """A workbook whose cells do not say where they stand; the last of them in ``row``."""
    body = b"<row><c t='str'><v>month</v></c><c t='str'><v>value</v></c></row>"
    for month, value in zip(MONTHS, VALUES, strict=True):
        body += row if month == MONTHS[-1] else b"<row>"
        body += b"<c t='str'><v>%s</v></c><c><v>%r</v></c></row>" % (month.encode(), value)
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + body + b"</sheetData></worksheet>"
    )
    parts = _parts(excel(("S", [["a"], [1]])))
    return zipped({**parts, "xl/worksheets/sheet1.xml": sheet})


def entities() -> bytes:
    """A workbook with an XML document type, as in the attack of a billion laughs."""
    parts = _parts(excel(("S", [["a"], [1]])))
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return zipped({**parts, "xl/worksheets/sheet1.xml": laughs + parts["xl/worksheets/sheet1.xml"]})


def _tables() -> list[Case]:
    body = list(zip(MONTHS, VALUES, strict=True))
    wide = [["month", *[f"s{k}" for k in range(40)]],
            *[[m, *[plain(v + k) for k in range(40)]] for m, v in body]]  # fmt: skip
    long = [["country", "month", "value"],
            *[[c, m, plain(v + k)] for k, c in enumerate(("AT", "DE")) for m, v in body]
    ]  # fmt: skip
    mixed = [["month", "country", "value"],
             *[[m, c, plain(v + k)] for m, v in body for k, c in enumerate(("AT", "DE"))]
    ]  # fmt: skip
    second = tuple(v + 1 for v in VALUES)
    return [
        Case("wide", joined(wide).encode(), facts={"default_value": "s0"}),
        Case("wide-chosen", joined(wide).encode(), series={"value": "s1"}, values=second),
        Case("wide-value-as-choice", joined(wide).encode(), choices={"value": "s1"}, values=second),
        Case("long", joined(long).encode(),
             facts={"id_column": "country", "id_values": ("AT", "DE"), "default_id_value": "AT"}),
        Case("long-chosen", joined(long).encode(), choices={"id_value": "DE"}, values=second),
        Case("long-in-series", joined(long).encode(), series={"id_value": "DE"}, values=second),
        Case("long-mixed", joined(mixed).encode(), choices={"id_column": "country"}),
        Case("long-json", json.dumps([dict(zip(long[0], row, strict=True)) for row in long[1:]])
             .encode(), choices={"id_value": "DE"}, values=second),
        Case("long-without-id", joined(long).encode(), choices={"id_column": "none"},
             refusal="series.duplicate_times", row=14),
        Case("long-no-such-id", joined(long).encode(), choices={"id_value": "FR"},
             refusal="series.no_id"),
        Case("long-no-such-column", joined(long).encode(), choices={"id_column": "x"},
             refusal="series.no_column"),
        Case("covariates", joined(wide).encode(), series={"covariates": ["s1", "s2"]}),
    ]  # fmt: skip


def _missing() -> list[Case]:
    made = []
    for word in ("", "NA", "n/a", "NaN", "null", "-", ".", "#N/A", "None", "…"[:0] + ".."):
        rows = rows_of()
        rows[4] = [rows[4][0], word]
        made.append(Case(f"missing-{word or 'empty'}", joined(rows).encode(),
                         refusal="series.missing", row=5))  # fmt: skip
    rows = rows_of()
    rows[4] = [rows[4][0], "-999"]
    made.append(Case("missing-chosen", joined(rows).encode(), choices={"missing_text": "-999"},
                     refusal="series.missing", row=5))  # fmt: skip
    return made


def _refused_texts() -> list[Case]:
    rows = rows_of()

    def broken(place: int, row: list[str]) -> bytes:
        return joined([*rows[:place], row, *rows[place + 1 :]]).encode()

    def refused(name: str, data: bytes, kind: str, row: int = 0, **more: Any) -> Case:
        return Case(f"refused-{name}", data, refusal=f"series.{kind}", row=row, **more)

    return [
        refused("empty", b"", "empty"),
        refused("blank-lines", b"\n\n \n", "empty"),
        refused("mark-alone", b"\xef\xbb\xbf", "empty"),
        refused("commas-alone", b",,\n,,\n", "empty"),
        refused("header-alone", b"a,b\n", "no_rows"),
        refused("words-alone", b"a,b\nx,y\nz,w\n", "no_numbers"),
        refused("zeros", bytes(300), "binary"),
        refused("png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        refused("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01", "binary"),
        refused("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "binary"),
        refused("pickle", b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix", "binary"),
        refused("row-too-short", broken(5, ["2019-05"]), "ragged", 6),
        refused("row-too-long", broken(5, ["2019-05", "1", "2"]), "ragged", 6),
        refused("quote-left-open", broken(5, ["2019-05", '"1']), "quotes"),
        refused("quote-inside", broken(5, ["2019-05", '"1"2']), "quotes", 6),
        refused("word-for-number", broken(5, ["2019-05", "many"]), "not_a_number", 6),
        refused("two-points", broken(5, ["2019-05", "1.2.3"]), "not_a_number", 6),
        refused("infinite", broken(5, ["2019-05", "inf"]), "infinite", 6),
        refused("overflow", broken(5, ["2019-05", "1e999"]), "infinite", 6),
        refused("no-such-month", broken(5, ["2019-13", "1"]), "not_a_time", 6),
        refused("no-such-day", joined([["d", "v"], ["2021-02-28", "1"], ["2021-02-29", "2"],
                                       ["2021-03-01", "3"]]).encode(), "not_a_time", 3),
        refused("another-form", broken(5, ["May", "1"]), "not_a_time", 6),
        refused("same-time-twice", broken(5, ["2019-04", "1"]), "duplicate_times", 6),
        refused("earlier", broken(5, ["2018-05", "1"]), "unsorted_times", 6),
        refused("no-such-value", joined(rows).encode(), "no_column", series={"value": "x"}),
        refused("no-such-time", joined(rows).encode(), "no_column", series={"time": "x"}),
        refused("no-such-header", joined(rows).encode(), "no_header", choices={"header": 99}),
        refused("wrong-encoding", "ä".encode("cp1252") * 5, "encoding",
                choices={"encoding": "UTF-8"}),
        refused("half-utf-16", b"\xff\xfea\x00\x00\xd8", "encoding"),
        refused("too-many-columns", b",".join([b"1"] * 1001), "too_many_columns"),
        refused("too-many-bytes", b"x\n" + b"1\n" * 25_000_000, "too_large"),
    ]  # fmt: skip


def _refused_others() -> list[Case]:
    def refused(name: str, data: bytes, kind: str, **more: Any) -> Case:
        return Case(f"refused-{name}", data, "table.json", refusal=f"series.{kind}", **more)

    table = joined(rows_of()).encode()
    made = [
        refused("json-deep", b"[" * 100_000, "json_depth"),
        refused("json-deep-objects", b'{"a":' * 100_000, "json_depth"),
        refused("json-cut", b'[{"a": 1}, {"a"', "not_json"),
        refused("json-empty-list", b"[]", "empty"),
        refused("json-lengths", b'{"a": [1, 2], "b": [1]}', "json_lengths"),
        refused("json-mixed", b'[1, {"a": 2}]', "json_shape"),
        refused("json-too-many-records", b"[" + b"{}," * 2_100_000 + b"{}]", "too_many_rows"),
        refused("json-too-many-names",
                json.dumps([{f"c{k}": 1} for k in range(1001)]).encode(), "too_many_columns"),
        refused("json-line", b'{"a": 1}\n{"a": }\n', "not_json"),
        refused("parquet-cut", b"PAR1" + bytes(100) + b"PAR1", "damaged"),
        refused("parquet-too-wide", parquet({f"c{k}": [1] for k in range(1001)}),
                "too_many_columns"),
        refused("parquet-too-long", parquet({"x": np.zeros(2_000_001)}), "too_many_rows"),
        refused("parquet-bomb", parquet({f"c{k}": np.zeros(600_000) for k in range(90)}),
                "unpacks_too_large"),
        refused("parquet-texts-bomb", parquet({"x": ["y" * 100_000] * 5_000, "z": [1] * 5_000}),
                "unpacks_too_large"),
        refused("parquet-nested", parquet({"x": [[1], [2]]}), "parquet_nested"),
        refused("parquet-empty", parquet({"x": np.zeros(0)}), "empty"),
        refused("parquet-words", parquet({"x": ["a", "b"]}), "no_numbers"),
    ]  # fmt: skip
    for name, choices in (
        ("unknown", {"colour": "red"}), ("delimiter", {"delimiter": "::"}),
        ("decimal", {"decimal": ";"}), ("both-marks", {"decimal": ",", "thousands": ","}),
        ("encoding", {"encoding": "klingon"}), ("codec-of-python", {"encoding": "zip"}),
        ("header", {"header": "first"}), ("header-zero", {"header": 0}), ("list", {"sheet": [1]}),
        ("day-first", {"day_first": "maybe"}), ("time-format", {"time_format": "%Y"}),
        ("long-text", {"missing_text": "x" * 500}),
    ):  # fmt: skip
        kind = "no_choice" if name == "unknown" else "choice"
        made.append(refused(f"choice-{name}", table, kind, choices=choices))
    for name, choices, kind in (
        ("treatment", {"missing": "guess"}, "treatment"), ("type", {"order": 3}, "treatment"),
        ("name", {"colour": 1}, "no_series_choice"), ("value", {"value": 3}, "column_name"),
        ("covariates", {"covariates": 3}, "covariates"), ("id", {"id_value": "x"}, "no_id_column"),
        ("id-type", {"id_value": []}, "id_type"),
    ):  # fmt: skip
        made.append(refused(f"series-{name}", table, kind, series=choices))
    return made


def _treated() -> list[Case]:
    rows = rows_of()
    gap = joined([*rows[:4], [rows[4][0], ""], *rows[5:]]).encode()
    hole = joined([*rows[:4], *rows[5:]]).encode()
    twice = joined([*rows, [rows[12][0], "200"]]).encode()
    turned = joined([rows[0], *rows[:0:-1]]).encode()
    less = (*VALUES[:3], *VALUES[4:])
    fewer = (*MONTHS[:3], *MONTHS[4:])
    nan = (*VALUES[:3], float("nan"), *VALUES[4:])
    # 31 days from 1 March to 1 April, 30 more to 1 May.
    line = VALUES[2] + (VALUES[4] - VALUES[2]) * 31 / 61
    return [
        Case("treated-leave", gap, series={"missing": "leave"}, values=nan),
        Case("treated-drop", gap, series={"missing": "drop"}, values=less, times=fewer),
        Case("treated-forward", gap, series={"missing": "forward"},
             values=(*VALUES[:3], VALUES[2], *VALUES[4:])),
        Case("treated-interpolate", gap, series={"missing": "interpolate"},
             values=(*VALUES[:3], line, *VALUES[4:])),
        Case("treated-insert", hole, series={"steps": "insert", "missing": "leave"}, values=nan),
        Case("treated-uneven", hole, values=less, times=fewer),
        Case("treated-first", twice, series={"duplicates": "first"}),
        Case("treated-last", twice, series={"duplicates": "last"}, values=(*VALUES[:-1], 200.0)),
        Case("treated-mean", twice, series={"duplicates": "mean"},
             values=(*VALUES[:-1], (VALUES[-1] + 200) / 2)),
        Case("treated-sum", twice, series={"duplicates": "sum"},
             values=(*VALUES[:-1], VALUES[-1] + 200)),
        Case("treated-sort", turned, series={"order": "sort"}),
        Case("treated-quarters", joined(rows).encode(), series={"steps": "sum", "every": "quarter"},
             values=tuple(np.reshape(VALUES, (4, 3)).sum(1)), times=MONTHS[::3],
             time_unit="quarter"),
    ]  # fmt: skip
