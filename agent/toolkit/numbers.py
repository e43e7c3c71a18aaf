"""What a number or a slate that the director says stands for: the takes that were shown last.

Knows the conversation's shown labels and the takes' slates; must not know what is done with a take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import StringConstraints

from agent.context import ChatContext
from tools.contracts.digest import Shown, ShownKind
from tools.errors import BadInput
from tools.store.conversation import get_shown, set_shown
from tools.store.slate import parse_take, slate_name

TakeName = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{1,3}|[0-9]{1,4}[A-Z]{0,2} T[0-9]{1,4})$")
]
"""A take's slate (`12A T3`), or its number in what was shown last (`3`)."""

_OTHER_THINGS = {
    ShownKind.FACES: "candidate faces",
    ShownKind.REFERENCES: "reference images",
    ShownKind.SHOTS: "planned shots",
}


def shown_now(context: ChatContext) -> Shown:
    """Return what this conversation showed last."""
    with context.services.database.reading() as session:
        text = get_shown(session=session, conversation_id=context.conversation_id)
    return Shown.model_validate_json(text)


def show(context: ChatContext, shown: Shown) -> None:
    """Remember what the director's numbers stand for from now on."""
    with context.services.database.session() as session:
        set_shown(session=session, conversation_id=context.conversation_id, shown=shown)


def show_takes_as(context: ChatContext, slates: Sequence[str]) -> None:
    """Number these takes, as `12A T3`, from 1; none leaves the numbers as they are."""
    if slates:
        show(context, Shown(kind=ShownKind.TAKES, labels=tuple(slates)))


def take_slates(context: ChatContext, names: Sequence[str]) -> list[str]:
    """Return the slates that numbers and slates stand for, each once, in the order said.

    Raises:
        BadInput: a number of nothing that was shown as a take, or no slate.
    """
    shown = shown_now(context)
    slates = [_slate(name.strip(), shown) for name in names]
    return list(dict.fromkeys(slates))


def _slate(name: str, shown: Shown) -> str:
    if name.isdecimal():
        return _numbered(int(name), shown)
    scene, ordinal, take = parse_take(name)
    return f"{slate_name(scene, ordinal)} T{take}"


def _numbered(number: int, shown: Shown) -> str:
    if shown.kind is not ShownKind.TAKES or not shown.labels:
        other = _OTHER_THINGS.get(shown.kind)
        what = f"the numbers shown last are of {other}" if other else "no takes were shown yet"
        raise BadInput(
            f"take {number}: {what}; name the take by its slate, as 12A T1, or see takes"
        )
    if not 1 <= number <= len(shown.labels):
        raise BadInput(
            f"no take {number}: {len(shown.labels)} shown last, "
            f"1 ({shown.labels[0]}) to {len(shown.labels)} ({shown.labels[-1]})"
        )
    return shown.labels[number - 1]
