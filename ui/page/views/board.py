"""The board: scenes, their shots and the takes of each, as a storyboard.

Knows the store; must not know HTML. Three queries for the takes and what people said, one for the
scenes, however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from tools.contracts.briefs import SceneBrief
from tools.contracts.shots import ShotRequest
from tools.store.board import production_scenes
from tools.store.shot import Shot
from tools.store.take import list_production_takes
from ui.page.views.takes import MOST_TAKES, PictureLink, TakeView, take_views


@dataclass(frozen=True)
class ShotView:
    """A setup with its takes."""

    slate: str
    title: str
    """Framing and who is in frame."""
    words: str
    """Action, place, light and lens, as they were asked for."""
    takes: tuple[TakeView, ...]
    omitted: bool = False
    """Taken out of the film, by itself or with its scene; its takes are not shown."""


@dataclass(frozen=True)
class SceneView:
    """A scene with its setups."""

    number: int
    title: str
    """Place and light."""
    shots: tuple[ShotView, ...]
    omitted: bool = False


@dataclass(frozen=True)
class BoardView:
    """All of a production's shots."""

    scenes: tuple[SceneView, ...]
    takes: int
    picked: int
    rejected: int
    sketches: int = 0
    """Counted apart: a sketch is no take."""


def board_view(session: Session, production_id: str, link: PictureLink) -> BoardView:
    """Read the board of a production."""
    rows = list_production_takes(session=session, production_id=production_id, limit=MOST_TAKES)
    views = take_views(session, [take for take, _, _ in rows], link)
    by_id = {view.id: view for view in views}
    of_shot: dict[str, list[TakeView]] = {}
    for take, shot, _ in rows:
        if take.id in by_id:
            of_shot.setdefault(shot.id, []).append(by_id[take.id])
    scenes = tuple(
        SceneView(
            number=scene.number,
            title=_scene_title(SceneBrief.model_validate_json(scene.brief)),
            shots=tuple(
                _shot(each.shot, of_shot.get(each.shot.id, ()), scene.omitted) for each in shots
            ),
            omitted=scene.omitted,
        )
        for scene, shots in production_scenes(
            session=session, production_id=production_id, with_omitted=True
        )
    )
    taken = [view for view in views if not view.is_sketch]
    return BoardView(
        scenes=scenes,
        takes=len(taken),
        picked=sum(view.picked for view in taken),
        rejected=sum(view.rejected for view in taken),
        sketches=len(views) - len(taken),
    )


def _scene_title(brief: SceneBrief) -> str:
    return ", ".join(words for words in (brief.place, brief.light) if words)


def _shot(shot: Shot, takes: Sequence[TakeView], scene_omitted: bool) -> ShotView:
    request = ShotRequest.model_validate_json(shot.request)
    people = " and ".join(each.character for each in request.cast)
    said = (request.action, request.expression, request.place, request.light, request.lens)
    return ShotView(
        slate=shot.slate,
        title=f"{request.framing}, {people}" if people else str(request.framing),
        words=", ".join(str(words) for words in said if words),
        takes=tuple(takes),
        omitted=shot.omitted or scene_omitted,
    )
