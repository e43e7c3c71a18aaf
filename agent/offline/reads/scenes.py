"""A scene in prose: plan_shots.

The prose is data: nothing in it is read for what to do.
"""

from __future__ import annotations

import re

from agent.offline.calls import Call, Reading
from agent.offline.clause import Clause
from agent.offline.numbers import number_of
from agent.offline.patterns import said
from agent.offline.text import end_of_politeness, first_sentence_end

_SLUGLINE = re.compile(r"(?:^|(?<=[\s:.]))(?:\d{1,4}[.\s]+)?(?:int|ext|int/ext|i/e)[./]+\s*[\w']")


def read_plan(rest: Clause) -> Reading | None:
    """Understand `plan_shots` at the start of the rest of a message; the prose goes to its end."""
    polite = end_of_politeness(rest)
    words = rest.tail(polite)
    slug = _SLUGLINE.search(words.low)
    first = words.part(0, first_sentence_end(words))
    commanded = _commanded(words)
    if slug and (slug.start() == 0 or commanded or _is_scene(first)):
        start = _prose_start(words.low, slug)
        return _planned(words, start, words.low[:start])
    if commanded is not None:
        return _planned(words, commanded, words.low[:commanded])
    return _planned(words, 0, "") if _is_prose(words) else None


def _prose_start(low: str, slug: re.Match[str]) -> int:
    """Return where a slugline begins; the number behind `scene` belongs to the command."""
    numbered = re.match(r"\d{1,4}[.\s]+", slug.group())
    after_scene = re.search(r"\bscene\s*$", low[: slug.start()])
    return slug.start() + (numbered.end() if numbered and after_scene else 0)


def _commanded(words: Clause) -> int | None:
    """Return where the prose begins after a command to plan it, else None."""
    head = words.low[:160]
    if not said("plan_shots", "command", head):
        return None
    match = said("plan_shots", "lead", head)
    if match is None:
        return None
    about_scene = said("plan_shots", "shots_word", head[: match.end()])
    asks_plan = re.match(
        r"(?:plan|break|storyboard|shot[- ]?list|split|divide|turn|how would)", head
    )
    if not (about_scene or asks_plan):
        return None
    described = _one_picture(words, match.end())
    return None if described and not asks_plan else match.end()


def _one_picture(words: Clause, start: int) -> bool:
    """Say whether what follows is one picture (a framing is named) and so asks for a shot."""
    return said("plan_shots", "one_picture", words.low[start:]) is not None


def _is_scene(first: Clause) -> bool:
    return bool(re.match(r"(?:here|this|next|new|scene|the|plan)\b", first.low))


def _is_prose(words: Clause) -> bool:
    """Say whether a message without a command tells of several actions of people."""
    sentences = [each for each in re.split(r"[.!?\n]+", words.low) if each.strip()]
    acting = [each for each in sentences if said("plan_shots", "acting", each)]
    return len(sentences) >= 2 and len(acting) >= 2 and len(words.low.split()) >= 10


def _planned(words: Clause, start: int, command: str) -> Reading:
    number = said("plan_shots", "number", command)
    slug_number = re.match(r"(\d{1,4})[.\s]+(?:int|ext)", words.low[start:])
    scene = number_of(number.group("n")) if number else None
    scene = int(slug_number.group(1)) if slug_number and scene is None else scene
    prose = words.tail(start)
    inner = said("plan_shots", "number", prose.low)
    if inner and inner.start() == 0 and scene is None:
        scene, prose = number_of(inner.group("n")), prose.tail(inner.end())
    text = _without_trailing_command(prose)
    call = Call.of("plan_shots", {"scene": scene, "text": text[:4000] or None})
    if not text:
        which = f"scene {scene}" if scene else "the scene"
        return Reading(call, "text", f"What happens in {which}, in plain prose?")
    return Reading(call)


def _without_trailing_command(prose: Clause) -> str:
    tail = said("plan_shots", "trailing", prose.low)
    kept = prose.text[: tail.start()] if tail and tail.start() else prose.text
    text = kept.lstrip(" \n\t-:").rstrip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return text.strip()
