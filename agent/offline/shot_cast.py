"""Who is in frame: the named, or the one a pronoun means, each with look and own light.

Takes looks and own lights out of a shot's words. Must not know the other slots.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.offline.calls import Value
from agent.offline.clause import NAME_MARK
from agent.offline.room import Room, mentioned
from agent.offline.shot_words import shot_patterns

if TYPE_CHECKING:
    from agent.offline.shot_reader import ShotDraft

MAX_IN_FRAME = 4
_NAMED = re.compile(rf"{NAME_MARK}+")
_BOTH = re.compile(
    r"\b(?:both(?: of them)?|the two of them|two[- ]shot|together|they|them|the pair)\b"
)


@dataclass(frozen=True)
class InFrame:
    """A character in frame."""

    name: str
    look: str | None = None
    light: str | None = None

    def as_argument(self) -> dict[str, Value]:
        """Return it as `CharacterInShot` holds it."""
        said: dict[str, Value] = {"character": self.name}
        if self.look:
            said["look"] = self.look
        if self.light:
            said["light"] = self.light
        return said


def people_in_frame(draft: ShotDraft, room: Room) -> tuple[InFrame, ...]:
    """Return the characters whom a shot's words name or point at; nobody when they don't."""
    names = list(draft.clause.names)
    if not names and _BOTH.search(draft.clause.small) and len(room.cast) == 2:
        names = list(room.cast)
    pointed = mentioned(draft.clause, room)
    if not names and pointed:
        names = [pointed]
    looks = {name: _look(name, draft, room, len(names)) for name in names[:MAX_IN_FRAME]}
    lights = _own_lights(draft, names) if len(names) > 1 else {}
    return tuple(InFrame(name, looks[name], lights.get(name)) for name in names[:MAX_IN_FRAME])


def _look(name: str, draft: ShotDraft, room: Room, count: int) -> str | None:
    """Take the words of one of a character's looks out and return the look's name."""
    state = room.state(name)
    for look in sorted(state.looks if state else (), key=len, reverse=True):
        if look.lower() == "default":
            continue
        wanted = _look_pattern(look).finditer(draft.small)
        match = next(
            (each for each in wanted if count == 1 or _nearest(each, draft, room) == name), None
        )
        if match:
            draft.blank(*match.span())
            return look
    return None


def _look_pattern(look: str) -> re.Pattern[str]:
    words = r"(?: (?:the|a|an|her|his) | )".join(map(re.escape, look.lower().split()))
    lead = r"(?:(?:in|wearing|with|for) )?(?:(?:the|a|an|her|his|their|that) )?"
    noun = r"(?: (?:look|outfit|costume|clothes|version))?"
    return re.compile(rf"(?<![\w-]){lead}{words}{noun}(?![\w-])")


def _nearest(match: re.Match[str], draft: ShotDraft, room: Room) -> str | None:
    """Return whose name stands last before a place, else the first one after it."""
    names = [
        (found.start(), room.text(draft.clause.text[found.start() : found.end()]).names)
        for found in _NAMED.finditer(draft.clause.small)
    ]
    before = [each[0] for at, each in names if each and at < match.start()]
    after = [each[0] for at, each in names if each and at > match.start()]
    return before[-1] if before else (after[0] if after else None)


def _own_lights(draft: ShotDraft, names: list[str]) -> dict[str, str]:
    """Take `Lirien by candlelight, Daro in moonlight` apart; one light for all is nobody's own."""
    found: list[tuple[str, re.Match[str]]] = []
    for match in shot_patterns().light_led.finditer(draft.small):
        before = draft.small[: match.start()]
        owner = re.search(
            rf"({NAME_MARK}+)(?: (?:is|being|who is|standing|sitting|'s))?,?\s*$", before
        )
        if owner:
            said = draft.clause.text[owner.start(1) : owner.end(1)]
            found += [(name, match) for name in names if said.lower() in name.lower()][:1]
    owners = {name for name, _ in found}
    if len(owners) < 2 and not _someone_else_follows(draft, found):
        return {}
    return {name: draft.take(match) for name, match in found}


def _someone_else_follows(draft: ShotDraft, found: list[tuple[str, re.Match[str]]]) -> bool:
    """Say whether a name follows the light, so that the light is the one's before it."""
    return bool(found) and bool(_NAMED.search(draft.small, found[-1][1].end()))
