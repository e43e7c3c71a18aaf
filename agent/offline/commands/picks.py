"""The director's word on takes: pick and reject.

"Keep 1 and 3", "the hair is wrong in 2, again".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from agent.offline.calls import Call, Reading, Value
from agent.offline.commands.base import Command
from agent.offline.commands.change import ChangeCommandWords
from agent.offline.dialogue_state import DialogueState
from agent.offline.patterns import Block, Groups, Patterns
from agent.offline.references import (
    Found,
    scene_in,
    shown_takes,
    slates_of_scene,
    takes_in,
)
from agent.offline.sentences import trimmed
from tools.contracts.digest import ShownKind
from tools.contracts.limits import LONGEST_PHRASE
from tools.language.slate import slate_of, slates_in
from tools.language.text import Text

_JUDGES = ("pick", "reject")


@dataclass(frozen=True)
class PickWords(Block, block="pick", file="commands/picks.yaml"):
    """How takes are picked."""

    command: Patterns
    verb: Patterns
    reason: Annotated[Patterns, Groups(("note",))]
    praise: Patterns
    rather: Patterns
    """What comes after it is not picked: `2 rather than 3`."""
    question: Patterns
    points: Patterns
    take_word: Patterns


@dataclass(frozen=True)
class RejectWords(Block, block="reject", file="commands/picks.yaml"):
    """How takes are refused, and what is wanted instead."""

    command: Patterns
    verb: Patterns
    verdict: Patterns
    strong_complaint: Patterns
    complaint: Patterns
    again: Patterns
    only_again: Patterns
    wants_picture: Patterns
    wants_it_changed: Patterns
    redo_verb: Patterns
    redo_scope: Patterns
    changes: Patterns
    keep_anchor: Patterns
    links_before: Patterns
    links_after: Patterns
    lead: Patterns
    """The preposition before a take: `in 3`."""
    loose_mark: Patterns
    asking_led: Patterns
    no_change: Patterns
    set_off: Patterns


def read_pick(text: Text, state: DialogueState) -> Reading | None:
    """Understand `pick`: "keep 1 and 3", "the last one is perfect", "2 for the eyes"."""
    words = PickWords.read()
    if words.question.opens(text.small):
        return None
    found = _takes(text, state)
    picks = words.verb.opens(text.small)
    bare = found and state.shows(ShownKind.TAKES) and _nothing_else(text, found)
    if not (words.command.first(text.small) or bare):
        return None
    nothing_shown = not _about_takes(text, state, found)
    if nothing_shown and not (found and picks):
        return None
    if not found or nothing_shown:
        return _which(Call("pick"), text, state, "Which take do you pick")
    compared = words.rather.first(text.small)
    if compared:
        found = _takes(text.part(0, compared.start()), state) or found
    return Reading(Call.of("pick", {"takes": [*found.names], "note": _reason(text, found)}))


def _reason(text: Text, found: Found) -> str | None:
    """Return why takes are picked; `as 12A T3` is no reason but where a take is named."""
    reason = PickWords.read().reason.first(text.small)
    if reason is None or any(start >= reason.start("note") for start, _ in found.spans):
        return None
    return text.part(*reason.span("note")).text[:LONGEST_PHRASE]


def read_reject(text: Text, state: DialogueState) -> Reading | None:
    """Understand `reject`: "the hair is wrong in 2, again", "not 3", "2 is too dark"."""
    words, small = RejectWords.read(), text.small
    if PickWords.read().question.opens(small):
        return None
    found = _of_scene(_takes(text, state), text, state)
    complains = found and not PickWords.read().verb.opens(small) and words.complaint.first(small)
    again = words.again.first(small)
    shown = state.shows(ShownKind.TAKES)
    with_note = bool(again and found and shown)
    if not found and shown and not PickWords.read().command.first(small):
        found, complains = _unsaid_take(text, state), None
        changes = ChangeCommandWords.read().subject_change.first(small)
        strong = None if changes else words.strong_complaint.first(small)
        redrawn = state.last_tool != "reject" and again and note_of(text, found)
        with_note = bool(words.wants_it_changed.first(small) or strong or redrawn)
    if with_note and not found:
        return _asked_which(Call.of("reject", {"note": note_of(text, found)}), state)
    refuses = words.command.first(small) or complains or with_note
    if not refuses or not _about_takes(text, state, found):
        return None
    return _rejected(text, found, state)


def _rejected(text: Text, found: Found, state: DialogueState) -> Reading | None:
    words, small = RejectWords.read(), text.small
    wanted = found and words.wants_picture.first(small)
    args: dict[str, Value | None] = {
        "takes": [*found.names] or None,
        "note": note_of(text, found),
        "again": True if words.again.first(small) or wanted else None,
        "keep_anchor": True if words.keep_anchor.first(small) else None,
    }
    call = Call.of("reject", args)
    return Reading(call) if found else _which(call, text, state, "Which take do you mean")


def _of_scene(found: Found, text: Text, state: DialogueState) -> Found:
    """Keep of `everything in scene 12` the takes on show that are of that scene."""
    scene = scene_in(text)
    if scene is None or not found:
        return found
    slates, labels = slates_of_scene(scene, state), state.studio.shown.labels
    of_slates = {str(at) for at, label in enumerate(labels, 1) if slate_of(label) in slates}
    kept = tuple(take for take in found.names if " " in take or take in of_slates)
    return Found(kept, (*found.spans, *RejectWords.read().redo_scope.spans(text.small)))


def _unsaid_take(text: Text, state: DialogueState) -> Found:
    """Take a complaint, or `again`, without a number as one about the only take on show."""
    words, shown = RejectWords.read(), shown_takes(state)
    again = state.last_tool != "reject" and words.again.first(text.small)
    complains = words.strong_complaint.first(text.small) or again
    return Found(shown) if complains and len(shown) == 1 else Found()


def note_of(text: Text, found: Found) -> str | None:
    """Return what is wrong or wanted: words less command, takes and `again`."""
    words = RejectWords.read()
    taken = [(_led(text.small, start), end) for start, end in found.spans]
    for said in (words.again, words.keep_anchor, words.verb):
        match = said.first(text.small)
        taken += [(_asked(text.small, match.start()), match.end())] if match else []
    rest = text.without(*taken)
    for before in (words.links_before, words.verdict, words.links_before):
        match = before.first(rest.small)
        rest = rest.part(match.end()) if match and match.start() == 0 else rest
    while match := words.links_after.first(rest.small):
        rest = rest.part(0, match.start())
    said_words = " ".join(rest.text.split())
    for match in [*words.loose_mark.all(said_words)][::-1]:
        said_words = said_words[: match.start()] + said_words[match.end() :]
    return said_words[:LONGEST_PHRASE].strip(" ,;:-") or None


def _asked(small: str, start: int) -> int:
    """Return where the courtesies before a wish begin: `could we give it another go`."""
    asking = RejectWords.read().asking_led.first(small[:start])
    return asking.start() if asking else start


def _led(small: str, start: int) -> int:
    """Return where the preposition before a take begins: `in 3`."""
    lead = RejectWords.read().lead.first(small[:start])
    return lead.start() if lead else start


def _takes(text: Text, state: DialogueState) -> Found:
    also = (take for reading in state.before for take in _judged(reading))
    return takes_in(text, state, also=also) or _newest_of_slate(text, state)


def _judged(reading: Reading) -> Iterator[str]:
    takes = reading.call.args.get("takes") if reading.call.tool in _JUDGES else None
    return (str(take) for take in (takes if isinstance(takes, list) else []))


def _newest_of_slate(text: Text, state: DialogueState) -> Found:
    """Read `12A` as its take when it has only one, or only one of it is shown."""
    written = slates_in(text.small)
    takes: list[str] = []
    for slate in written.slates:
        count = next((shot.drawn for shot in state.shots if shot.slate == slate), 0)
        shown = [label for label in state.studio.shown.labels if label.startswith(f"{slate} T")]
        takes += shown if len(shown) == 1 else [f"{slate} T1"] if count == 1 else []
    return Found(tuple(takes), written.spans)


def _about_takes(text: Text, state: DialogueState, found: Found) -> bool:
    """Say whether takes are meant at all, when nothing or something else is on show."""
    if state.shows(ShownKind.TAKES) or any(" T" in take for take in found.names):
        return True
    named = slates_in(text.small).slates
    drawn = any(shot.drawn and shot.slate in named for shot in state.shots)
    named_take = PickWords.read().take_word.first(text.small) is not None
    return named_take or drawn or state.last_tool in _JUDGES


def _which(call: Call, text: Text, state: DialogueState, asking: str) -> Reading | None:
    """Ask for the take, unless the words can hardly be about one."""
    words = PickWords.read()
    points = words.points.first(text.small) or words.verb.opens(text.small)
    return _asked_which(call, state, asking) if points or slates_in(text.small).slates else None


def _asked_which(
    call: Call, state: DialogueState, asking: str = "Which take do you mean"
) -> Reading:
    labels = state.studio.shown.labels if state.shows(ShownKind.TAKES) else ()
    listed = f" ({', '.join(f'{at} is {label}' for at, label in enumerate(labels[:8], 1))})"
    question = f"{asking}{listed if labels else ', for instance 12A T3'}?"
    return Reading(call, "takes", question, labels)


def _nothing_else(text: Text, found: Found) -> bool:
    words, rest = PickWords.read(), trimmed(text.without(*found.spans)).small
    return not rest or bool(words.praise.first(rest) or words.reason.first(rest))


def _more_of_pick(
    _reading: Reading, _text: Text, whole: Text, state: DialogueState
) -> Reading | None:
    return read_pick(whole, state.undone())


PICK = Command("pick", PickWords, read_pick, extends=_more_of_pick)
