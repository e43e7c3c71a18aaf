"""A take as the page shows it: picture, slate, verdict, who said what.

Knows the store; must not know HTML. Votes and comments of all takes are read at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlmodel import Session

from tools.store.review import list_comments, list_votes
from tools.store.take import Take

PictureSize = Literal[0, 256, 512, 1024]
"""Longest side in pixels; 0 for the whole picture."""
PictureLink = Callable[[str, PictureSize], str]
"""Digest and size to an address that its production may open."""

THUMB: Final = 256
MIDDLE: Final = 512
LARGE: Final = 1024
MOST_TAKES = 2000
"""Newest takes that a tab shows; a browser is slow with more rows than that."""


@dataclass(frozen=True)
class Remark:
    """One person's vote or comment."""

    author: str
    text: str


@dataclass(frozen=True)
class TakeView:
    """One take."""

    id: str
    slate: str
    thumb: str
    large: str
    outcome: str
    """`pass`, `review` or `reject`; `not judged` while there is no verdict."""
    own: float | None
    """CSFD to its character."""
    reasons: tuple[str, ...]
    picked: bool
    rejected: bool
    note: str
    votes: tuple[Remark, ...]
    comments: tuple[Remark, ...]
    is_sketch: bool = False
    """Drawn without a LoRA, to look at: it is never delivered."""
    number: int | None = None
    """How the director may call it in the chat while it is what was shown last."""

    @property
    def state(self) -> str:
        """What the director said: `picked` (of a sketch: `liked`), `rejected` or `open`."""
        if self.picked:
            return "liked" if self.is_sketch else "picked"
        return "rejected" if self.rejected else "open"


def take_views(session: Session, takes: Sequence[Take], link: PictureLink) -> list[TakeView]:
    """Return takes that have a picture, in the order given."""
    drawn = [take for take in takes if take.digest is not None]
    ids = [take.id for take in drawn]
    votes: dict[str, list[Remark]] = {}
    for vote, name in list_votes(session=session, take_ids=ids):
        votes.setdefault(vote.take_id, []).append(Remark(name, vote.vote.value))
    comments: dict[str, list[Remark]] = {}
    for each in list_comments(session=session, take_ids=ids):
        comments.setdefault(each.take_id, []).append(Remark(each.author, each.text))
    return [_view(take, votes.get(take.id, []), comments.get(take.id, []), link) for take in drawn]


def _view(
    take: Take, votes: Sequence[Remark], comments: Sequence[Remark], link: PictureLink
) -> TakeView:
    digest = str(take.digest)
    return TakeView(
        id=take.id,
        slate=take.slate,
        thumb=link(digest, THUMB),
        large=link(digest, LARGE),
        outcome=take.verdict.value if take.verdict else "not judged",
        own=take.csfd_own,
        reasons=tuple(take.reason_list()),
        picked=take.picked_at is not None,
        rejected=take.rejected_at is not None,
        note=take.note,
        votes=tuple(votes),
        comments=tuple(comments),
        is_sketch=take.is_sketch,
    )
