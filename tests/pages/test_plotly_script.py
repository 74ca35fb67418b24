from pathlib import Path

import plotly
import pytest

from pages.ui.plotly_script import postponed, script

WHOLE = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()


def test_the_kinds_of_the_installed_version_are_run_later() -> None:
    changed = script()
    names = changed.partition(b".later=[")[2].partition(b"]")[0].split(b",")
    assert len(names) == len(set(names)) > 40
    listed = b",".join(name + b"()" for name in names)
    assert (
        changed.replace(b".later=[" + b",".join(names) + b"]", b".register([" + listed + b"])")
        == WHOLE
    )


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"x.register([a()])",
        b"x.register([a(),b()]);x.register([c(),d()])",
        b"x.register([a,b])",
    ],
)
def test_a_script_of_another_make_is_left_as_it_is(text: bytes) -> None:
    assert postponed(text) == text
