"""How a file is to be read: what a person chose over what would be guessed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from rnn_core.messages import N_, Message, SeriesError
from rnn_core.series.tables import refusals
from rnn_core.series.tables.forms import FORMS

# The codecs a person can choose, each by the name it is shown with.
ENCODINGS: Mapping[str, str] = {
    "UTF-8": "utf-8",
    "UTF-16": "utf-16",
    "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be",
    "UTF-32": "utf-32",
    "UTF-32LE": "utf-32-le",
    "UTF-32BE": "utf-32-be",
    "Windows-1250": "cp1250",
    "Windows-1251": "cp1251",
    "Windows-1252": "cp1252",
    "Windows-1253": "cp1253",
    "Windows-1254": "cp1254",
    "Windows-1255": "cp1255",
    "Windows-1256": "cp1256",
    "Windows-1257": "cp1257",
    "Windows-1258": "cp1258",
    "Windows-874": "cp874",
    "Latin-1": "latin-1",
    "Latin-2": "iso8859-2",
    "Latin-9": "iso8859-15",
    "KOI8-R": "koi8-r",
    "Mac Roman": "mac-roman",
    "IBM 437": "cp437",
    "IBM 850": "cp850",
    "Shift-JIS": "cp932",
    "EUC-JP": "euc-jp",
    "GBK": "gbk",
    "GB18030": "gb18030",
    "Big5": "big5",
    "EUC-KR": "cp949",
}
DELIMITERS: Mapping[str, str] = {
    ",": N_("Comma"),
    ";": N_("Semicolon"),
    "\t": N_("Tab"),
    "|": N_("Pipe"),
    " ": N_("Blanks"),
    "none": N_("None: a single column"),
}
# Further words for them that a caller may write.
DELIMITER_WORDS: Mapping[str, str] = {
    "\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "blank": " ",
    "space": " ", "spaces": " ", "blanks": " ",
}  # fmt: skip
DECIMALS: Mapping[str, str] = {".": N_("Point"), ",": N_("Comma")}
THOUSANDS: Mapping[str, str] = {
    "none": N_("None"),
    ",": N_("Comma"),
    ".": N_("Point"),
    " ": N_("Blank"),
    "'": N_("Apostrophe"),
}
DAY_FIRST: Mapping[str, str] = {"yes": N_("Day first"), "no": N_("Month first")}
FORMATS: Mapping[str, str] = {
    "text": N_("Delimited text"),
    "json": N_("JSON"),
    "parquet": N_("Parquet"),
    "excel": N_("Excel"),
}
SHAPES: Mapping[str, str] = {
    "columns": N_("Each column is a series"),
    "rows": N_("Each row is a series"),
    "calendar": N_("Years by months or quarters"),
}
NONE = "none"
LONGEST = 200  # of one choice


@dataclass(frozen=True)
class Reading:
    """The choices that correct a guess, each a text; "" leaves it to be guessed.

    ``format`` is a key of :data:`FORMATS`; ``encoding`` of :data:`ENCODINGS` or any of its codecs;
    ``delimiter``, ``decimal``, ``thousands`` and ``day_first`` of the tables above. ``header`` is
    the number of the row with the names, as a spreadsheet counts, or "none". ``sheet`` is the name
    or the number of an Excel sheet. ``time_format`` is a key of ``FORMS`` in
    :mod:`rnn_core.series.tables.forms`. ``missing_text`` is a further text that stands for a
    missing value, such as "-999". ``id_column`` and ``id_value`` choose one series of a long table;
    ``id_column`` "none" takes all rows. ``shape`` is a key of :data:`SHAPES`.

    Raises ``SeriesError`` for a choice that cannot be used.
    """

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    thousands: str = ""
    header: str = ""
    sheet: str = ""
    day_first: str = ""
    time_format: str = ""
    missing_text: str = ""
    id_column: str = ""
    id_value: str = ""
    shape: str = ""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, str) or len(value) > LONGEST or not _writable(value):
                raise _not_a_choice(field.name, value, N_("a text of at most 200 characters"))
        allowed: Mapping[str, Mapping[str, Any]] = {
            "format": FORMATS,
            "encoding": ENCODINGS,
            "delimiter": DELIMITERS,
            "decimal": DECIMALS,
            "thousands": THOUSANDS,
            "day_first": DAY_FIRST,
            "time_format": FORMS,
            "shape": SHAPES,
        }
        for name, choices in allowed.items():
            value = getattr(self, name)
            if value and value not in choices:
                words = {sign: word for word, sign in DELIMITER_WORDS.items()}
                shown = ", ".join(
                    words.get(choice, choice) if name == "delimiter" else choice
                    for choice in choices
                )
                raise _not_a_choice(name, value, shown)
        if self.header and self.header != NONE:
            digits = self.header.isascii() and self.header.isdigit()
            if not digits or not 1 <= int(self.header) <= refusals.MAX_ROWS:
                raise _not_a_choice("header", self.header, "none, 1 … 2,000,000")
            object.__setattr__(self, "header", str(int(self.header)))
        if self.decimal and self.decimal == self.thousands:
            raise _not_a_choice("thousands", self.thousands, N_("another than the decimal mark"))

    @classmethod
    def of(cls, choices: Mapping[str, Any]) -> Reading:
        """Read choices as a caller writes them: also ``header=None``, ``3``, ``day_first=True``."""
        names = [field.name for field in dataclasses.fields(cls)]
        texts = {}
        for name, value in choices.items():
            if name not in names:
                raise refusals.refuse(
                    "no_choice",
                    N_("There is no choice '{name}' for reading a table: use one of {names}."),
                    name=refusals.quote(name),
                    names=", ".join(("value", "time", *names)),
                )
            texts[name] = _text_of(name, value)
        return cls(**texts)

    @property
    def chosen(self) -> dict[str, str]:
        """What is not left to be guessed, as ``read_table`` takes it."""
        return {name: value for name, value in dataclasses.asdict(self).items() if value}

    def to_text(self) -> str:
        """Give what is chosen as ``key=value&…``, sorted, percent-encoded; "" if nothing is."""
        return urlencode(sorted(self.chosen.items()), quote_via=quote, safe="")

    @classmethod
    def from_text(cls, text: str) -> Reading:
        """Read what :meth:`to_text` wrote; ``SeriesError`` for anything else."""
        try:
            pairs = parse_qsl(text, strict_parsing=True, max_num_fields=20) if text else []
            reading = cls.of(dict(pairs))
        except ValueError as error:
            if isinstance(error, SeriesError):
                raise
            raise _not_canonical(text) from error
        if reading.to_text() != text:
            raise _not_canonical(text)
        return reading


def _text_of(name: str, value: Any) -> Any:
    if value is None:
        return NONE if name == "header" else ""
    if isinstance(value, bool):
        if name == "day_first":
            return "yes" if value else "no"
        if name == "header":
            return "" if value else NONE
    if name in ("header", "sheet") and type(value) is int and abs(value) < 10**9:
        return str(value)
    if name in ("missing_text", "id_value") and isinstance(value, int | float):
        return str(value) if abs(value) < 1e300 else value
    if name == "encoding" and isinstance(value, str):
        return _encoding_name(value)
    if name == "delimiter" and isinstance(value, str):
        value = DELIMITER_WORDS.get(value.strip(" ").lower(), value)
    return "none" if name in ("thousands", "delimiter") and value == "" else value


def _encoding_name(value: str) -> str:
    """Give the name in :data:`ENCODINGS` of a codec that a person may call otherwise."""
    plain = value.strip().lower().replace("_", "-")
    for name, codec in ENCODINGS.items():
        if plain in (name.lower(), codec, f"{codec}-sig", name.lower().replace("windows-", "cp")):
            return name
    aliases = {"utf8": "UTF-8", "iso-8859-1": "Latin-1", "iso-8859-2": "Latin-2",
               "iso-8859-15": "Latin-9", "shift-jis": "Shift-JIS", "sjis": "Shift-JIS",
               "latin1": "Latin-1", "ascii": "UTF-8"}  # fmt: skip
    return aliases.get(plain, value)


def _writable(text: str) -> bool:
    return not any(character == "\x00" or 0xD800 <= ord(character) < 0xE000 for character in text)


def _not_a_choice(name: str, received: Any, allowed: str) -> SeriesError:
    try:
        shown = repr(received)
    except Exception:  # a stranger's object may fail to show itself
        shown = type(received).__name__
    return refusals.refuse(
        "choice",
        N_("'{name}' must be one of: {allowed}. Received: {received}."),
        name=name,
        allowed=Message("allowed", allowed) if "{" not in allowed else allowed,
        received=refusals.quote(shown),
    )


def _not_canonical(text: str) -> SeriesError:
    return refusals.refuse(
        "reading",
        N_(
            "How to read the table must be written as name=value with & between them, in the "
            "order of the names and with other signs percent-encoded. Received: {received}."
        ),
        received=refusals.quote(repr(unquote(text))),
    )
