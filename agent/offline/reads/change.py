"""A person changes: change_character, either the identity itself or a look.

Finds the look's name (a name that was given, or the moment or occasion) and the words of the change.
"""

from __future__ import annotations

import re

from agent.offline.calls import Call, Reading
from agent.offline.clause import Clause, less, names_in, past
from agent.offline.patterns import expanded, said
from agent.offline.room import Room, about, mentioned
from agent.offline.shot_reader import read_shot
from agent.offline.slates import slates_in

MAX_LOOK = 60
_TOOL = "change_character"
_KEPT_VERBS = frozenset(
    (
        "cut",
        "shave",
        "dye",
        "remove",
        "lose",
        "drop",
        "grow",
        "age",
        "take off",
        "get rid of",
    )
)
"""Verbs that say themselves what is different."""


def read_change(clause: Clause, room: Room) -> Reading | None:
    """Understand `change_character`: "give her a scar", "after the fight: torn sleeve"."""
    look = _look(clause)
    if not _asks(clause, room, look):
        return None
    reading = about(_TOOL, clause, room, "Whom do you want to change")
    if _is_picture(clause, reading.person, look, room):
        return None
    name = look[0] if look else None
    owners = [each.name for each in room.studio.characters if name and name in each.looks]
    if reading.missing and len(owners) == 1:
        reading = Reading(Call(_TOOL, {"character": owners[0]}))
    change = change_of(clause, look) or (name or "")
    if not change:
        return _what(reading, name)
    return reading.with_args(change=change, look=name)


def _is_picture(
    clause: Clause, name: str | None, look: tuple[str, tuple[int, int]] | None, room: Room
) -> bool:
    """Say whether a look that there is already is only worn in a picture that is described."""
    state = room.state(name) if name else None
    if look is None or state is None or look[0] not in {each.lower() for each in state.looks}:
        return False
    seen = {"place", "light", "framing", "view", "angle", "lens"}
    return bool(seen & set(read_shot(clause, room).slots))


def _asks(clause: Clause, room: Room, look: tuple[str, tuple[int, int]] | None) -> bool:
    if said(_TOOL, "camera", clause.low) or slates_in(clause).slates:
        return False
    about_somebody = mentioned(clause, room) is not None or bool(names_in(clause, room.cast))
    starts = _starts(clause)
    if look:
        return starts or about_somebody or look[1][0] == 0 or _says_look(clause)
    attribute = said(_TOOL, "identity", clause.low) or said(_TOOL, "wearing", clause.low)
    if _says_look(clause) and starts and said(_TOOL, "look_noun", _after_verb(clause).low):
        return True
    return bool(attribute) and starts and (about_somebody or len(room.cast) <= 1)


def _starts(clause: Clause) -> bool:
    return bool(
        said(_TOOL, "verb", clause.low)
        or said(_TOOL, "subject_change", clause.low)
        or said(_TOOL, "should", clause.low)
        or re.match(expanded(r"^{whose} "), clause.low)
    )


def _says_look(clause: Clause) -> bool:
    return said(_TOOL, "look_words", clause.low) is not None


def _look(clause: Clause) -> tuple[str, tuple[int, int]] | None:
    """Return a look's name and where all words that give it stand."""
    if _says_look(clause):
        named = said(_TOOL, "named_look", clause.low)
        if named and not re.fullmatch(
            r"(?:new|another|second|first|different|default|same|whole|nice|good|better)",
            named.group("look"),
        ):
            start, end = named.span("look")
            article = re.search(
                r"\b(?:(?:a|an|the|one|another) )?(?:(?:new|another|different) )?$",
                clause.low[: named.start()],
            )
            return _tidy(clause.text[start:end]), (
                article.start() if article else named.start(),
                named.end(),
            )
    moment = said(_TOOL, "moment", clause.low)
    if moment is None:
        return None
    start, end = moment.span("look")
    return _tidy(clause.text[start:end]), (start, end)


def _tidy(words: str) -> str:
    low = words.strip(" \"'.,:;-").lower()
    return re.sub(r"^(?:the|a|an) ", "", low)[:MAX_LOOK].strip()


def _after_verb(clause: Clause) -> Clause:
    verb = said(_TOOL, "verb", clause.low) or said(_TOOL, "subject_change", clause.low)
    return clause.part(verb.end()) if verb and verb.group() not in _KEPT_VERBS else clause


def change_of(clause: Clause, look: tuple[str, tuple[int, int]] | None) -> str:
    """Return what is different: a clause's words less asking, person and the look's name."""
    rest = clause.without(look[1]) if look else clause
    rest = _after_verb(less(rest, _TOOL, "who_later"))
    for _ in range(3):
        for group in ("who_start", "look_noun", "lead"):
            rest = past(rest, _TOOL, group)
    rest = less(less(rest, _TOOL, "of_whom", 1), _TOOL, "should_be")
    tail = said(_TOOL, "tail", rest.low)
    rest = rest.part(0, tail.start()) if tail else rest
    words = " ".join(rest.text.split()).replace(" ,", ",").strip(" ,:;-")
    return re.sub(r"^(?:an?|the)\s*[:,;-]\s*", "", words, flags=re.IGNORECASE)


def _what(reading: Reading, look: str | None) -> Reading:
    if reading.missing:
        return reading
    which = f"the look '{look}'" if look else f"{reading.person}"
    question = f"What is different in {which}: clothes, hair, marks, age?"
    call = Call.of(reading.call.tool, {**reading.call.args, "look": look})
    return Reading(call, "change", question)
