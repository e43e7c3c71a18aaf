"""`omit`: shots and scenes go out of the film, and come back."""

from __future__ import annotations

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.common import listed
from agent.toolkit.tool import ChatTool
from tools.contracts.digest import Slate
from tools.contracts.limits import MOST_AT_ONCE
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.workflows.shots.decide.omit import Omission
from tools.workflows.shots.decide.omit import omit as omit_shots


class Omit(Contract):
    """Take shots, or a whole scene, out of the film; or bring them back. Takes are kept."""

    slates: tuple[Slate, ...] = Field(default=(), max_length=MOST_AT_ONCE)
    scene: int | None = Field(default=None, ge=1, le=9999)
    back: bool = Field(default=False, description="Bring back what was omitted.")


def omit(arguments: Omit, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Omit shots or a scene, or bring them back.

    Raises:
        BadInput: nothing is named, or a shot is to come back into a scene that is omitted.
        UnknownName: there is no such shot or scene.
    """
    done = omit_shots(
        context.services, context.production, arguments.slates, arguments.scene, arguments.back
    )
    return Answer(text=_text(done))


def _text(done: Omission) -> str:
    sentences = []
    if done.changed:
        changed, many = listed([*done.changed]), len(done.changed) > 1
        verb = "are" if many else "is"
        how = f"{verb} in the film again" if done.back else f"{verb} omitted; takes are kept"
        sentences.append(f"{changed[0].upper()}{changed[1:]} {how}.")
    if done.unchanged:
        same = listed([*done.unchanged])
        verb = "are" if len(done.unchanged) > 1 else "is"
        how = "in the film already" if done.back else "omitted already"
        sentences.append(f"{same[0].upper()}{same[1:]} {verb} {how}.")
    return " ".join(sentences)


TOOL = ChatTool("omit", Omit, omit)
