"""`pick`: the director takes takes; picking is the approval."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.common import listed
from agent.toolkit.numbers import TakeName, take_slates
from agent.toolkit.tool import ChatTool
from tools.contracts.limits import MOST_AT_ONCE
from tools.contracts.model import Contract, Phrase
from tools.contracts.progress import ProgressSink
from tools.workflows.shots.decide.picks import Decided
from tools.workflows.shots.decide.picks import pick as pick_takes


class Pick(Contract):
    """The director takes these takes; picking is the approval."""

    takes: tuple[TakeName, ...] = Field(min_length=1, max_length=MOST_AT_ONCE)
    note: Phrase | None = None


def pick(arguments: Pick, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Make takes the picks of their shots.

    Raises:
        BadInput: a number that was not shown, or a take without a picture.
        UnknownName: there is no such take.
        Refused: the speaker is a reviewer.
    """
    slates = take_slates(context, arguments.takes)
    decided = pick_takes(
        context.services, context.production, slates, context.speaker, arguments.note or ""
    )
    return Answer(text=_text(decided, arguments.note))


def _text(decided: Decided, note: str | None) -> str:
    picked = [slate for slate in decided.takes if slate not in decided.sketches]
    sentences = [f"Picked {listed(picked)}."] if picked else []
    if decided.sketches:
        sentences.append(_liked(decided.sketches))
    if decided.kept:
        sentences.append(
            f"A shot has one pick, and of the takes named the best by QC has it; "
            f"{listed(list(decided.kept))} stays open and can be picked instead."
        )
    if decided.lost:
        sentences.append(f"{listed(list(decided.lost))} lost the pick: a shot has one.")
    if note:
        sentences.append(f"Noted: {note}.")
    return " ".join(sentences)


def _liked(sketches: Sequence[str]) -> str:
    """A sketch's pick is a wish: say so, and what makes a take of its shot."""
    one = len(sketches) == 1
    return (
        f"{listed(list(sketches))} {'is a sketch' if one else 'are sketches'}: noted as what you like, "
        f"not as what is delivered. When a LoRA is trained, say: make {sketches[0]} real."
    )


TOOL = ChatTool("pick", Pick, pick)
