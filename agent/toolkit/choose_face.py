"""`choose_face`: one candidate becomes the anchor that every layer starts from."""

from __future__ import annotations

from pydantic import Field

from agent.answer import Answer, AnswerPicture
from agent.context import ChatContext
from agent.toolkit.common import character_of
from agent.toolkit.tool import ChatTool
from tools.contracts.casting import CandidateFace
from tools.contracts.model import Contract, Name
from tools.contracts.progress import ProgressSink
from tools.workflows.people.face_choice import last_casting, take_face


class ChooseFace(Contract):
    """Take one candidate as the anchor portrait."""

    character: Name
    face: int = Field(ge=1, le=12)


def choose_face(arguments: ChooseFace, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Keep the choice and show the face's portraits.

    Raises:
        Refused: nothing was cast, or the faces are not drawn.
        BadInput: no candidate of that number.
    """
    character = character_of(context, arguments.character)
    before = last_casting(context.services, character.id)
    face = take_face(context.services, character, arguments.face)
    again = before is not None and before.face == face.number
    said = (
        f"Face {face.number} is {character.name}'s face already."
        if again
        else f"Face {face.number} is {character.name}'s face from now on."
    )
    pictures = portraits_of(face, character.name)
    return Answer(text=f"{said} Next: build the references from it.", pictures=pictures)


def portraits_of(face: CandidateFace, name: str) -> tuple[AnswerPicture, ...]:
    """Return a candidate's portraits as pictures with their distances to one another."""
    return tuple(
        AnswerPicture(
            digest=digest,
            label=f"{name}, portrait {number}: "
            + ("no readable face" if distance is None else f"distance {distance:.3f}"),
        )
        for number, (digest, distance) in enumerate(
            zip(face.portraits, face.distances, strict=True), start=1
        )
    )


TOOL = ChatTool("choose_face", ChooseFace, choose_face)
