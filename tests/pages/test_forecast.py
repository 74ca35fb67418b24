from __future__ import annotations

import pytest


def opened(app):
    app.run()
    return app.switch_page("forecast.py").run()


@pytest.mark.parametrize(
    "view", ["forecast", "errors", "intervals", "lag", "backtest", "seeds", "takeaway"]
)
def test_views(app, view):
    opened(app)
    assert not app.exception, app.exception
    app.segmented_control(key="forecast-view").set_value(view).run()
    assert not app.exception, app.exception
    print([e.value for e in app.markdown])
