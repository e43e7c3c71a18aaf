"""What the offline director says itself: greetings, help, refusals, and what it did not understand.

Words come from `prompts/agent/offline/replies.yaml`. Never says that something was done: only tools
can say that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from agent.offline.conversation import ToolResult
from agent.offline.dialogue_state import DialogueState
from agent.offline.sentences import MessageWords
from agent.offline.understood import Understood
from tools.contracts.digest import CharacterState

_SHOWN_WORDS = 120


@lru_cache(maxsize=1)
def reply_texts() -> dict[str, str]:
    """Read the replies once."""
    text = files("prompts").joinpath("agent", "offline", "replies.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, str]).validate_python(yaml.safe_load(text))


def reply(key: str, **words: str) -> str:
    """Return a reply with its words put in."""
    return reply_texts()[key].format(**words).strip()


def of_results(results: Sequence[ToolResult]) -> str:
    """Say what tools returned, word for word; a failure is said to be one."""
    said = [
        reply("failed", text=result.text) if result.failed else result.text
        for result in results
        if result.text.strip()
    ]
    return "\n\n".join(said) or reply("nothing_returned")


def without_call(understood: Understood, text: str, state: DialogueState) -> str:
    """Answer a message that asks for no tool."""
    if understood.meanings:
        return " ".join([*dict.fromkeys(understood.meanings), beside_calls(understood)]).strip()
    if understood.cannot:
        return reply("cannot", things=_listed(understood.cannot))
    if understood.unclear:
        return reply("unclear", words=shortened("; ".join(understood.unclear)))
    words = {"state": state_of(state), "next": next_step(state)}
    if understood.help:
        return reply("help", **words)
    if not understood.chat:
        return reply("nothing_heard")
    if MessageWords.read().greets.first(text.lower()):
        return reply("hello", **words)
    thanked = MessageWords.read().thanks.first(text.lower())
    return reply("thanks" if thanked else "fine", **words)


def beside_calls(understood: Understood) -> str:
    """Say what of a message was left out while its other parts are done."""
    said = []
    if understood.cannot:
        said.append(reply("cannot_too", things=_listed(understood.cannot)))
    unused = [*understood.unclear, *understood.left_out]
    if unused:
        said.append(reply("unclear_too", words=shortened("; ".join(unused))))
    return " ".join(said)


def shortened(words: str) -> str:
    """Cut a quotation to a readable length."""
    return words if len(words) <= _SHOWN_WORDS else f"{words[:_SHOWN_WORDS].rstrip()} ..."


def state_of(state: DialogueState) -> str:
    """Say who is in the cast."""
    return reply("state_cast", names=", ".join(state.cast)) if state.cast else reply("state_empty")


def next_step(state: DialogueState) -> str:
    """Say what would come next in this studio, after the first character that lacks something."""
    if not state.cast:
        return reply("next_create")
    for character in state.studio.characters:
        step = _step_of(character)
        if step:
            return reply(step, name=character.name)
    drawn = any(shot.takes and not shot.picked for shot in state.shots)
    return reply("next_pick" if drawn else "next_shots")


def _step_of(character: CharacterState) -> str | None:
    if character.versions:
        return None
    if character.references:
        return "next_train"
    if character.chosen_face:
        return "next_references"
    return "next_choose" if character.candidates else "next_cast"


def _listed(things: Sequence[str]) -> str:
    return " or ".join(dict.fromkeys(things))
