import re
import subprocess
import sys

import pytest

from rnn_core.series import SOURCES, TABLE
from rnn_core.series.generators import GENERATORS
from rnn_core.series.samples import SAMPLE_DATA


def test_order_is_samples_then_generators_then_the_table():
    kinds = [source.kind for source in SOURCES.values()]
    assert kinds == sorted(kinds, key=["sample", "generator", "table"].index)
    assert list(SOURCES)[:3] == ["airline", "sunspots", "nile"]
    assert kinds.count("sample") >= 5
    assert kinds.count("generator") >= 16
    assert list(SOURCES)[-1] == TABLE


def test_labels_are_different_and_short_enough_for_a_narrow_list():
    labels = [source.label for source in SOURCES.values()]
    assert len(set(labels)) == len(labels)
    assert max(len(label) for label in labels) <= 32


@pytest.mark.parametrize("name", [name for name in SOURCES if name != TABLE])
def test_every_source_says_where_it_comes_from_and_what_is_hard_about_it(name):
    source = SOURCES[name]
    assert len(source.provenance) > 3
    assert re.fullmatch(r"[A-Z0-9m].*\.", source.challenge)
    if source.kind == "sample":
        assert source.about.endswith(".")
        assert source.licence in ("Public domain", "Published facts, no licence claimed")
        assert source.unit
        assert source.time_unit != "step"


def test_what_the_readme_says_of_a_sample_is_what_the_source_says():
    readme = (SAMPLE_DATA / "README.md").read_text(encoding="utf-8")
    samples = {name: source for name, source in SOURCES.items() if source.kind == "sample"}
    files = set(re.findall(r"`(\w+)\.csv`", readme))
    assert files == set(samples) == {path.stem for path in SAMPLE_DATA.glob("*.csv")}
    rows = {
        found[1]: [cell.strip() for cell in line.split("|")[1:-1]]
        for line in readme.splitlines()
        if (found := re.match(r"\| `(\w+)\.csv` ", line))
    }
    for name, source in samples.items():
        _file, _what, count, season, _source, licence = rows[name]
        lines = (SAMPLE_DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert int(count) == len(lines) - 1
        assert season == (str(source.season) if source.season else "none") or "about" in season
        assert licence.casefold() == source.licence.casefold()


def test_every_generator_has_its_source():
    assert list(GENERATORS) == [name for name, s in SOURCES.items() if s.kind == "generator"]


def test_importing_the_package_and_the_configuration_is_light():
    code = (
        "import sys, rnn_core.series, rnn_core.config;"
        "print(*{'pandas', 'streamlit', 'tensorflow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_package_can_be_imported_before_the_configuration_and_after():
    for first, second in (("series", "config"), ("config", "series")):
        code = f"import rnn_core.{first}, rnn_core.{second}"
        subprocess.run([sys.executable, "-c", code], check=True)
