"""What refers to what was said before: answers to a question, `yes`, corrections, `the same again`.

Must not know how a fresh sentence is read beyond asking `understand`, nor how an answer gives its
argument (`agent/offline/answers.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agent.offline.answers import NOBODY, PLAIN_ANSWERS, correction_in, read_answer
from agent.offline.calls import Call, Reading, Value
from agent.offline.commands import OF_A_PART, command_of
from agent.offline.commands.people import said_name
from agent.offline.commands.picks import RejectWords
from agent.offline.conversation import Heard, OpenQuestion, asked_by
from agent.offline.dialogue_state import DialogueState, enter, mentioned
from agent.offline.message import understand
from agent.offline.pictures import read_shot
from agent.offline.sentences import MessageWords, opens_command, trimmed
from agent.offline.strangers import (
    stranger_asked,
    strangers_of,
    with_changes,
    with_person,
    with_stranger_known,
)
from tools.language.text import Text, small

_LOOKED_BACK = 6
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
    if asked.missing not in PLAIN_ANSWERS:
        together = _together(asked, heard, state)
        if together:
            return together
    value = read_answer(words if words.small else text, asked, state)
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
        return with_stranger_known(reading, "" if value == NOBODY else str(value), cast)
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
    changed = correction_in(last.call, meant, state)
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
