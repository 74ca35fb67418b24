"""Every text a person reads on a page goes through here."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import streamlit as st

from rnn_core.messages import Message

DOMAIN = "rnn_explorer"
CATALOGUES = Path(__file__).parents[1] / "locale"

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def _(text: str) -> str:
    """Give the text in the visitor's language; English where there is no catalogue for it."""
    return _catalogue(locale()).gettext(text) if text else text


def locale() -> str:
    """Give the visitor's language, such as "de-CH"."""
    return _spoken.get() or st.context.locale or "en"


def language() -> str:
    """Give the language that texts come out in: that of the visitor's catalogue, or English."""
    said = _catalogue(locale()).info().get("language", "") or "en"
    return said.replace("_", "-")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language where there is no session to tell it: in the answer to a request."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def say(message: Message) -> str:
    """Give what ``rnn_core`` has to say in the visitor's language."""
    return message.render(_)


def plain(text: str) -> str:
    """Show a text of a person's own (a file's name, a cell) as it is, not as Markdown."""
    for mark in "\\`*_{}[]()<>#+-.!|~$:":
        text = text.replace(mark, "\\" + mark)
    return text


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    languages = [locale.replace("-", "_"), locale.split("-")[0]]
    return gettext.translation(DOMAIN, CATALOGUES, languages, fallback=True)
