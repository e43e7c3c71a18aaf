"""Looking at takes: show_takes, explain_verdict."""

from __future__ import annotations

from dataclasses import dataclass

from agent.offline.calls import Call, Reading
from agent.offline.commands.base import Command
from agent.offline.dialogue_state import DialogueState
from agent.offline.patterns import Block, Patterns
from agent.offline.pictures import sizes_at
from agent.offline.references import scene_in, shown_takes, slates_of_scene, takes_in
from tools.contracts.digest import ShownKind
from tools.language.slate import slates_in
from tools.language.text import Text


@dataclass(frozen=True)
class ShowWords(Block, block="show_takes", file="commands/takes.yaml"):
    """How takes are looked at; a group a kind of take."""

    command: Patterns
    takes: Patterns
    look: Patterns
    picked: Patterns
    rejected: Patterns
    open: Patterns
    sketches: Patterns
    opening: Patterns
    """`open 12A` opens a shot and speaks of no open takes."""
    asks_which: Patterns


@dataclass(frozen=True)
class ExplainWords(Block, block="explain_verdict", file="commands/takes.yaml"):
    """How a verdict is asked about."""

    command: Patterns
    about: Patterns
    points: Patterns


def read_show_takes(text: Text, state: DialogueState) -> Reading | None:
    """Understand `show_takes`: "show me 12A", "which ones did I reject?"."""
    words = ShowWords.read()
    opening = words.opening.opens(text.small)
    small = text.small[opening.end() :] if opening else text.small
    kinds = {
        "rejected": words.rejected,
        "open": words.open,
        "picked": words.picked,
        "sketches": words.sketches,
    }
    which = next((kind for kind, said in kinds.items() if said.first(small)), None)
    asks_which = which and words.asks_which.opens(small)
    slates = slates_in(text.small).slates
    of_takes = words.takes.first(text.small) or (
        state.shows(ShownKind.TAKES) and words.look.first(text.small)
    )
    if not words.command.first(text.small) or not (asks_which or slates or of_takes):
        return None
    if text.names and sizes_at(text.small):
        return None
    scene = scene_in(text)
    if not slates and scene is not None:
        slates = slates_of_scene(scene, state)
    return Reading(Call.of("show_takes", {"slates": list(slates) or None, "which": which}))


def read_explain_verdict(text: Text, state: DialogueState) -> Reading | None:
    """Understand `explain_verdict`: "why was 3 rejected?", "what's wrong with 12A T2?"."""
    words = ExplainWords.read()
    command = words.command.first(text.small)
    bare = command and command.end() == len(text.small) and state.shows(ShownKind.TAKES)
    if not command or not (bare or words.about.first(text.small)):
        return None
    found = takes_in(text.part(command.end()), state) or takes_in(text, state, vague=False)
    take = _of_slate(found.names[0], text) if found else _only_take(text, state)
    if take:
        return Reading(Call("explain_verdict", {"take": take}))
    if not bare and not words.points.first(text.small):
        return None
    labels = state.studio.shown.labels if state.shows(ShownKind.TAKES) else ()
    question = "Which take's verdict shall I explain, by number or slate?"
    return Reading(Call("explain_verdict"), "take", question, labels)


def _of_slate(take: str, text: Text) -> str:
    """Return a take by its name where slate and number are said apart: `4B, why NG on T1?`."""
    slates = slates_in(text.small).slates
    return f"{slates[0]} T{take}" if take.isdigit() and len(slates) == 1 else take


def _only_take(text: Text, state: DialogueState) -> str | None:
    """Return the take that is meant by `it`, or by a slate with one take."""
    shown, slates = shown_takes(state), slates_in(text.small).slates
    if not slates:
        return shown[0] if len(shown) == 1 else None
    labels = [each for each in state.studio.shown.labels if each.startswith(f"{slates[0]} T")]
    count = next((shot.drawn for shot in state.shots if shot.slate == slates[0]), 0)
    if len(labels) == 1:
        return labels[0]
    return f"{slates[0]} T1" if count == 1 else None


SHOW_TAKES = Command("show_takes", ShowWords, read_show_takes, informs=True)
EXPLAIN_VERDICT = Command("explain_verdict", ExplainWords, read_explain_verdict, informs=True)
