"""Pictures of an answer as the chat shows them: takes as they stand now, all others as they were.

Knows the store; must not know HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from agent.answer import Answer, AnswerPicture
from tools.store.board import takes_of_slates
from ui.page.views.takes import (
    LARGE,
    MIDDLE,
    THUMB,
    PictureLink,
    PictureSize,
    TakeView,
    take_views,
)

FEW = 4
"""So many pictures, as the sheets of a casting, are shown large enough to choose by."""


@dataclass(frozen=True)
class ShownPicture:
    """A picture that is no take, or one of a take that is gone."""

    thumb: str
    large: str
    label: str
    number: int | None


@dataclass(frozen=True)
class AnswerView:
    """The pictures of one answer."""

    takes: tuple[TakeView, ...]
    pictures: tuple[ShownPicture, ...]

    @property
    def are_few(self) -> bool:
        """Whether the pictures have room to be larger."""
        return len(self.pictures) <= FEW

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.takes and not self.pictures


def shown_takes(
    session: Session, production_id: str, answers: Iterable[Answer], link: PictureLink
) -> dict[str, TakeView]:
    """Read every take that these answers show, by slate, at once."""
    slates = {picture.take for answer in answers for picture in answer.pictures if picture.take}
    takes = takes_of_slates(session=session, production_id=production_id, slates=slates)
    return {view.slate: view for view in take_views(session, takes, link)}


def answer_view(answer: Answer, takes: Mapping[str, TakeView], link: PictureLink) -> AnswerView:
    """Return the pictures of an answer; `takes` is what `shown_takes` read."""
    known = [(picture, takes.get(picture.take or "")) for picture in answer.pictures]
    others = [picture for picture, take in known if take is None]
    size: PictureSize = MIDDLE if len(others) <= FEW else THUMB
    return AnswerView(
        takes=tuple(replace(take, number=each.number) for each, take in known if take is not None),
        pictures=tuple(_picture(each, size, link) for each in others),
    )


def _picture(picture: AnswerPicture, size: PictureSize, link: PictureLink) -> ShownPicture:
    return ShownPicture(
        thumb=link(picture.digest, size),
        large=link(picture.digest, LARGE),
        label=picture.label,
        number=picture.number,
    )
