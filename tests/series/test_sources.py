import subprocess
import sys

from rnn_core.series import SOURCES, TABLE
from rnn_core.series.generators import GENERATORS


def test_order_is_samples_then_generators_then_the_table():
    assert [(name, source.kind) for name, source in SOURCES.items()] == [
        ("airline", "sample"),
        ("sunspots", "sample"),
        ("nile", "sample"),
        ("sines", "generator"),
        ("mackey-glass", "generator"),
        ("ar", "generator"),
        (TABLE, "table"),
    ]


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
