"""No text reaches a person but through gettext."""

from __future__ import annotations

import gettext
import re

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import i18n


class Marked(gettext.NullTranslations):
    """A catalogue of a language in which every sentence stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"


@pytest.mark.parametrize("query", [{}, {"hidden": "0"}, {"series": "sines"}, {"series": "table"}])
@pytest.mark.parametrize("page", ["lab.py", "data.py", "inside.py", "forecast.py", "runs.py"])
def test_every_text_is_translated(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, page: str, query: dict[str, str]
) -> None:
    monkeypatch.setattr(i18n, "_catalogue", lambda locale: Marked())
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    app.switch_page(page).run()
    assert not app.exception
    untranslated = []
    seen = 0
    for element in [*app.main, *app.sidebar]:
        for node in _all(element):
            for text in _texts(node) if node.type != "latex" else ():
                seen += 1
                if "⟦" not in text and re.search(r"[A-Za-z]{2}", text):
                    untranslated.append((node.type, text))
    assert seen > 3
    assert untranslated == []


def _all(element):
    yield element
    for child in getattr(element, "children", {}).values():
        yield from _all(child)


def _texts(node):
    proto = getattr(node, "proto", None)
    for name in ("label", "help", "body", "placeholder", "text"):
        value = getattr(proto, name, "")
        if isinstance(value, str) and value and "<style>" not in value:
            yield value
    for option in getattr(proto, "options", []):
        yield option if isinstance(option, str) else getattr(option, "content", "")
