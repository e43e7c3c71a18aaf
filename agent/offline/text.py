"""A message cut into the parts that may each ask for something.

Knows politeness, sentence ends and which words open a command; must not know what a command means.
"""

from __future__ import annotations

import re
from dataclasses import replace

from agent.offline.clause import Clause
from agent.offline.patterns import intent_words, pattern

_SENTENCE_END = re.compile(r"[.!?]+(?=[\s\"')]|$)|;|\n+")
_ABBREVIATION = re.compile(r"\b(?:mr|mrs|ms|dr|st|no|vs|int|ext|e\.g|i\.e|etc|sc|approx)$")
_ITEM_NUMBER = re.compile(r"(?:^|\n)\s*\(?\d{1,2}$")


def end_of_politeness(clause: Clause) -> int:
    """Return where the greeting and asking words at a clause's start end."""
    start = pattern(rf"[\s,.;:!?-]*(?:{'|'.join(intent_words().polite_start)})(?=[\s,.;:!?-]|$)")
    at = 0
    while match := start.match(clause.low, at):
        at = match.end()
    blank = re.compile(r"[\s,.;:!?-]*").match(clause.low, at)
    return blank.end() if blank else at


def first_sentence_end(rest: Clause, start: int = 0) -> int:
    """Return where the first sentence of the rest of a message ends, its mark included."""
    for match in _SENTENCE_END.finditer(rest.low, start):
        numbered = _ITEM_NUMBER.search(rest.low[: match.start()])
        if match.group() != "." or not (
            numbered or _ABBREVIATION.search(rest.low[: match.start()])
        ):
            return match.end()
    return len(rest.low)


def commands_in(sentence: Clause) -> list[Clause]:
    """Cut a sentence before each part that opens a command of its own."""
    opens = [pattern(rf"(?:{source})") for source in intent_words().opens]
    polite = pattern(rf"(?:(?:{'|'.join(intent_words().polite_start)})[\s,]+)*")
    starts, ends, joints = [0], list[int](), [""]
    for joint in _joint("joint").finditer(sentence.low):
        after = polite.match(sentence.low, joint.end())
        at = after.end() if after else joint.end()
        if _leads_in(sentence.low[starts[-1] : joint.start()], sentence.low[at:]):
            continue
        if any(each.match(sentence.low, at) for each in opens) or complains(sentence, joint.end()):
            starts.append(joint.end())
            ends.append(joint.start())
            joints.append(" and" if joint.group().split() == ["and"] else "")
    spans = zip(starts, [*ends, len(sentence.low)], strict=True)
    parts = [
        replace(sentence.part(start, end), joint=joint)
        for (start, end), joint in zip(spans, joints, strict=True)
    ]
    return [part for part in parts if part.low]


def _leads_in(low: str, following: str) -> bool:
    """Say whether words only lead to what follows: `for the wedding,` or `4 and` before `6 are bad`."""
    if _joint("listed").match(low) and _joint("goes_on_listing").match(following):
        return True
    return _joint("lead_in").match(low) is not None


def _joint(name: str) -> re.Pattern[str]:
    return pattern(intent_words().joints[name])


def opens_command(words: Clause) -> bool:
    """Say whether words begin with a command or a question, politeness aside."""
    at = end_of_politeness(words)
    return any(pattern(rf"(?:{source})").match(words.low, at) for source in intent_words().opens)


def complains(sentence: Clause, start: int) -> bool:
    """Say whether words such as `the hair is wrong in 2` start here: a fault, and then which take."""
    return _joint("fault").match(sentence.low, start) is not None
