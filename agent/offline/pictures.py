"""One picture in a director's words, as slots of `agent.arguments.ShotAsk` and people in frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.offline.calls import Value
from agent.offline.clause import Text
from agent.offline.room import Room
from agent.offline.shot_cast import InFrame
from agent.offline.shot_reader import read_shot as read_draft
from agent.offline.shot_words import framing_places
from agent.offline.strangers import strangers_among, without_strangers

__all__ = ["InFrame", "Shot", "framing_places", "read_shot"]


@dataclass(frozen=True)
class Shot:
    """What some words say of a picture."""

    slots: Mapping[str, Value] = field(default_factory=dict)
    people: tuple[InFrame, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Say whether nothing but a framing was said."""
        return not self.people and not set(self.slots) - {"framing"}


def read_shot(text: Text, room: Room, *, opens: bool = False) -> Shot:
    """Sort the words of one shot; people who are not in the cast are in frame by their names."""
    draft = read_draft(text, room)
    slots, people = dict(draft.slots), draft.people
    action, place = str(slots.get("action", "")), str(slots.get("place", ""))
    names = strangers_among(text, action, place, opens=opens)
    if names:
        people = (*people, *(InFrame(name) for name in names))
        for slot, words in (("action", action), ("place", place)):
            left = without_strangers(words, names)
            slots.pop(slot, None)
            slots |= {slot: left} if left else {}
    return Shot(slots, people)
