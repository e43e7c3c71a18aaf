"""Pictures are asked for: shoot, of planned slates or of shots that are described.

Cuts a clause into its shots, shares what was said for all of them, and reads each one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from agent.offline.calls import Call, Reading, Value
from agent.offline.clause import Clause, less, past, trimmed
from agent.offline.numbers import number_of
from agent.offline.patterns import NAME_MARK, said, spans
from agent.offline.room import Room, mentioned, who_question
from agent.offline.shot_cast import InFrame, default_person, stranger_asked, strangers_of
from agent.offline.shot_reader import ShotDraft, read_shot
from agent.offline.shot_words import framing_places
from agent.offline.slates import scene_in, slate_of, slates_in, slates_meant
from agent.offline.strangers import stranger_in, strangers_among, without_strangers
from tools.contracts.digest import ShownKind

MAX_SHOTS = 12
_QUESTION = re.compile(r"(?:why|how(?! about)|does|did|is|are|was|were|which|when|who)\b")


def read_more_takes(clause: Clause, room: Room) -> Reading | None:
    """Understand `shoot` where takes of a slate are counted: "one more of 12A", "two takes of 3B"."""
    del room
    if not said("shoot", "counted_slate", clause.low):
        return None
    slates = slates_in(clause).slates
    return Reading(Call.of("shoot", {"slates": [*slates], "takes": takes_wanted(clause)}))


def read_shoot(clause: Clause, room: Room) -> Reading | None:
    """Understand `shoot`: "shoot 12A and B", "a close-up of Lirien smiling at dawn"."""
    if _QUESTION.match(clause.low):
        return None
    command = said("shoot", "command", clause.low)
    again = said("shoot", "again", clause.low)
    only_slates = said("shoot", "slates_alone", clause.low)
    settles = said("reject", "settles", clause.low)
    asks = (command or again or only_slates) and not settles
    planned = _planned(clause, room) if asks else ()
    takes = takes_wanted(clause)
    if planned:
        return Reading(Call.of("shoot", {"slates": [*planned], "takes": takes}))
    rest = trimmed(less(clause, "shoot", "scene_words"))
    verb = said("shoot", "verb", rest.low)
    words = rest.part(verb.end()) if verb else rest
    drafts = drafts_in(words, room)
    for draft in drafts:
        _take_strangers(draft, rest, room)
    if not _is_shot(drafts, clause, bool(command), room):
        return None
    spoken = re.search(r"\b(?:takes?|times|twice|each)\b", clause.low)
    return described(drafts, clause, room, takes if spoken else None)


def takes_wanted(clause: Clause) -> int | None:
    """Return how many takes of each shot a clause asks for."""
    match = said("shoot", "more_takes", clause.low)
    if match is None:
        return None
    groups = match.groupdict()
    if groups.get("twice"):
        return 2
    word = next((groups[key] for key in ("n", "m", "k") if groups.get(key)), "")
    if word == "a few":
        return 3
    number = number_of(word.removesuffix(" of"))
    return number if number and 1 <= number <= 10 else None


def described(drafts: list[ShotDraft], clause: Clause, room: Room, takes: int | None) -> Reading:
    """Return the call for shots that were described, or the question who is in frame."""
    people: tuple[InFrame, ...] = ()
    shots: list[Value] = []
    nobody = () if _stranger(clause, room) else default_person(room)
    for draft in drafts[:MAX_SHOTS]:
        people = draft.people or people or nobody
        shots.append({**draft.slots, "characters": [each.as_argument() for each in people]})
    call = Call.of("shoot", {"shots": shots, "scene": scene_in(clause), "takes": takes})
    strangers = strangers_of(call, room.cast)
    if strangers:
        return stranger_asked(Reading(call), strangers[0], room.cast)
    if any(isinstance(shot, dict) and not shot["characters"] for shot in shots):
        return Reading(call, "characters", who_question(clause, room, "Who is in frame"), room.cast)
    return Reading(call)


def _take_strangers(draft: ShotDraft, clause: Clause, room: Room) -> None:
    """Put people who are not in the cast in frame by their names, so that they are asked about."""
    action, place = str(draft.slots.get("action", "")), str(draft.slots.get("place", ""))
    opens = not room.before and mentioned(clause, room) is None
    names = strangers_among(clause, action, place, opens=opens)
    if names:
        draft.people = (*draft.people, *(InFrame(name) for name in names))
        for slot, words in (("action", action), ("place", place)):
            left = without_strangers(words, names)
            draft.slots.pop(slot, None)
            draft.slots |= {slot: left} if left else {}


def drafts_in(words: Clause, room: Room) -> list[ShotDraft]:
    """Cut words into shots and read each; a bare framing takes what the next one says."""
    head, rest = _header(less(words, "shoot", "count_words"))
    parts = shots_of(rest)
    shared = read_shot(head, room) if head else None
    drafts = [read_shot(part, room) for part in parts]
    if shared:
        for draft in drafts:
            draft.slots = {**_carried(shared), **draft.slots}
            draft.people = draft.people or shared.people
    for at in range(len(drafts) - 2, -1, -1):
        following = drafts[at + 1]
        if drafts[at].is_bare() and "framing" in drafts[at].slots:
            drafts[at].slots = {**following.slots, **drafts[at].slots}
            drafts[at].people = following.people
    return [draft for draft in drafts if draft.slots or draft.people]


def _carried(shared: ShotDraft) -> dict[str, Value]:
    return {key: value for key, value in shared.slots.items() if key != "framing"}


def _header(words: Clause) -> tuple[Clause | None, Clause]:
    """Part `three shots of Lirien in the kitchen: ...` from the shots."""
    head = said("shoot", "header", words.low)
    colon = words.low.find(":")
    if head and colon > 0:
        return words.part(head.end(), colon), words.part(colon + 1)
    if (
        colon > 0
        and len(framing_places(words.part(0, colon).low)) == 0
        and len(framing_places(words.low)) > 0
    ):
        return words.part(0, colon), words.part(colon + 1)
    return None, words.part(head.end()) if head and head.end() < len(words.low) else words


def shots_of(words: Clause) -> list[Clause]:
    """Cut words before each framing from the second on, and at `;` where each part has a name."""
    cuts = [0]
    places = framing_places(words.low)
    for start, end in spans("shoot", "separator", words.low):
        opening = said("shoot", "before_framing", words.low[end:])
        at = end + (opening.end() if opening else 0)
        starts = any(end <= place <= at for place in places)
        earlier = any(cuts[-1] <= place < start for place in places)
        ends = words.low[start:end].strip()[:1] in (";", ".", "\n")
        if (starts and earlier) or (ends and words.low.startswith(NAME_MARK, end)):
            cuts.append(end)
    parts = [words.part(start, end) for start, end in zip(cuts, [*cuts[1:], None], strict=True)]
    return [_without_order(part) for part in parts if part.low]


def _without_order(part: Clause) -> Clause:
    return past(part, "shoot", "order")


def _planned(clause: Clause, room: Room) -> tuple[str, ...]:
    """Return the planned slates that a clause asks for, unless it describes a new shot."""
    if slates_in(clause).slates:
        return slates_meant(clause, room)
    if framing_places(clause.low) and not re.search(r"\bthe (?:wide|close)", clause.low):
        return ()
    if clause.names or re.search(r"\b(?:her|him|she|he)\b", clause.low):
        return ()
    takes = room.shows(ShownKind.TAKES)
    if takes and said("shoot", "only_again", clause.low):
        slates = dict.fromkeys(slate_of(label) for label in room.studio.shown.labels)
        return tuple(slates) if len(slates) == 1 else ()
    return slates_meant(clause, room)


def _is_shot(drafts: list[ShotDraft], clause: Clause, command: bool, room: Room) -> bool:
    """Say whether words describe a picture: a person or a framing, and something to see."""
    if not drafts:
        return False
    slots = {slot for draft in drafts for slot in draft.slots}
    people = any(draft.people for draft in drafts)
    if "framing" in slots or re.search(r"\btwo[- ]shot\b", clause.low):
        return command or people or len(slots) > 1 or len(clause.low.split()) <= 6
    seen = slots & {"place", "light", "view", "expression", "lens", "angle"}
    strong = said("shoot", "strong_verb", clause.low)
    if people:
        return bool(seen) or bool(strong)
    return bool(strong and seen and room.cast) or (command and len(seen) > 1)


def _stranger(clause: Clause, room: Room) -> bool:
    return stranger_in(clause) is not None and bool(room.cast)


def goes_on_shooting(earlier: Reading, later: Reading, words: Clause) -> bool:
    """Say whether later shots belong to a list that was begun: they come without a verb of asking."""
    both = "shots" in earlier.call.args and "shots" in later.call.args
    return both and not said("shoot", "verb", words.low) and not later.call.args.get("takes")


def joined(earlier: Reading, later: Reading) -> Reading:
    """Put the shots of a sentence that goes on into the call before it."""
    first, second = earlier.call.args.get("shots"), later.call.args.get("shots")
    shots = [
        *(first if isinstance(first, list) else []),
        *(second if isinstance(second, list) else []),
    ]
    call = earlier.call.with_args(shots=shots[:MAX_SHOTS])
    return replace(later, call=call) if later.missing else replace(earlier, call=call)
