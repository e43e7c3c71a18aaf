"""A person changes: change_character, either the identity itself or a look.

Finds the look's name (a name that was given, or the moment or occasion) and the words of the change.
"""

from __future__ import annotations

import re

from agent.offline.calls import Call, Reading
from agent.offline.clause import Clause, names_in
from agent.offline.patterns import expanded, said
from agent.offline.room import Room, about, mentioned
from agent.offline.shot_reader import read_shot
from agent.offline.slates import slates_in

MAX_LOOK = 60
_KEPT_VERBS = frozenset("cut shave dye remove lose drop grow age add".split()) | {
    "take off",
    "get rid of",
}
"""Verbs that say themselves what is different."""
_CAMERA = re.compile(
    expanded(
        r"\b(?:extreme close|close[- ]?ups?|medium (?:shot|close)|wide(?: shot)?\b|two[- ]?shot|full shot|full[- ]body|low angle|high angle"
        r"|\d{2,3} ?mm|takes?|slate|lora|train|faces|candidates|references)\b|^(?:shoot|film|render|photograph|draw)\b"
    )
)
_WHO_START = re.compile(expanded(r"^(?:{whose}|{who})(?:'s|')?(?![\w])\s*"))
_WHO_LATER = re.compile(
    expanded(
        r"\s*,?\s*\b(?:for|of|to|on) (?:{name}(?!')|(?:him|them|her)(?=\s*(?:[,:;.-]|$)| (?:with|in|where|and)\b))"
    )
)
_OF_WHOM = re.compile(
    expanded(r"^(?:cut|shave|dye|remove|lose|drop|grow|age|add|take off|get rid of) ({whose} )")
)
_LOOK_NOUN = re.compile(
    expanded(
        r"^(?:the |her |his )?identity block\b[\s,:-]*|^(?:the |her |his )?(?:identity|block)\b[\s,:-]*|^(?:(?:a|an|the|another|one more|one)\s+)?(?:(?:new|second|third|different|extra|fresh)\s+)?(?:looks?|version|outfit|costume)\b"
        r"(?:\s+(?:for|of) {who})?(?:\s+(?:called|named|where|in which|with|is|as|has))?[\s,:-]*"
    )
)
_LEAD = re.compile(
    r"^(?:[\s,:;-]|(?:to wear|to|with|in|into|to be|to have|have|be|look|looks|wear|wearing|wears|has|gets?|is|are|and|so that|where|"
    r"as|of|should have|should be|should wear|should|can have|must have|needs?|now|also|she|he|they|like|them|it)\b)+"
)
_TAIL = re.compile(r"(?:[\s,:;-]|\b(?:and|with|in|the|a|as|for|instead|for that|look)\b)+$")
_CLOTHES_SHOULD = re.compile(
    r"\b(?:should be|has to be|must be|ought to be|should get|needs to be|to be)\b"
)


def read_change(clause: Clause, room: Room) -> Reading | None:
    """Understand `change_character`: "give her a scar", "after the fight: torn sleeve"."""
    look = _look(clause)
    if not _asks(clause, room, look):
        return None
    reading = about("change_character", clause, room, "Whom do you want to change")
    if _is_picture(clause, reading.person, look, room):
        return None
    name = look[0] if look else None
    owners = [each.name for each in room.studio.characters if name and name in each.looks]
    if reading.missing and len(owners) == 1:
        reading = Reading(Call("change_character", {"character": owners[0]}))
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
    if _CAMERA.search(clause.low) or slates_in(clause).slates:
        return False
    about_somebody = mentioned(clause, room) is not None or bool(names_in(clause, room.cast))
    starts = _starts(clause)
    if look:
        return starts or about_somebody or look[1][0] == 0 or _says_look(clause)
    attribute = said("change_character", "identity", clause.low) or said(
        "change_character", "wearing", clause.low
    )
    if _says_look(clause) and starts and _LOOK_NOUN.match(_after_verb(clause).low):
        return True
    return bool(attribute) and starts and (about_somebody or len(room.cast) <= 1)


def _starts(clause: Clause) -> bool:
    return bool(
        said("change_character", "verb", clause.low)
        or said("change_character", "subject_change", clause.low)
        or said("change_character", "should", clause.low)
        or re.match(expanded(r"^{whose} "), clause.low)
    )


def _says_look(clause: Clause) -> bool:
    return said("change_character", "look_words", clause.low) is not None


def _look(clause: Clause) -> tuple[str, tuple[int, int]] | None:
    """Return a look's name and where all words that give it stand."""
    if _says_look(clause):
        named = said("change_character", "named_look", clause.low)
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
    moment = said("change_character", "moment", clause.low)
    if moment is None:
        return None
    start, end = moment.span("look")
    return _tidy(clause.text[start:end]), (start, end)


def _tidy(words: str) -> str:
    low = words.strip(" \"'.,:;-").lower()
    return re.sub(r"^(?:the|a|an) ", "", low)[:MAX_LOOK].strip()


def _after_verb(clause: Clause) -> Clause:
    verb = said("change_character", "verb", clause.low) or said(
        "change_character", "subject_change", clause.low
    )
    return clause.part(verb.end()) if verb and verb.group() not in _KEPT_VERBS else clause


def change_of(clause: Clause, look: tuple[str, tuple[int, int]] | None) -> str:
    """Return what is different: a clause's words less asking, person and the look's name."""
    rest = clause.without(look[1]) if look else clause
    rest = rest.without(*(match.span() for match in _WHO_LATER.finditer(rest.low)))
    rest = _after_verb(rest)
    for _ in range(3):
        who = _WHO_START.match(rest.low)
        rest = rest.part(who.end()) if who else rest
        noun = _LOOK_NOUN.match(rest.low)
        rest = rest.part(noun.end()) if noun and noun.end() else rest
        lead = _LEAD.match(rest.low)
        rest = rest.part(lead.end()) if lead else rest
    rest = rest.without(*(match.span(1) for match in _OF_WHOM.finditer(rest.low)))
    should = said("change_character", "verb", rest.low)
    rest = rest.part(should.end()) if should and rest.low.startswith(("should", "must")) else rest
    rest = rest.without(*(match.span() for match in _CLOTHES_SHOULD.finditer(rest.low)))
    tail = _TAIL.search(rest.low)
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
