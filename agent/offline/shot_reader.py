"""One picture in a director's words, sorted into the slots of `agent.arguments.ShotAsk`.

Takes camera words, expression, look, light and place out of the words; what is left is the action.
Must not know how many shots a message asks for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from agent.offline.calls import Value
from agent.offline.clause import NAME_MARK, Text
from agent.offline.room import Room
from agent.offline.shot_cast import InFrame, people_in_frame
from agent.offline.shot_words import shot_patterns

MAX_PHRASE = 300
_SUBJECT_ONLY = frozenset({"face", "eyes", "head", "figure", "left", "right", "expression"})
TAKEN = "\ue003"
"""Stands for letters that a slot took."""
_GAP = re.compile(rf"[{TAKEN},;:\s]*{TAKEN}[{TAKEN},;:\s]*")
_NESTED = re.compile(r" (?:in|on|at|by|near|behind|under|inside|outside|beside|against|next to) ")


@dataclass
class ShotDraft:
    """A shot while its words are being taken."""

    clause: Text
    small: str
    slots: dict[str, Value] = field(default_factory=dict)
    people: tuple[InFrame, ...] = ()

    def take(self, match: re.Match[str], group: str | int = "said") -> str:
        """Mark a match as taken and return one group of it as it was said."""
        start, end = match.span(group)
        self.blank(*match.span())
        return self.clause.text[start:end].strip(" ,;:.-")

    def blank(self, start: int, end: int) -> None:
        """Mark a span as taken; marks of names in it stay."""
        kept = (letter if letter == NAME_MARK else TAKEN for letter in self.small[start:end])
        self.small = self.small[:start] + "".join(kept) + self.small[end:]

    def is_bare(self) -> bool:
        """Say whether nothing but a framing was said."""
        return not self.people and not set(self.slots) - {"framing"}


def read_shot(clause: Text, room: Room) -> ShotDraft:
    """Sort the words of one shot."""
    draft = ShotDraft(clause, clause.small)
    _take_camera(draft)
    draft.people = people_in_frame(draft, room)
    _take_expression(draft)
    _take_light(draft)
    _take_place(draft)
    _take_light_without_lead(draft)
    _take_bare_light(draft)
    _take_bare_place(draft)
    action = _action(draft)
    if action:
        draft.slots["action"] = action[:MAX_PHRASE]
    return draft


def _take_camera(draft: ShotDraft) -> None:
    words = shot_patterns()
    _take_lens(draft)
    _take_listed(draft, "view", words.views)
    angle = next(filter(None, (pattern.search(draft.small) for pattern in words.angle)), None)
    if angle:
        draft.slots["angle"] = draft.take(angle)
    _take_listed(draft, "framing", words.framings)
    for match in re.finditer(
        r"\b(?:two|three)[- ]shots?\b|\bframing\b|\btwo[- ]hander\b", draft.small
    ):
        draft.blank(*match.span())


def _take_lens(draft: ShotDraft) -> None:
    patterns = shot_patterns().lens
    match = next(filter(None, (pattern.search(draft.small) for pattern in patterns)), None)
    if match is None:
        return
    bare = match.groupdict().get("bare")
    draft.slots["lens"] = f"{bare}mm" if bare else draft.take(match)
    draft.blank(*match.span())


def _take_listed(
    draft: ShotDraft, slot: str, words: Sequence[tuple[StrEnum, re.Pattern[str]]]
) -> None:
    """Take the first word of an enumeration, in the order of the list."""
    found = ((each, pattern.search(draft.small)) for each, pattern in words)
    each, match = next(((each, match) for each, match in found if match), (None, None))
    if each is not None and match is not None:
        draft.slots[slot] = str(each.value)
        draft.blank(*match.span())


def _take_expression(draft: ShotDraft) -> None:
    found = [
        (match.start(), expression, match)
        for expression, pattern in shot_patterns().expressions
        for match in [pattern.search(draft.small)]
        if match
    ]
    if not found:
        return
    _, expression, match = min(found, key=lambda each: each[0])
    draft.slots["expression"] = str(expression.value)
    draft.blank(*match.span())


def _take_light(draft: ShotDraft) -> None:
    said: list[str] = []
    while match := shot_patterns().light_led.search(draft.small):
        said.append(draft.take(match))
    if said:
        draft.slots["light"] = ", ".join(said)[:MAX_PHRASE]


def _take_light_without_lead(draft: ShotDraft) -> None:
    said = [str(draft.slots["light"])] if "light" in draft.slots else []
    while match := shot_patterns().light.search(draft.small):
        said.append(draft.take(match))
    if said:
        draft.slots["light"] = ", ".join(said)[:MAX_PHRASE]


def _take_place(draft: ShotDraft) -> None:
    words = shot_patterns()
    draft.small = words.wearing.sub(lambda worn: worn.group().upper(), draft.small)
    at = 0
    while "place" not in draft.slots and (match := words.place.search(draft.small, at)):
        end = _place_end(match)
        start = match.start("said")
        phrase = draft.small[start:end]
        if _is_place(phrase, match, draft):
            draft.slots["place"] = draft.clause.text[start:end].strip(" ,;:.-")[:MAX_PHRASE]
            draft.blank(match.start(), end)
        at = match.end("lead")
    draft.small = draft.small.lower()


def _take_bare_light(draft: ShotDraft) -> None:
    """Take a source of light that stands alone between commas: `in the cell, single bulb`."""
    for part in re.finditer(rf"[^,;.:{TAKEN}]+", draft.small):
        alone = shot_patterns().light_led.fullmatch(f"by {part.group().strip()}")
        if alone and "light" not in draft.slots:
            draft.slots["light"] = draft.clause.text[part.start() : part.end()].strip()
            draft.blank(*part.span())


def _take_bare_place(draft: ShotDraft) -> None:
    """Take a place that stands alone between commas: `medium shot, ballroom, candlelight`."""
    if "place" in draft.slots:
        return
    words = shot_patterns()
    for part in re.finditer(rf"[^,;.:{TAKEN}]+", draft.small):
        known = words.known_place.search(part.group())
        alone = known and not part.group()[known.end() :].strip() and len(part.group().split()) <= 5
        if alone and not words.verb.search(part.group()) and NAME_MARK not in part.group():
            said = draft.clause.text[part.start() : part.end()].strip()
            draft.slots["place"] = re.sub(r"^(?:an?|the) ", "", said, flags=re.IGNORECASE)
            draft.blank(*part.span())
            return


def _place_end(match: re.Match[str]) -> int:
    said = match.group("said")
    stop = shot_patterns().place_end.search(said)
    return match.start("said") + (stop.start() if stop else len(said))


def _is_place(phrase: str, match: re.Match[str], draft: ShotDraft) -> bool:
    """Say whether a prepositional phrase is where it happens, not what is done."""
    words = shot_patterns()
    if not phrase.strip() or words.not_place.match(phrase) or NAME_MARK in phrase.split(" ")[0]:
        return False
    before = draft.small[: match.start()]
    if words.aimed.search(before) and match.group("lead") in (
        "at",
        "to",
        "up",
        "down",
        "over",
        "on",
        "in",
        "off",
        "for",
        "past",
        "into",
    ):
        return False
    nested = _NESTED.search(phrase)
    head = phrase[: nested.start()] if nested else phrase
    if words.known_place.search(head):
        return True
    if words.known_place.search(phrase) and words.verb.search(before.split(TAKEN)[-1]):
        return False
    if words.known_place.search(phrase):
        return True
    return not words.verb.search(before.split(TAKEN)[-1]) and match.group("lead") not in (
        "up",
        "down",
        "over",
        "off",
        "between",
        "against",
    )


def _action(draft: ShotDraft) -> str | None:
    """Return what the slots left, without names and connecting words at the ends."""
    low = re.sub(rf"{NAME_MARK}+(?:'s)?", lambda match: TAKEN * len(match.group()), draft.small)
    parts: list[str] = []
    at = 0
    for gap in [*_GAP.finditer(low), None]:
        end = gap.start() if gap else len(low)
        part = _stripped(draft.clause.text[at:end], low[at:end])
        parts += [part] if part else []
        at = gap.end() if gap else at
    return ", ".join(parts) or None


def _stripped(text: str, low: str) -> str:
    lead = shot_patterns().action_lead.match(low)
    start = lead.end() if lead else 0
    tail = shot_patterns().action_tail.search(low, start)
    said = text[start : tail.start() if tail else len(text)].strip(' ,;:.-"')
    return "" if said.lower() in _SUBJECT_ONLY else said
