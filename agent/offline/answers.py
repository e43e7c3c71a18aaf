"""How an answer, or a correction, gives the one argument that it is about.

Knows arguments by name; must not know which question is open, nor what becomes of the call.
"""

from __future__ import annotations

from collections.abc import Callable

from agent.offline.calls import Call, Value
from agent.offline.commands.faces import face_in, path_in
from agent.offline.commands.studio import BaseWords, base_name, read_set_style
from agent.offline.conversation import OpenQuestion
from agent.offline.dialogue_state import DialogueState, mentioned
from agent.offline.references import slates_meant, takes_in
from agent.offline.sentences import MessageWords
from agent.offline.strangers import strangers_of
from tools.language.numbers import first_number, number_of, ordinal_of
from tools.language.slate import slates_in
from tools.language.text import Text

NOBODY = "nobody"
"""Who a stranger is that should not be in frame."""


def correction_in(last: Call, text: Text, state: DialogueState) -> dict[str, Value] | None:
    """Return the argument that some words correct, by what the call before can hold."""
    person = mentioned(text, state)
    if person and "character" in last.args:
        return {"character": person}
    for argument, read in _CORRECTED.items():
        value = read(text, state) if argument in last.args else None
        if value:
            return {argument: value}
    return None


def _as_person(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    return _choice(text, asked) or mentioned(text, state)


def _as_people(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    """Return who is in frame; of a stranger only a name tells who that is, or that it is nobody."""
    if not strangers_of(asked.readings[asked.at].call, asked.choices):
        return _as_person(text, asked, state)
    if MessageWords.read().nobody.first(text.small):
        return NOBODY
    return text.names[0] if text.names else _choice(text, asked)


def _as_number(text: Text, asked: OpenQuestion, _state: DialogueState) -> Value | None:
    place = _choice(text, asked)
    if place and place.isdigit():
        return int(place)
    ordinal = MessageWords.read().ordinal.first(text.small)
    return ordinal_of(ordinal.group(), 0) if ordinal else first_number(text.small.replace("v", " "))


def _as_words(text: Text, _asked: OpenQuestion, _state: DialogueState) -> Value | None:
    return text.text if text.small and not MessageWords.read().agrees.first(text.small) else None


def _as_takes(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    named = slates_in(text.small).slates
    newest: list[Value] = [take for take in asked.choices if take.partition(" ")[0] in named]
    return newest or _takes(text, state)


def _as_take(text: Text, _asked: OpenQuestion, state: DialogueState) -> Value | None:
    return _take(text, state)


def _as_slates(text: Text, _asked: OpenQuestion, state: DialogueState) -> Value | None:
    return _slates(text, state)


def _as_folder(text: Text, _asked: OpenQuestion, _state: DialogueState) -> Value | None:
    return path_in(text)


def _as_base(text: Text, asked: OpenQuestion, _state: DialogueState) -> Value | None:
    choice, words = _choice(text, asked), BaseWords.read()
    name = base_name(choice or text.without(*words.noise.spans(text.small)).text)
    return name if words.is_name.first(name) else None


def _as_style(text: Text, _asked: OpenQuestion, state: DialogueState) -> Value | None:
    reading = read_set_style(text, state)
    if reading and not reading.missing:
        return dict(reading.call.args)
    return {"style": text.text} if text.small else None


def _choice(text: Text, asked: OpenQuestion) -> str | None:
    """Return the choice that an ordinal or a number means."""
    words = MessageWords.read()
    ordinal, number = words.ordinal.first(text.small), words.only_number.first(text.small)
    place = ordinal_of(ordinal.group(), len(asked.choices)) if ordinal else None
    if place is None and number:
        place = number_of(number.group("n"))
    return asked.choices[place - 1] if place and place <= len(asked.choices) else None


def _takes(text: Text, state: DialogueState) -> Value | None:
    return [*takes_in(text, state).names] or None


def _take(text: Text, state: DialogueState) -> Value | None:
    return next(iter(takes_in(text, state).names), None)


def _slates(text: Text, state: DialogueState) -> Value | None:
    return [*slates_meant(text, state)] or None


def _number(text: Text, _state: DialogueState) -> Value | None:
    return first_number(text.small)


_Correction = Callable[[Text, DialogueState], Value | None]
_CORRECTED: dict[str, _Correction] = {
    "face": face_in,
    "takes": _takes,
    "take": _take,
    "slates": _slates,
    "version": _number,
    "candidates": _number,
    "images": _number,
    "steps": _number,
}
"""Arguments that a correction may name, and how each is read."""

PLAIN_ANSWERS = frozenset({"takes", "take", "face", "version", "slates"})
"""Arguments whose answer says all: the message before it would only blur a number."""
_Answer = Callable[[Text, OpenQuestion, DialogueState], Value | None]
_ANSWERS: dict[str, _Answer] = {
    "character": _as_person,
    "characters": _as_people,
    "takes": _as_takes,
    "take": _as_take,
    "slates": _as_slates,
    "version": _as_number,
    "face": _as_number,
    "folder": _as_folder,
    "base": _as_base,
    "style": _as_style,
}
"""Arguments that are asked for, and how an answer is read; any other one is its words."""


def read_answer(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    """Return the value that an answer gives to what was asked for; None when it gives none."""
    return _ANSWERS.get(asked.missing, _as_words)(text, asked, state)
