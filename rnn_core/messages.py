"""Sentences that can be said in another language: a kind, an English template, named values.

``rnn_core`` never formats a sentence for good: it hands out a :class:`Message`, and whoever shows
it translates the template (it is the gettext message id) before the values are put in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


def N_(template: str) -> str:
    """Mark a string for the gettext catalogues without translating it here."""
    return template


@dataclass(frozen=True)
class Message:
    """One whole sentence: ``kind`` names it for code, ``template`` is its English text.

    ``values`` are put into the template's ``{named}`` places; a value that is itself a
    :class:`Message` is rendered with the same translation.
    """

    kind: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str] = str) -> str:
        """Give the sentence, its template passed through ``translate`` first."""
        values = {
            name: value.render(translate) if isinstance(value, Message) else value
            for name, value in self.values.items()
        }
        return translate(self.template).format(**values)

    def __str__(self) -> str:
        return self.render()

    def to_json(self) -> str:
        """Give a JSON text from which :meth:`from_json` makes an equal message."""
        return json.dumps(_plain(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Message:
        """Read what :meth:`to_json` wrote."""
        return _message(json.loads(text))


def sentences(messages: Sequence[Message]) -> Message:
    """Say one or more sentences after each other."""
    first, *more = messages
    if not more:
        return first
    return Message("sentences", N_("{first} {more}"), {"first": first, "more": sentences(more)})


def _plain(message: Message) -> dict[str, object]:
    values = {
        name: _plain(value) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    return {"kind": message.kind, "template": message.template, "values": values}


def _message(plain: dict[str, object]) -> Message:
    values = plain["values"]
    assert isinstance(values, dict)
    return Message(
        str(plain["kind"]),
        str(plain["template"]),
        {
            name: _message(value) if isinstance(value, dict) else value
            for name, value in values.items()
        },
    )


class RnnError(ValueError):
    """Base of the errors a person can do something about; carries its :class:`Message`."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class ConfigError(RnnError):
    """A field of an experiment has a value that cannot be used; ``option`` names the field."""

    def __init__(self, message: Message, option: str = "") -> None:
        super().__init__(message)
        self.option = option


class SeriesError(RnnError):
    """A table or series cannot be read or used."""


class TrainingError(RnnError):
    """Training could not go on, for a reason the person can change."""
