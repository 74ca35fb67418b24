"""Plotly's own script, changed in one place: a kind of trace is run when a picture first needs it.

The script ends in a list of all kinds there are. Running the list takes a browser most of the time
that the script takes as a whole, and maps, gauges and three dimensions most of that.

Loaded before the server answers, so it is light.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from hashlib import sha256
from importlib import util
from importlib.metadata import version
from pathlib import Path

NAME = "plotly.min.js"
VERSION = f"{version('plotly')}-{sha256(Path(__file__).read_bytes()).hexdigest()[:8]}"
"""What its address changes with: Plotly's version, and what is changed here."""
# Plotly.register([bar(), box(), …]), each a function that runs a module and gives a kind of trace.
LIST = re.compile(rb"\.register\(\[((?:[\w$]+\(\),?){2,})\]\)")


@cache
def gzipped() -> bytes:
    """Give it as most browsers take it: at 6 it would take half as long again, for 4 % less."""
    return gzip.compress(script(), 4)


def script() -> bytes:
    """Give its text."""
    package = util.find_spec("plotly")
    assert package is not None
    assert package.origin is not None
    return postponed((Path(package.origin).parent / "package_data" / NAME).read_bytes())


def postponed(text: bytes) -> bytes:
    """Make of the list of kinds a list of what runs them, ``Plotly.later``, for `plot.js` to do.

    A script without one such list is left as it is, and runs all of them at once.
    """
    found = list(LIST.finditer(text))
    if len(found) != 1:
        return text
    [match] = found
    kinds = match[1].replace(b"()", b"")
    return b"%b.later=[%b]%b" % (text[: match.start()], kinds, text[match.end() :])
