"""A scene in prose: plan_shots.

The prose is data: nothing in it is read for what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from re import Match

from agent.offline.calls import Call, Reading
from agent.offline.commands.base import Command
from agent.offline.patterns import Block, Numbered, Patterns
from agent.offline.sentences import (
    MessageWords,
    end_of_courtesy,
    first_sentence_end,
    opens_command,
)
from tools.contracts.limits import LONGEST_TEXT
from tools.language.numbers import number_of
from tools.language.scene.screenplay import is_screenplay
from tools.language.text import Text

_HEAD = 160
"""Letters in which a command to plan stands."""
_ENOUGH_WORDS = 10


@dataclass(frozen=True)
class PlanWords(Block, block="plan_shots", file="commands/scenes.yaml"):
    """How a scene is given."""

    command: Patterns
    asks_plan: Patterns
    shots_word: Patterns
    lead: Patterns
    one_picture: Patterns
    number: Numbered
    acting: Patterns
    trailing: Patterns
    slugline: Patterns
    slug_number: Numbered
    after_scene: Patterns
    is_scene: Patterns
    no_plan: Patterns


def read_plan(rest: Text) -> Reading | None:
    """Understand `plan_shots` at the start of the rest of a message; the prose goes to its end."""
    text = rest.tail(end_of_courtesy(rest))
    slug = PlanWords.read().slugline.first(text.small)
    commanded = _commanded(text)
    first = text.part(0, first_sentence_end(text))
    is_scene = PlanWords.read().is_scene.opens(first.small)
    if slug and (slug.start() == 0 or commanded is not None or is_scene):
        start = _prose_start(text.small, slug)
        return _planned(text, start, text.small[:start])
    if commanded is not None:
        return _planned(text, commanded, text.small[:commanded])
    return _planned(text, 0, "") if _is_prose(text) else None


def read_screenplay(message: Text) -> Reading | None:
    """Understand a message with a scene heading at a line's start: all of it is the text.

    A command before it is none of the text: `Plan this:`.
    """
    if not is_screenplay(message.text):
        return None
    greeting = MessageWords.read().greeting.opens(message.small)
    body = message.tail(greeting.end()) if greeting else message
    body = body.tail(end_of_courtesy(body))
    start = _commanded(body)
    if start is not None and is_screenplay(_script(body, start)):
        number = PlanWords.read().number.first(body.small[:start])
        scene = number_of(number.group("n")) if number else None
        return _read_script(_script(body, start), scene, message)
    if opens_command(message):
        return None
    number = PlanWords.read().slug_number.opens(message.small)
    return _read_script(message.text, number_of(number.group("n")) if number else None, message)


def _script(body: Text, start: int) -> str:
    """Return what follows a command, with the point of a forced heading."""
    forced = body.small[:start].endswith("\n.")
    return body.text[start - forced :].strip()


def _read_script(script: str, scene: int | None, message: Text) -> Reading:
    call = Call.of("plan_shots", {"scene": scene, "text": script.strip()[:LONGEST_TEXT]})
    return Reading(call, said=message)


def _prose_start(small: str, slug: Match[str]) -> int:
    """Return where a slugline begins; the number behind `scene` belongs to the command."""
    words = PlanWords.read()
    numbered = words.slug_number.opens(slug.group())
    of_command = words.after_scene.first(small[: slug.start()])
    return slug.start() + (numbered.end() if numbered and of_command else 0)


def _commanded(text: Text) -> int | None:
    """Return where the prose begins after a command to plan it, else None."""
    words, head = PlanWords.read(), text.small[:_HEAD]
    match = words.lead.first(head) if words.command.first(head) else None
    if match is None:
        return None
    if words.no_plan.first(text.small[: match.end() + 12]):
        return None
    asks_plan = words.asks_plan.opens(head)
    if not (asks_plan or words.shots_word.first(head[: match.end()])):
        return None
    described = words.one_picture.first(text.small[match.end() :])
    return None if described and not asks_plan else match.end()


def _is_prose(text: Text) -> bool:
    """Say whether a message without a command tells of several actions of people."""
    marks = MessageWords.read().sentence_end
    starts = [0, *(match.end() for match in marks.all(text.small)), len(text.small)]
    sentences = [text.small[one:two] for one, two in pairwise(starts)]
    acting = [each for each in sentences if PlanWords.read().acting.first(each)]
    return len(acting) >= 2 and len(text.small.split()) >= _ENOUGH_WORDS


def _planned(text: Text, start: int, command: str) -> Reading:
    words, prose = PlanWords.read(), text.tail(start)
    number = words.number.first(command) or words.slug_number.opens(prose.small)
    inner = words.number.first(prose.small)
    if number is None and inner and inner.start() == 0:
        number, prose = inner, prose.tail(inner.end())
    scene = number_of(number.group("n")) if number else None
    said = _without_trailing_command(prose)
    call = Call.of("plan_shots", {"scene": scene, "text": said[:LONGEST_TEXT] or None})
    if not said:
        which = f"scene {scene}" if scene else "the scene"
        return Reading(call, "text", f"What happens in {which}, in plain prose?", said=text)
    return Reading(call, said=text)


def _without_trailing_command(prose: Text) -> str:
    tail = PlanWords.read().trailing.first(prose.small)
    kept = prose.text[: tail.start()] if tail and tail.start() else prose.text
    said = kept.lstrip(" \n\t-:").rstrip()
    if len(said) > 1 and said[0] == said[-1] == '"':
        said = said[1:-1]
    return said.strip()


def _read_rest(text: Text, _state: object) -> Reading | None:
    return read_plan(text)


PLAN_SHOTS = Command("plan_shots", PlanWords, _read_rest)
