"""Pick, reject, vote and comment: what people decide about takes, for the page and the chat alike.

Knows takes and accounts; must not know numbers on a screen. A director's pick is final; a reviewer
votes. All takes are kept. The pick of a sketch is a wish: it is kept beside the pick of a take, and
nothing is delivered by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.contracts.model import Contract
from tools.errors import BadInput, Refused, UnknownName
from tools.services import Services
from tools.store.production import get_production
from tools.store.review import Choice, CommentCreate, add_comment, set_vote
from tools.store.take import (
    Take,
    list_takes,
    pick_take,
    reject_take,
    take_of_slate,
)
from tools.store.take import unpick as unpick_take
from tools.store.user import Role, User, find_user, list_users
from tools.workflows.shots.decide.best_take import best_take

if TYPE_CHECKING:
    from sqlmodel import Session


class Decided(Contract):
    """What a decision changed; takes by their slates."""

    takes: tuple[str, ...]
    """Now picked, rejected or open, as was asked."""
    sketches: tuple[str, ...] = ()
    """Which of them are sketches."""
    lost: tuple[str, ...] = ()
    """Picked before and not any more: a shot has one pick."""
    kept: tuple[str, ...] = ()
    """Named in the same pick as a better take of their shot, and therefore left open."""


def pick(
    services: Services, production: str, slates: Sequence[str], by: str, note: str = ""
) -> Decided:
    """Make takes the picks of their shots; of several takes of one shot, the best by QC.

    A sketch is picked among the sketches of its shot, so that it never takes the place of a take.

    Args:
        services: the studio.
        production: the film or series.
        slates: takes, as `12A T3`; either all are decided or none.
        by: name of the person who decides.
        note: what the person said about them.

    Raises:
        UnknownName: no such production or take.
        BadInput: a take without a picture.
        Refused: `by` is a reviewer.
    """
    with services.database.session() as session:
        takes = _takes(session, production, slates, by)
        for take in takes:
            _require_picture(take)
        chosen = _one_a_shot(takes)
        lost = [slate for take in chosen for slate in _picked_beside(session, take)]
        for take in chosen:
            pick_take(session=session, take_id=take.id, note=note)
    names = tuple(take.slate for take in chosen)
    kept = tuple(take.slate for take in takes if take.slate not in names)
    return Decided(
        takes=names,
        sketches=_sketches(chosen),
        lost=tuple(slate for slate in lost if slate not in names),
        kept=kept,
    )


def reject(
    services: Services, production: str, slates: Sequence[str], by: str, note: str = ""
) -> Decided:
    """Say no to takes; picks among them are taken back.

    Raises:
        UnknownName: no such production or take.
        BadInput: a take without a picture.
        Refused: `by` is a reviewer.
    """
    with services.database.session() as session:
        takes = _takes(session, production, slates, by)
        lost = tuple(take.slate for take in takes if take.picked_at is not None)
        for take in takes:
            reject_take(session=session, take_id=take.id, note=note)
    return Decided(takes=tuple(take.slate for take in takes), sketches=_sketches(takes), lost=lost)


def unpick(services: Services, production: str, slates: Sequence[str], by: str) -> Decided:
    """Take picks back.

    Raises:
        UnknownName: no such production or take.
        Refused: `by` is a reviewer.
    """
    with services.database.session() as session:
        takes = _takes(session, production, slates, by)
        lost = tuple(take.slate for take in takes if take.picked_at is not None)
        for take in takes:
            unpick_take(session=session, take_id=take.id)
    return Decided(takes=tuple(take.slate for take in takes), sketches=_sketches(takes), lost=lost)


def vote(services: Services, production: str, slate: str, by: str, choice: Choice) -> None:
    """Store a person's vote on a take; the last one counts, and nothing is picked by it.

    Raises:
        UnknownName: no such production, take or account.
        Refused: the account is of another production.
    """
    with services.database.session() as session:
        user, take = _account_and_take(session, production, slate, by)
        set_vote(session=session, take_id=take.id, user_id=user.id, vote=choice)


def comment(services: Services, production: str, slate: str, by: str, text: str) -> None:
    """Store what a person says about a take; a studio without accounts takes anybody's word.

    Raises:
        UnknownName: no such production or take, or no such account where there are any.
        BadInput: empty, or over 2000 characters.
        Refused: the account is of another production.
    """
    words = text.strip()
    if not 1 <= len(words) <= 2000:
        raise BadInput(f"a comment takes 1 to 2000 characters, this has {len(words)}")
    with services.database.session() as session:
        if list_users(session=session):
            user, take = _account_and_take(session, production, slate, by)
            user_id = user.id
        else:
            owner = get_production(session=session, name=production).id
            user_id, take = None, take_of_slate(session=session, production_id=owner, slate=slate)
        add_comment(
            session=session,
            comment=CommentCreate(take_id=take.id, user_id=user_id, author=by, text=words),
        )


def _takes(session: Session, production: str, slates: Sequence[str], by: str) -> list[Take]:
    user = find_user(session=session, name=by)
    if user is not None and user.role is Role.REVIEWER:
        raise Refused(f"{by} is a reviewer: reviewers vote, the director decides")
    owner = get_production(session=session, name=production).id
    return [
        take_of_slate(session=session, production_id=owner, slate=slate)
        for slate in dict.fromkeys(slates)
    ]


def _require_picture(take: Take) -> None:
    if take.digest is None:
        raise BadInput(f"{take.slate} has no picture yet; choose another take")


def _sketches(takes: Sequence[Take]) -> tuple[str, ...]:
    return tuple(take.slate for take in takes if take.is_sketch)


def _one_a_shot(takes: Sequence[Take]) -> list[Take]:
    groups: dict[tuple[str, bool], list[Take]] = {}
    for take in takes:
        groups.setdefault((take.shot_id, take.is_sketch), []).append(take)
    return [best_take(group) for group in groups.values()]


def _picked_beside(session: Session, take: Take) -> list[str]:
    others = list_takes(session=session, shot_id=take.shot_id)
    return [
        each.slate
        for each in others
        if each.picked_at is not None and each.id != take.id and each.is_sketch is take.is_sketch
    ]


def _account_and_take(session: Session, production: str, slate: str, by: str) -> tuple[User, Take]:
    user = find_user(session=session, name=by)
    if user is None or user.disabled:
        raise UnknownName(f"no account named {by!r}; `samecast user add` makes one")
    owner = get_production(session=session, name=production).id
    if user.production_id not in (None, owner):
        raise Refused(
            f"{by} reviews another production; a director can make an account for this one"
        )
    return user, take_of_slate(session=session, production_id=owner, slate=slate)
