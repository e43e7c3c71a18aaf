"""One thing asked of several people: a call for each, and a question about whoever is not in the cast.

Must not know how a clause was read.
"""

from __future__ import annotations

from agent.offline.calls import Call, Reading
from agent.offline.clause import Clause, names_in
from agent.offline.patterns import any_of
from agent.offline.room import Room, who_question
from agent.offline.strangers import strangers_beside_cast

_EACH_PERSON = frozenset({"cast", "build_references", "gate", "train", "list_versions"})
_EVERYBODY = (
    r"\b(?:both(?: of them)?|everyone|everybody|each of them)\b",
    r"\b(?:all (?:the )?characters|the (?:whole|entire) cast)\b",
)


def for_each_person(reading: Reading, words: Clause, room: Room) -> list[Reading]:
    """Repeat what is asked of "Lirien and Daro", or of everybody, for each of them."""
    if reading.call.tool not in _EACH_PERSON:
        return [reading]
    people = names_in(words, room.cast)
    strangers = strangers_beside_cast(words)
    if not people and any_of(_EVERYBODY, words.low):
        people = room.cast
    if len(people) + len(strangers) < 2:
        return [reading]
    known = [Reading(reading.call.with_args(character=name)) for name in people]
    return [*known, *(_unknown(reading, name, words, room) for name in strangers)]


def _unknown(reading: Reading, name: str, words: Clause, room: Room) -> Reading:
    """Ask who somebody is that was named beside the cast."""
    args = {key: value for key, value in reading.call.args.items() if key != "character"}
    question = who_question(words, room, "Who is that", name)
    return Reading(Call.of(reading.call.tool, args), "character", question, room.cast)
