"""Inside: every view on every cell, scrubbing, units switched off, two runs side by side."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.inside.views import VIEWS


@pytest.fixture
def inside(app: AppTest) -> AppTest:
    app.run()
    app.switch_page("inside.py").run()
    return app


def show(app: AppTest, view: str) -> AppTest:
    next(each for each in app.segmented_control if each.key == "inside-view").set_value(view).run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_on_the_example(inside: AppTest, view: str) -> None:
    show(inside, view)
    print([m.value for m in inside.markdown], [e.value for e in inside.error])
    assert not inside.error
