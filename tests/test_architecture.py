"""What may import what: read from the sources, and tried in fresh processes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = sorted((ROOT / "rnn_core").rglob("*.py"))
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]

# These train, so they are never imported by the pages' process.
TRAINING = {"rnn_core.runs.worker", "rnn_core.runs.control", "rnn_core.runs.performing"}
HEAVY = ("tensorflow", "keras")
# What is reproduced is named and kept by modules that the pages may import.
LIGHT = {"rnn_core.reproduce", "rnn_core.reproduce.publications", "rnn_core.reproduce.results"}
REPRODUCING = {
    f"rnn_core.reproduce.{path.stem}" for path in (ROOT / "rnn_core" / "reproduce").glob("[!_]*.py")
} - LIGHT | {"rnn_core.reproduce.__main__"}


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def for_type_checkers(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def found_in(node, inside_function=False):
    """Every module that is imported under ``node``, and whether only when a function is called."""
    for child in ast.iter_child_nodes(node):
        if for_type_checkers(child):
            continue
        if isinstance(child, ast.Import):
            for name in child.names:
                yield name.name, inside_function
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            yield child.module, inside_function
            for name in child.names:
                yield f"{child.module}.{name.name}", inside_function
        elif isinstance(child, ast.Call) and "import_module" in ast.unparse(child.func):
            for argument in child.args:
                if isinstance(argument, ast.Constant):
                    yield argument.value, inside_function
        called_later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from found_in(child, inside_function or called_later)


def imports(path):
    return list(found_in(ast.parse(path.read_text(encoding="utf-8"))))


def reaches(name, *packages):
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def importers(paths, *packages, at_once_only=False):
    return {
        module_of(path)
        for path in paths
        for name, later in imports(path)
        if reaches(name, *packages) and not (later and at_once_only)
    }


def test_the_reader_of_imports_sees_every_form(tmp_path):
    source = tmp_path / "source.py"
    source.write_text(
        "import a.b, c as d\nfrom e import f\nif x:\n    import g\n"
        "try:\n    import h\nexcept ImportError:\n    pass\n"
        "def later():\n    from i.j import k\n    importlib.import_module('l')\n"
        "if TYPE_CHECKING:\n    import never\n"
    )
    seen = dict(imports(source))
    assert seen == {
        "a.b": False, "c": False, "e": False, "e.f": False, "g": False, "h": False,
        "i.j": True, "i.j.k": True, "l": True,
    }  # fmt: skip


def test_there_is_something_to_look_at():
    assert len(LIBRARY) > 30
    assert len(PAGES) > 5
    assert "rnn_core.engine.program" in importers(LIBRARY, "tensorflow")
    assert importers(PAGES, "streamlit")


def test_the_library_knows_nothing_of_streamlit_or_the_pages():
    assert importers(LIBRARY, "streamlit", "pages", "app") == set()


def test_only_the_engine_imports_tensorflow():
    # The benchmark runs stock Keras beside the engine.
    inside = ("rnn_core.engine", "rnn_core.bench")
    outside = [path for path in LIBRARY if not reaches(module_of(path), *inside)]
    assert importers(outside, *HEAVY) == set()


def test_only_what_trains_imports_the_engine():
    outside = [
        path
        for path in LIBRARY
        # A benchmark trains by its nature, and is started by hand; so is what is reproduced.
        if not reaches(module_of(path), "rnn_core.engine", "rnn_core.bench", *REPRODUCING)
    ]
    assert importers(outside, "rnn_core.engine", at_once_only=True) == TRAINING
    assert importers(outside, "rnn_core.engine") == TRAINING | {"rnn_core.cli"}


def test_nothing_else_imports_what_trains():
    outside = [
        path
        for path in LIBRARY
        if module_of(path) not in TRAINING | {"rnn_core.__main__", "rnn_core.bench.watching"}
    ]
    assert importers(outside, *TRAINING) == set()


def test_the_pages_import_neither_the_engine_nor_tensorflow():
    assert importers(PAGES, "rnn_core.engine", "rnn_core.bench", *TRAINING, *HEAVY) == set()
    assert importers(PAGES, *REPRODUCING) == set()


def test_the_pages_take_nothing_that_the_library_loads_with_the_engine():
    import rnn_core

    heavy = [f"rnn_core.{name}" for name, module in rnn_core._LAZY.items() if "engine" in module]
    assert heavy
    assert importers(PAGES, *heavy) == set()


def modules_loaded_by(statement):
    code = f"{statement}; import sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(done.stdout.splitlines()[-1].split())


def loaded_by(statement):
    return {name.split(".")[0] for name in modules_loaded_by(statement)}


@pytest.mark.parametrize("statement", [
    "import rnn_core",
    "import rnn_core.series, rnn_core.cli, rnn_core.plots, rnn_core.forecast.verdict",
    "import rnn_core.runs.pool, rnn_core.runs.store, rnn_core.runs.example",
    "from rnn_core import Series, load_series; load_series(__import__('rnn_core').SeriesConfig())",
])  # fmt: skip
def test_the_library_is_light_until_it_trains(statement):
    loaded = loaded_by(statement)
    assert "rnn_core" in loaded
    assert loaded.isdisjoint({*HEAVY, "streamlit"})


def test_importing_the_library_draws_and_stores_nothing():
    assert loaded_by("import rnn_core").isdisjoint({"plotly", "sqlalchemy", "pandas"})


def test_the_pages_draw_without_plotlys_own_objects():
    modules = [module_of(path) for path in PAGES if reaches(module_of(path), "pages.ui")]
    loaded = modules_loaded_by(f"import {', '.join(modules)}")
    assert loaded.isdisjoint({"plotly.graph_objs._figure", "plotly.offline"})


def test_every_module_of_the_pages_leaves_tensorflow_out():
    modules = [module_of(path) for path in PAGES if reaches(module_of(path), "pages.ui")]
    assert "pages.ui.session" in modules
    loaded = loaded_by(f"import {', '.join(modules)}")
    assert "streamlit" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_the_names_of_the_library_are_all_there():
    import rnn_core

    for name in rnn_core.__all__:
        assert getattr(rnn_core, name) is not None
    with pytest.raises(AttributeError, match="'nothing'"):
        rnn_core.nothing  # noqa: B018
