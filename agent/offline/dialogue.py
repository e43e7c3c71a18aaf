"""What refers to what was said before: answers to a question, `yes`, corrections, `the same again`.

Must not know how a fresh sentence is read beyond asking `understand`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from agent.offline.calls import Call, Reading, Value
from agent.offline.commands import OF_A_PART, command_of
from agent.offline.commands.faces import face_in, path_in
from agent.offline.commands.people import said_name
from agent.offline.commands.picks import RejectWords
from agent.offline.commands.shots import (
    stranger_asked,
    strangers_of,
    with_changes,
    with_person,
    with_stranger_known,
)
from agent.offline.commands.studio import BaseWords, base_name, read_set_style
from agent.offline.conversation import Heard, OpenQuestion, asked_by
from agent.offline.dialogue_state import DialogueState, enter, mentioned
from agent.offline.message import understand
from agent.offline.pictures import read_shot
from agent.offline.references import slates_meant, takes_in
from agent.offline.sentences import MessageWords, opens_command, trimmed
from tools.language.numbers import first_number, number_of, ordinal_of
from tools.language.slate import slates_in
from tools.language.text import Text, small

_LOOKED_BACK = 6
_NOBODY = "nobody"
_IN_WORDS = frozenset({"brief", "text", "change", "style"})
"""Arguments that are answered in any words, so that an answer may look like a request."""
_FROM_WORDS = frozenset(
    {"plan_shots", "change_character", "set_style", "create_character", "shoot"}
)


@dataclass(frozen=True)
class Before:
    """The conversation before the newest message, and what its lines were understood as."""

    heard: Heard
    state: DialogueState

    def readings(self) -> Iterator[Reading]:
        """Return what the director's last messages asked for, the newest first."""
        earlier = enter(self.heard)
        for line in reversed(self.heard.earlier[-_LOOKED_BACK:]):
            if line.by_director:
                yield from reversed(understand(line.text, earlier).readings)


def followed_up(fresh: list[Reading], heard: Heard, state: DialogueState) -> list[Reading] | None:
    """Return the readings of a message in the light of what was said before; None for a no."""
    asked = open_question(heard, state)
    if asked and MessageWords.read().declines.first(heard.newest.strip().lower()):
        return None
    if asked and not is_new_request(fresh, asked, state.text(heard.newest)):
        completed = answered(asked, heard, state)
        if completed:
            return completed
    before = Before(heard, state)
    return (
        accepted_offer(heard, state)
        or carried_note(fresh, before)
        or corrected(before)
        or repeated(before)
        or fresh
    )


def open_question(heard: Heard, state: DialogueState) -> OpenQuestion | None:
    """Return the question that the message before left open.

    Where a conversation carries no `asked`, the director's message before it is read again.
    """
    if heard.asked:
        return heard.asked
    if len(heard.earlier) < 2 or heard.earlier[-1].by_director:
        return None
    if not heard.earlier[-1].text.rstrip().endswith("?") or not heard.earlier[-2].by_director:
        return None
    readings = understand(heard.earlier[-2].text, state).readings
    return asked_by(readings) or _whom_asked(readings, heard.earlier[-1].text, state)


def _whom_asked(
    readings: Sequence[Reading], question: str, state: DialogueState
) -> OpenQuestion | None:
    """Return the open question of an answer that names people to choose from: `Solveig or Kwame?`."""
    named = state.text(question).names
    if len(readings) != 1 or len(named) < 2 or "character" not in readings[0].call.args:
        return None
    (reading,) = readings
    args = {key: value for key, value in reading.call.args.items() if key != "character"}
    unsaid = not mentioned(reading.said, state)
    whom = replace(reading, call=Call(reading.call.tool, args), missing="character", choices=named)
    return asked_by([whom]) if unsaid else None


def answered(asked: OpenQuestion, heard: Heard, state: DialogueState) -> list[Reading] | None:
    """Complete the calls that wait with what the newest message says; None when it does not."""
    text = state.text(heard.newest)
    words = text.tail(0) if asked.missing == "text" else trimmed(text)
    if asked.missing not in _PLAIN_ANSWERS:
        together = _together(asked, heard, state)
        if together:
            return together
    value = _ANSWERS.get(asked.missing, _as_words)(words if words.small else text, asked, state)
    if value is None:
        return None
    readings = asked.readings
    readings[asked.at] = _completed(readings[asked.at], asked, value)
    return [_with_person(each, asked, value) for each in readings]


def _together(asked: OpenQuestion, heard: Heard, state: DialogueState) -> list[Reading] | None:
    """Read the message that raised the question and its answer as one: "Show me faces, Ines, and do 8"."""
    command = command_of(asked.tool)
    if command is None or command not in OF_A_PART or len(asked.calls) > 1 or not state.last_said:
        return None
    said_before = trimmed(state.text(state.last_said[0])).text.rstrip(".!? ")
    reading = command.read(state.text(f"{said_before}, {heard.newest}"), state)
    complete = reading and not reading.missing and reading.call.tool == asked.tool
    return [reading] if reading and complete else None


def _completed(reading: Reading, asked: OpenQuestion, value: Value) -> Reading:
    missing, cast = asked.missing, asked.choices
    if missing == "brief" and isinstance(value, str):
        name = reading.call.args.get("name") or said_name(value)
        return replace(reading.with_args(brief=value, name=name), makes=str(name or ""))
    if missing == "characters" and strangers_of(reading.call, cast):
        return with_stranger_known(reading, "" if value == _NOBODY else str(value), cast)
    if missing == "characters":
        return with_person(reading, str(value))
    if missing == "style" and isinstance(value, dict):
        return reading.with_args(**value)
    return reading.with_args(**{missing: value})


def _with_person(reading: Reading, asked: OpenQuestion, value: Value) -> Reading:
    """Give the person that was asked for to the other calls that wait for it."""
    needs = "character" not in reading.call.args and reading.call.tool == asked.tool
    return reading.with_args(character=value) if asked.missing == "character" and needs else reading


def is_new_request(readings: list[Reading], asked: OpenQuestion, text: Text) -> bool:
    """Say whether a message is a request of its own although a question is open."""
    if not readings or any(reading.missing for reading in readings) or not opens_command(text):
        return False
    tools = {reading.call.tool for reading in readings}
    if asked.missing in _IN_WORDS:
        return not tools & _FROM_WORDS
    return asked.tool not in tools or ("character" in asked.missing and bool(text.names))


def accepted_offer(heard: Heard, state: DialogueState) -> list[Reading] | None:
    """Read `yes` as the command that the message before offered; None when there was no offer."""
    words = MessageWords.read()
    if not words.agrees.first(heard.newest.strip().lower()) or not heard.earlier:
        return None
    last = heard.earlier[-1]
    text = last.text.strip()
    offer = words.offer.first(small(text)) if not last.by_director else None
    if offer is None:
        return None
    return understand(text[slice(*offer.span("what"))], state).readings or None


def carried_note(readings: list[Reading], before: Before) -> list[Reading] | None:
    """Read "draw it again with the anchor as it is" with the takes and note that it is about.

    Issue 6: a note against the identity gets two remedies by name, and the answer chooses one.
    """
    heard, words = before.heard, RejectWords.read()
    said = trimmed(before.state.text(heard.newest).part(0)).small
    offered = heard.earlier and "anchor" in heard.earlier[-1].text.lower()
    rejects = [each for each in readings if each.call.tool == "reject"]
    settled = rejects and not rejects[0].missing and rejects[0].call.args.get("note")
    if not words.keep_anchor.first(said) or not offered or settled:
        return None
    earlier = next((each for each in before.readings() if _is_complete_reject(each)), None)
    if earlier is None:
        return None
    takes = rejects[0].call.args.get("takes") if rejects else None
    again = words.again.first(said) or earlier.call.args.get("again")
    call = earlier.call.with_args(keep_anchor=True, again=True if again else None)
    return [Reading(call.with_args(takes=takes) if takes else call)]


def _is_complete_reject(reading: Reading) -> bool:
    return reading.call.tool == "reject" and not reading.missing


def corrected(before: Before) -> list[Reading] | None:
    """Read "no, I meant 3" as the call before with the value that was meant.

    Returns:
        The corrected call; None when nothing is corrected or what is meant fits no argument.
    """
    state, said = before.state, before.heard.newest.strip()
    found = MessageWords.read().corrects.first(state.text(said).small)
    meant = trimmed(state.text(said[slice(*found.span("meant"))])) if found else None
    last = next(before.readings(), None) if meant else None
    if meant is None or not meant.small or last is None or last.missing:
        return None
    changed = _meant(last.call, meant, state)
    return [Reading(last.call.with_args(**changed))] if changed else None


def repeated(before: Before) -> list[Reading] | None:
    """Read "the same with Ines, closer" as the shot described before with what is different now."""
    text = trimmed(before.state.text(before.heard.newest))
    found = MessageWords.read().repeats.first(text.small)
    described = (each for each in before.readings() if "shots" in each.call.args)
    last = next((each for each in described if not each.missing), None) if found else None
    if found is None or last is None:
        return None
    other = read_shot(text.part(found.start("other")), before.state)
    if not (other.people or other.slots):
        return [Reading(Call.of("shoot", {**last.call.args, "scene": None}))]
    changed = {**other.slots, **({"characters": [*other.people]} if other.people else {})}
    reading = Reading(with_changes(last.call, changed))
    strangers = strangers_of(reading.call, before.state.cast)
    return [stranger_asked(reading, strangers[0], before.state.cast) if strangers else reading]


def _meant(last: Call, text: Text, state: DialogueState) -> dict[str, Value] | None:
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
        return _NOBODY
    return text.names[0] if text.names else _choice(text, asked)


def _as_number(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    del state
    place = _choice(text, asked)
    if place and place.isdigit():
        return int(place)
    ordinal = MessageWords.read().ordinal.first(text.small)
    return ordinal_of(ordinal.group(), 0) if ordinal else first_number(text.small.replace("v", " "))


def _as_words(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    del asked, state
    return text.text if text.small and not MessageWords.read().agrees.first(text.small) else None


def _as_takes(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    named = slates_in(text.small).slates
    newest: list[Value] = [take for take in asked.choices if take.partition(" ")[0] in named]
    return newest or _takes(text, state)


def _as_take(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    del asked
    return _take(text, state)


def _as_slates(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    del asked
    return _slates(text, state)


def _as_folder(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    del asked, state
    return path_in(text)


def _as_base(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    del state
    choice, words = _choice(text, asked), BaseWords.read()
    name = base_name(choice or text.without(*words.noise.spans(text.small)).text)
    return name if words.is_name.first(name) else None


def _as_style(text: Text, asked: OpenQuestion, state: DialogueState) -> Value | None:
    del asked
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


def _number(text: Text, state: DialogueState) -> Value | None:
    del state
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

_PLAIN_ANSWERS = frozenset({"takes", "take", "face", "version", "slates"})
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
