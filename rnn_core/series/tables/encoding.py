"""From bytes to text: which encoding a file is in."""

from __future__ import annotations

import codecs
import re

from rnn_core.messages import N_
from rnn_core.series.tables import refusals
from rnn_core.series.tables.reading import ENCODINGS

# UTF-32's mark begins with UTF-16's, so it is looked for first.
MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32LE"),
    (codecs.BOM_UTF32_BE, "UTF-32BE"),
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16LE"),
    (codecs.BOM_UTF16_BE, "UTF-16BE"),
)
CONTROLS = bytes([*range(9), *range(14, 32), 127])
LOOKED_AT = 8192  # bytes that a guess is made from
FEW = 8  # different bytes beyond ASCII below which a statistical guess is worth nothing
CODEC_NAMES = {codecs.lookup(codec).name: name for name, codec in ENCODINGS.items()}


def to_utf8(data: bytes, chosen: str = "") -> tuple[bytes, str]:
    """Give a text's bytes as UTF-8 without a mark, and the name of the encoding they were in.

    Raises ``SeriesError`` for what is no text, or not in the encoding that was chosen.
    """
    mark = next((mark for mark, _ in MARKS if data.startswith(mark)), b"")
    marked = dict((found, name) for found, name in MARKS).get(mark, "")
    name = chosen or marked or _guess(data)
    if mark and (name == marked or name.rstrip("LBE") == marked.rstrip("LBE")):
        data = data[len(mark) :]
        name = marked
    codec = ENCODINGS[name]
    if not codec.startswith(("utf-16", "utf-32")):
        # How DOS, loggers and printers end a file.
        data = data.rstrip(b"\x1a\x00\x0c") or data
    try:
        utf8 = data if codec == "utf-8" and _is_utf8(data) else data.decode(codec).encode()
    except UnicodeError as error:
        if chosen or marked:
            raise refusals.refuse(
                "encoding",
                N_(
                    "The file cannot be read as {encoding} (byte {place}): choose another encoding."
                ),
                encoding=name,
                place=f"{getattr(error, 'start', 0) + 1:,}",
            ) from error
        # Each byte stands for a character there, so it never fails.
        utf8, name = data.decode("latin-1").encode(), "Latin-1"
    if len(utf8.translate(None, CONTROLS)) < len(utf8):  # a pattern takes three times as long
        raise refusals.refuse(
            "binary",
            N_(
                "The file is neither text nor a JSON, Parquet or Excel (xlsx) file: save it as CSV "
                "(UTF-8) and upload that."
            ),
        )
    return utf8, name


def _is_utf8(data: bytes) -> bool:
    if not data.isascii():
        data.decode("utf-8")
    return True


def _guess(data: bytes) -> str:
    if data.isascii() and b"\x00" not in data[:LOOKED_AT]:
        return "UTF-8"
    head = data[:LOOKED_AT]
    if b"\x00" in head:
        return _wide(head)
    try:
        data.decode("utf-8")
        return "UTF-8"
    except UnicodeError:
        return _one_byte_or_asian(data)


def _wide(head: bytes) -> str:
    """Tell UTF-16 and UTF-32 without a mark by where their zeros are."""
    zeros = [head[place::4].count(0) / max(1, len(head[place::4])) for place in range(4)]
    for name, low in (
        ("UTF-32LE", (1, 2, 3)),
        ("UTF-32BE", (0, 1, 2)),
        ("UTF-16LE", (1, 3)),
        ("UTF-16BE", (0, 2)),
    ):
        if all((zeros[place] > 0.7) == (place in low) for place in range(4)):
            return name
    return "UTF-8"  # and refused for its zeros


def _one_byte_or_asian(data: bytes) -> str:
    beyond = re.search(rb"[\x80-\xff]", data)
    start = max(0, beyond.start() - 1024) if beyond else 0
    start = data.rfind(b"\n", 0, start) + 1
    sample = data[start : start + LOOKED_AT]
    sample = sample[: sample.rfind(b"\n") + 1] or sample
    if len(set(re.findall(rb"[\x80-\xff]", sample))) >= FEW:
        import charset_normalizer

        best = charset_normalizer.from_bytes(
            sample, steps=5, chunk_size=512, cp_isolation=list(CODEC_NAMES), threshold=0.3
        ).best()
        if best is not None:
            found = codecs.lookup(best.encoding).name
            if found in CODEC_NAMES and not found.startswith(("iso8859-1", "cp1252", "mac")):
                return CODEC_NAMES[found]
    return "Latin-9" if _has_old_euro(data) else "Windows-1252"


def _has_old_euro(data: bytes) -> bool:
    """Whether 0xA4 occurs, the euro sign of Latin-9, and nothing that only Windows-1252 has."""
    return b"\xa4" in data and not re.search(rb"[\x80-\x9f]", data)
