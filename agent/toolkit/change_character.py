"""`change_character`: another look, or another identity block; and the card that asks before the latter."""

from __future__ import annotations

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.policy import ApprovalPolicy
from agent.toolkit.common import (
    base_name,
    listed,
    replaced_words,
)
from agent.toolkit.tool import ChatTool, Words
from tools.contracts.briefs import LookName
from tools.contracts.model import Contract, Name
from tools.contracts.progress import ProgressSink
from tools.language.prompt.identity import WrittenIdentity
from tools.language.text import plural
from tools.workflows.people.change_character import PlannedChange, plan_change, store_change


class ChangeCharacter(Contract):
    """Change what never changes (the identity), or make or change a look."""

    character: Name
    change: Words = Field(description="What is different, in the director's words.")
    look: LookName | None = Field(
        default=None,
        description="Name of the look that is made or changed; none changes the identity block itself.",
    )


def change_character(
    arguments: ChangeCharacter, context: ChatContext, _watch: ProgressSink
) -> Answer:
    """Make or change a look, or change the identity block; the approval was asked before.

    Raises:
        UnknownName: no such character.
        BadInput: nothing was understood.
    """
    planned = _planned(arguments, context)
    if planned.changes_nothing:
        return Answer(text=" ".join([_is_so_already(planned), *_notes(planned)]))
    store_change(context.services, planned, base_name(context))
    said = _look_said(planned) if arguments.look else _identity_said(planned)
    return Answer(text=" ".join([*said, *_notes(planned)]))


def describe_change(arguments: ChangeCharacter, context: ChatContext) -> str:
    """Render the blocks before and after for the approval card; nothing is stored.

    Raises:
        UnknownName: no such character.
        BadInput: nothing was understood.
    """
    planned = _planned(arguments, context)
    name = planned.character.name
    what = f"look “{planned.look}” of {name}" if arguments.look else f"identity of {name}"
    lines = [
        f"Change the {what}.",
        f"Before: {_block(planned.before)}",
        f"After: {_block(planned.after)}",
        *_notes(planned),
    ]
    return "\n".join(lines if arguments.look else [*lines, *_outdated(planned)])


def _waits(arguments: ChangeCharacter, policy: ApprovalPolicy) -> bool:
    """What is in prompts already waits: the identity block, and a look that exists."""
    return arguments.look is None or policy.knows(arguments.character, arguments.look)


def _planned(arguments: ChangeCharacter, context: ChatContext) -> PlannedChange:
    return plan_change(
        context.services,
        context.production,
        arguments.character,
        base_name(context),
        arguments.change,
        arguments.look,
    )


def _is_so_already(planned: PlannedChange) -> str:
    name, block = planned.character.name, _block(planned.after)
    if planned.look == "default":
        return f"{name} is so already; the identity block stays {block}."
    return f"The look “{planned.look}” of {name} is so already: {block}."


def _look_said(planned: PlannedChange) -> list[str]:
    done = "has a new look" if planned.is_new_look else "has a changed look"
    said = [f"{planned.character.name} {done}, “{planned.look}”: {_block(planned.after)}."]
    if (
        planned.after.text == planned.before.text
        and planned.after.subject == planned.before.subject
    ):
        than = "default look's" if planned.is_new_look else "block before"
        said.append(f"In the words that the base knows, this is the same as the {than}.")
    return said


def _identity_said(planned: PlannedChange) -> list[str]:
    return [
        f"The identity of {planned.character.name} is changed. "
        f"Before: {_block(planned.before)}. Now: {_block(planned.after)}.",
        *_outdated(planned),
    ]


def _outdated(planned: PlannedChange) -> list[str]:
    """What was made for the block before."""
    made = []
    if planned.versions:
        made.append(plural(planned.versions, "LoRA version"))
    if planned.sets:
        made.append(plural(planned.sets, "reference set"))
    if not made:
        return []
    count = planned.versions + planned.sets
    was = "was" if count == 1 else "were"
    return [
        f"{listed(made)} of {planned.character.name} {was} made for the block before: "
        "cast or build references and train again so that they agree with the new one."
    ]


def _notes(planned: PlannedChange) -> list[str]:
    name, notes = planned.character.name, []
    if planned.absent:
        notes.append(
            f"{name} has no {' and no '.join(planned.absent)}, so nothing of it was taken off."
        )
    if planned.identity:
        notes.append(
            f"“{listed([*planned.identity])}” belongs to the identity, which no look changes; "
            "ask for a change of the identity itself."
        )
    notes += replaced_words(
        [each for each in planned.after.replaced if each not in planned.before.replaced]
    )
    fresh = [each for each in planned.after.left_out if each not in planned.before.left_out]
    if fresh:
        notes.append(f"The base cannot draw {listed(fresh)}; the brief keeps it.")
    if planned.rest:
        quoted = [f"“{words}”" for words in planned.rest]
        notes.append(f"Not understood: {listed(quoted)}.")
    return notes


def _block(block: WrittenIdentity) -> str:
    return f"“{block.subject}: {block.text}”"


TOOL = ChatTool(
    "change_character", ChangeCharacter, change_character, card=describe_change, waits=_waits
)
