"""The director's word on takes: pick, reject.

One function a tool; each returns None when the clause asks for something else.
"""

from __future__ import annotations

import re

from agent.offline.calls import Call, Reading
from agent.offline.clause import Clause, past, trimmed
from agent.offline.patterns import said, spans
from agent.offline.room import Room
from agent.offline.slates import scene_in, slate_of, slates_in, slates_of_scene
from agent.offline.takes import FoundTakes, shown_takes, takes_in
from tools.contracts.digest import ShownKind

MAX_NOTE = 300
_RATHER = re.compile(r"\b(?:over|than|instead of|rather than|and not|but not|not)\b")
_PICKS = re.compile(r"(?:pick|keep|circle|approve|select) ")
_QUESTION = re.compile(r"(?:what|which|who|how|why|where|when|did|does|is there|are there|show)\b")


def read_pick(clause: Clause, room: Room) -> Reading | None:
    """Understand `pick`: "keep 1 and 3", "the last one is perfect", "2 for the eyes"."""
    if _QUESTION.match(clause.low):
        return None
    found = _takes(clause, room)
    command = said("pick", "command", clause.low)
    bare = found and room.shows(ShownKind.TAKES) and _nothing_else(clause, found)
    if not (command or bare):
        return None
    nothing_shown = not _about_takes(clause, room, found)
    if nothing_shown and not (found and _PICKS.match(clause.low)):
        return None
    if not found or nothing_shown:
        return _which(Call("pick"), clause, room, "Which take do you pick")
    compared = _RATHER.search(clause.low)
    if compared:
        found = _takes(clause.part(0, compared.start()), room) or found
    reason = said("pick", "reason", clause.low)
    note = clause.part(*reason.span("note")) if reason else None
    said_note = note.text[:MAX_NOTE] if note and not _holds(found, note, clause) else None
    return Reading(Call.of("pick", {"takes": [*found.takes], "note": said_note}))


def read_reject(clause: Clause, room: Room) -> Reading | None:
    """Understand `reject`: "the hair is wrong in 2, again", "not 3", "2 is too dark"."""
    if _QUESTION.match(clause.low):
        return None
    found = _takes(clause, room)
    command = said("reject", "command", clause.low)
    picked = _PICKS.match(clause.low)
    complaint = said("reject", "complaint", clause.low) if found and not picked else None
    again = said("reject", "again", clause.low)
    with_note = again if found and room.shows(ShownKind.TAKES) else None
    found = _of_scene(found, clause, room)
    if not found and room.shows(ShownKind.TAKES) and not (said("pick", "command", clause.low)):
        found, complaint = _unsaid_take(clause, room), None
        changes = said("change_character", "subject_change", clause.low)
        strong = said("reject", "strong_complaint", clause.low)
        with_note = said("reject", "wants_it_changed", clause.low) or (None if changes else strong)
    if with_note and not found:
        return _asked_which(Call.of("reject", {"note": note_of(clause, found)}), room)
    if not (command or complaint or with_note) or not _about_takes(clause, room, found):
        return None
    call = Call.of(
        "reject",
        {
            "takes": [*found.takes] or None,
            "note": note_of(clause, found),
            "again": True if again or wants_picture(clause, found) else None,
            "keep_anchor": True if said("reject", "keep_anchor", clause.low) else None,
        },
    )
    if not found:
        return _which(call, clause, room, "Which take do you mean")
    return Reading(call)


def _of_scene(found: FoundTakes, clause: Clause, room: Room) -> FoundTakes:
    """Keep of `everything in scene 12` the takes on show that are of that scene."""
    scene = scene_in(clause)
    if scene is None or not found:
        return found
    slates = slates_of_scene(scene, room)
    labels = room.studio.shown.labels
    kept = [
        take
        for take in found.takes
        if " " in take or (int(take) <= len(labels) and slate_of(labels[int(take) - 1]) in slates)
    ]
    return FoundTakes(tuple(kept), (*found.spans, *spans("reject", "redo_scope", clause.low)))


def wants_picture(clause: Clause, found: FoundTakes) -> bool:
    """Say whether a wish for a change asks for the picture as well: `make 2 brighter`."""
    return bool(found) and said("reject", "wants_picture", clause.low) is not None


def _unsaid_take(clause: Clause, room: Room) -> FoundTakes:
    """Take a complaint without a number as one about the only take on show."""
    shown = shown_takes(room)
    complains = said("reject", "strong_complaint", clause.low)
    return FoundTakes(shown) if complains and len(shown) == 1 else FoundTakes()


def note_of(clause: Clause, found: FoundTakes) -> str | None:
    """Return what is wrong or wanted: a clause's words less command, takes and `again`."""
    taken = [(_led(clause.low, start), end) for start, end in found.spans]
    for group in ("again", "keep_anchor"):
        match = said("reject", group, clause.low)
        taken += [match.span()] if match else []
    verb = said("reject", "verb", clause.low)
    taken += [verb.span()] if verb else []
    rest = past(clause.without(*taken), "reject", "links_before")
    rest = past(past(rest, "reject", "verdict"), "reject", "links_before")
    while match := said("reject", "links_after", rest.low):
        rest = rest.part(0, match.start())
    text = re.sub(r"\s+([,.;])", r"\1", " ".join(rest.text.split()))
    return text[:MAX_NOTE].strip(" ,;:-") or None


def _led(low: str, start: int) -> int:
    """Return where the preposition before a take begins: `in 3`."""
    lead = re.search(r"\b(?:in|on|of|for|from|with|about|at)(?: the)? $", low[:start])
    return lead.start() if lead else start


def _takes(clause: Clause, room: Room) -> FoundTakes:
    earlier = (each.call for each in room.before if each.call.tool in ("pick", "reject"))
    said_before = (call.args.get("takes") for call in earlier)
    also = tuple(str(take) for takes in said_before if isinstance(takes, list) for take in takes)
    found = takes_in(clause, room, also=also)
    return found or _newest_of_slate(clause, room)


def _newest_of_slate(clause: Clause, room: Room) -> FoundTakes:
    """Read `12A` as its take when it has only one, or only one of it is shown."""
    written = slates_in(clause)
    takes: list[str] = []
    for slate in written.slates:
        count = next((shot.takes for shot in room.shots if shot.slate == slate), 0)
        shown = [label for label in room.studio.shown.labels if label.startswith(f"{slate} T")]
        takes += shown if len(shown) == 1 else [f"{slate} T1"] if count == 1 else []
    return FoundTakes(tuple(takes), written.spans)


def _about_takes(clause: Clause, room: Room, found: FoundTakes) -> bool:
    """Say whether takes are meant at all, when nothing or something else is on show."""
    if room.shows(ShownKind.TAKES) or any(" T" in take for take in found.takes):
        return True
    named = slates_in(clause).slates
    drawn = any(shot.takes and shot.slate in named for shot in room.shots)
    names_take = re.search(r"\btakes?\b", clause.low) is not None
    return (
        names_take or drawn or bool(room.before and room.before[-1].call.tool in ("pick", "reject"))
    )


def _which(call: Call, clause: Clause, room: Room, asking: str) -> Reading | None:
    """Ask for the take, unless the words can hardly be about one."""
    points = re.search(r"\b(?:it|this|that|them|those|these|one|takes?|both|all)\b", clause.low)
    if not (points or slates_in(clause).slates or _PICKS.match(clause.low)):
        return None
    return _asked_which(call, room, asking)


def _asked_which(call: Call, room: Room, asking: str = "Which take do you mean") -> Reading:
    labels = room.studio.shown.labels if room.shows(ShownKind.TAKES) else ()
    listed = f" ({', '.join(f'{at} is {label}' for at, label in enumerate(labels[:8], 1))})"
    question = f"{asking}{listed if labels else ', for instance 12A T3'}?"
    return Reading(call, "takes", question, labels)


def _nothing_else(clause: Clause, found: FoundTakes) -> bool:
    rest = trimmed(clause.without(*found.spans))
    return not rest.low or bool(
        said("pick", "praise", rest.low) or said("pick", "reason", rest.low)
    )


def _holds(found: FoundTakes, note: Clause, clause: Clause) -> bool:
    """Say whether a reason is no reason but where a take is named (`as 12A T3`)."""
    at = clause.low.find(note.low)
    return any(start >= at for start, _ in found.spans)
