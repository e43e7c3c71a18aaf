"""A message cut into the parts that may each ask for something.

Knows courtesies, sentence ends and which words open a command; must not know what a command means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from agent.offline.patterns import Block, Groups, Numbered, Patterns
from tools.language.text import Text

_TAIL = 160
"""Letters at the end of words in which courtesies are looked for, and longest lead to a command."""
_BARE = 2
"""Words of a part that says no more than a verb."""


@dataclass(frozen=True)
class MessageWords(Block, block="message", file="message.yaml"):
    """Words around commands: `prompts/agent/offline/message.yaml`."""

    opens: Patterns
    """Starts that make a part of a sentence a command of its own."""
    joint: Patterns
    """What may part two commands."""
    listed: Patterns
    """Numbers and names alone, which belong to what follows."""
    goes_on_listing: Patterns
    lead_in: Patterns
    """Words that only lead to what follows: `for the wedding,`."""
    fault: Patterns
    """A fault and then the take that has it: `the hair is wrong in 2`."""
    agrees: Patterns
    declines: Patterns
    corrects: Annotated[Patterns, Groups(("meant",))]
    """Starts that correct the message before."""
    repeats: Annotated[Patterns, Groups(("other",))]
    """Starts that ask for the picture before once more, with what is different."""
    nobody: Patterns
    """Answers that a person who was asked about is left out."""
    offer: Annotated[Patterns, Groups(("what",))]
    """A question of ours that a `yes` turns into a command."""
    chat: Patterns
    help: Patterns
    courtesy_before: Patterns
    courtesy_after: Patterns
    courtesy_inside: Patterns
    greeting: Patterns
    sign_off: Annotated[Patterns, Groups(("signed",))]
    told: Patterns
    """Small talk, and what others said: asks for nothing."""
    courtesies_after_joint: Patterns
    edge: Patterns
    sentence_end: Patterns
    abbreviation: Patterns
    item_number: Patterns
    filler: Patterns
    """Words that may stand in any command without meaning anything more."""
    asks: Patterns
    points: Patterns
    everybody: Patterns
    ordinal: Patterns
    only_number: Numbered
    woman_meant: Patterns
    man_meant: Patterns
    greets: Patterns
    thanks: Patterns
    pause: Patterns
    topic: Patterns
    only_points: Patterns
    gerund: Annotated[Patterns, Groups(("verb",))]
    gerund_e: Annotated[Patterns, Groups(("verb",))]


@dataclass(frozen=True)
class Part:
    """A part of a sentence that may be a command."""

    text: Text
    joint: str = ""
    """What ties it to the part before, where that is more than a mark: ` and`."""
    person: str | None = None
    """Who is named in the next part only, where this one is a bare verb tied to it."""


def trimmed(text: Text) -> Text:
    """Take courtesies and connecting words off both ends; may leave nothing."""
    words = MessageWords.read()
    left = text.part(0)
    while match := words.courtesy_before.opens(left.small):
        left = left.part(match.end())
    while match := words.courtesy_after.first(left.small[-_TAIL:]):
        left = left.part(0, max(len(left.small) - _TAIL, 0) + match.start())
    inside = words.courtesy_inside.spans(left.small)
    left = left.without(*inside) if inside else left
    return _bare_verb(left) if len(left.small) < len(text.small) else left


def _bare_verb(text: Text) -> Text:
    """Read `would you mind shooting 5B` as `shoot 5B`."""
    words = MessageWords.read()
    for patterns, ending in ((words.gerund, ""), (words.gerund_e, "e")):
        match = patterns.opens(text.small)
        if match:
            return text.replacing([(*match.span(), match.group("verb") + ending)])
    return text


def body_of(message: Text) -> Text:
    """Return a message without its greeting and its signature; all of it where nothing else is said."""
    words, body = MessageWords.read(), message
    greeting = words.greeting.opens(body.small)
    body = body.tail(greeting.end()) if greeting else body
    sign_off = words.sign_off.first(body.small)
    if sign_off and not words.opens.first(sign_off.group("signed")):
        body = body.part(0, sign_off.start())
    return body if body.small else message


def end_of_courtesy(text: Text) -> int:
    """Return where the greeting and asking words at a text's start end."""
    words, at = MessageWords.read(), 0
    while match := words.courtesy_before.opens(text.small, at):
        at = match.end()
    blank = words.edge.opens(text.small, at)
    return blank.end() if blank else at


def first_sentence_end(rest: Text, start: int = 0) -> int:
    """Return where the first sentence of the rest of a message ends, its mark included."""
    words = MessageWords.read()
    for match in words.sentence_end.all(rest.small):
        if match.start() < start:
            continue
        before = rest.small[: match.start()]
        short = words.item_number.first(before) or words.abbreviation.first(before)
        if match.group() != "." or not short:
            return match.end()
    return len(rest.small)


def commands_in(sentence: Text) -> list[Part]:
    """Cut a sentence before each part that opens a command of its own."""
    words, small = MessageWords.read(), sentence.small
    starts, ends, joints = [0], list[int](), [""]
    for joint in sorted(words.joint.all(small), key=lambda each: each.start()):
        if joint.start() < starts[-1]:
            continue
        after = words.courtesies_after_joint.opens(small, joint.end())
        at = after.end() if after else joint.end()
        head = sentence.part(starts[-1], joint.start())
        if len(head.small) < _TAIL and _leads_in(trimmed(head).small, small[at : at + _TAIL]):
            continue
        if words.opens.opens(small, at) or words.fault.opens(small, joint.end()):
            starts.append(joint.end())
            ends.append(joint.start())
            joints.append(" and" if joint.group().split() == ["and"] else "")
    return _parts(sentence, starts, [*ends, len(small)], joints)


def _parts(
    sentence: Text, starts: Sequence[int], ends: Sequence[int], joints: Sequence[str]
) -> list[Part]:
    cut = zip(starts, ends, joints, strict=True)
    parts = [Part(sentence.part(start, end), joint) for start, end, joint in cut]
    parts = [part for part in parts if part.text.small]
    return [
        replace(part, person=next(iter(after.text.names), None))
        if after and len(part.text.small.split()) <= _BARE
        else part
        for part, after in zip(parts, [*parts[1:], None], strict=False)
    ]


def _leads_in(small: str, following: str) -> bool:
    """Say whether words only lead to what follows: `for the wedding,` or `4 and` before `6 are bad`."""
    words = MessageWords.read()
    if words.listed.first(small) and words.goes_on_listing.first(following):
        return True
    return words.lead_in.first(small) is not None


def opens_command(text: Text) -> bool:
    """Say whether words begin with a command or a question, courtesies aside."""
    return MessageWords.read().opens.opens(text.small, end_of_courtesy(text)) is not None
