"""`review_references`: look at the images, drop some by number, go on with the next layer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.build_references import start_layers
from agent.toolkit.common import (
    character_of,
    listed,
    references_of,
)
from agent.toolkit.set_pictures import layer_pictures, set_pictures, show_references
from agent.toolkit.tool import ChatTool
from tools.contracts.model import Contract, Name
from tools.contracts.progress import ProgressSink
from tools.errors import Refused
from tools.language.text import plural
from tools.store.job import JobState
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.sets.build.layered_draft import (
    LayeredDraft,
    drop_from_draft,
    find_layered_draft,
    next_request,
)
from tools.workflows.sets.review.set_review import StoredSet, drop_from_set


class ReviewReferences(Contract):
    """Show the reference images; drop some by number; draw the next layer."""

    character: Name
    drop: tuple[Annotated[int, Field(ge=1, le=999)], ...] = Field(default=(), max_length=60)
    next_layer: bool = False


def review_references(
    arguments: ReviewReferences, context: ChatContext, _watch: ProgressSink
) -> Answer:
    """Drop by position, then show what is left or start the next layer.

    Raises:
        BadInput: a position that is not there.
        Refused: there is nothing to look at yet, or no layer to go on with.
    """
    character = character_of(context, arguments.character)
    draft = find_layered_draft(context.services, character.id)
    if draft is not None:
        return _review_draft(arguments, context, character, draft)
    found = references_of(context, character)
    if arguments.next_layer:
        raise Refused(
            f"no set of {character.name} is being built; v{found.row.version} is finished: "
            "ask the gate, or build references again"
        )
    return _review_set(arguments, context, character, found)


def _card(arguments: ReviewReferences, _context: ChatContext) -> str:
    return f"Draw the next layer of {arguments.character}'s reference set."


def _draws(arguments: ReviewReferences) -> bool:
    return arguments.next_layer


def _review_draft(
    arguments: ReviewReferences,
    context: ChatContext,
    character: LoadedCharacter,
    draft: LayeredDraft,
) -> Answer:
    if draft.made is None:
        state = draft.job.state if draft.job else JobState.CANCELLED
        ended = state in (JobState.FAILED, JobState.CANCELLED)
        mend = "build references to go on" if ended else "wait for it"
        raise Refused(f"{character.name}'s references: the drawing is {_said(state)}; {mend}")
    dropped = tuple(sorted(set(arguments.drop)))
    if dropped:
        drop_from_draft(context.services, character.id, draft, dropped)
        draft = find_layered_draft(context.services, character.id) or draft
    gone = f"{_dropped(dropped)} " if dropped else ""
    if arguments.next_layer:
        answer = start_layers(context, character.id, next_request(draft))
        return answer.model_copy(update={"text": gone + answer.text})
    pictures = layer_pictures(draft.images)
    show_references(context, character.name, pictures)
    layers = f"{len(draft.made or ())} of {draft.all_layers} layers"
    return Answer(
        text=f"{gone}{character.name}'s references so far: {plural(len(pictures), 'image')} in "
        f"{layers}. Ask for the next layer when they are right.",
        pictures=pictures,
    )


def _review_set(
    arguments: ReviewReferences,
    context: ChatContext,
    character: LoadedCharacter,
    found: StoredSet,
) -> Answer:
    dropped, gone = tuple(sorted(set(arguments.drop))), ""
    if dropped:
        judged = found.row.verdict is not None
        drop_from_set(context.services, found, dropped)
        found = references_of(context, character)
        void = " The gate's word on the set is void; ask it again." if judged else ""
        gone = f"{_dropped(dropped)}{void} "
    pictures = set_pictures(found)
    show_references(context, character.name, pictures)
    return Answer(
        text=f"{gone}Reference set v{found.row.version} of {character.name}: "
        f"{plural(len(pictures), 'image')}, {_gate(found)}.",
        pictures=pictures,
    )


def _dropped(positions: tuple[int, ...]) -> str:
    numbers = listed([str(position) for position in positions])
    return f"Image {numbers} is out." if len(positions) == 1 else f"Images {numbers} are out."


def _gate(found: StoredSet) -> str:
    return "not judged by the gate" if found.row.verdict is None else f"gate: {found.row.verdict}"


def _said(state: JobState) -> str:
    return "going on" if state in (JobState.CLAIMED, JobState.SUBMITTED) else str(state.value)


TOOL = ChatTool("review_references", ReviewReferences, review_references, card=_card, draws=_draws)
