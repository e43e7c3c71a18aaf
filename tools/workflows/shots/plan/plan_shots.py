"""Store a scene in prose and the shots that cover it; nothing is drawn.

Knows scenes, slates and the cast; must not know how prose becomes shots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from tools.contracts.briefs import CharacterBrief, SceneBrief
from tools.contracts.model import Contract
from tools.contracts.planning import PlannedScene, PlannedShot, UnknownLook
from tools.contracts.shots import Removal, ShotRequest
from tools.errors import BadInput
from tools.language.scene.plan_scene import plan_scenes
from tools.services import Services
from tools.store.character import list_characters
from tools.store.scene import Scene, add_scene
from tools.store.shot import add_shot, next_slate
from tools.workflows.digest import production_row
from tools.workflows.shots.cards.shot_card import ShotCard, shot_card
from tools.workflows.shots.plan.new_shots import in_scene, known_scene

if TYPE_CHECKING:
    from sqlmodel import Session

MOST_SHOTS = 100
"""Shots of one plan; nobody reads a longer one in a chat."""


class StoredShot(Contract):
    """A planned shot with its slate, what it covers, and its card."""

    card: ShotCard
    action: str | None
    covers: tuple[str, ...]


class StoredPlan(Contract):
    """What was planned; without shots nothing was stored."""

    scene: int | None = Field(ge=1, le=9999)
    is_new_scene: bool
    brief: SceneBrief
    shots: tuple[StoredShot, ...]
    unknown: tuple[str, ...] = ()
    """People of the text who are not in the cast."""
    unknown_looks: tuple[UnknownLook, ...] = ()
    uncovered: tuple[str, ...] = ()
    removed: tuple[Removal, ...] = ()
    """Syntax of other programs that was taken out of the text."""
    further: tuple[StoredPlan, ...] = ()
    """Scenes of the same text that follow: each heading begins one."""

    @property
    def scenes(self) -> tuple[StoredPlan, ...]:
        """This scene and those that follow it."""
        return (self, *self.further)


@dataclass(frozen=True)
class _Rows:
    number: int
    is_new: bool
    requests: tuple[ShotRequest, ...]


def plan_shots(
    services: Services, production: str, text: str, scene: int | None = None
) -> StoredPlan:
    """Plan the shots of a text's scenes and store them under each scene's next slates, A first.

    Args:
        services: the studio.
        production: the film or series.
        text: the scene, 1 to 4,000 characters.
        scene: the first scene's number; None takes the number that the text gives, else the next
            free one, as for the scenes after it. A scene that exists gets further setups.

    Raises:
        BadInput: empty, too long, more than 100 shots, or a scene that was omitted.
    """
    owner = production_row(services, production)
    with services.database.reading() as session:
        cast = list_characters(session=session, production_id=owner.id)
        briefs = [CharacterBrief.model_validate_json(row.brief) for row in cast]
    scenes = plan_scenes(
        text,
        [brief.name for brief in briefs],
        {brief.name: [look.name for look in brief.looks] for brief in briefs},
        {brief.name: brief.person for brief in briefs},
    )
    count = sum(len(planned.shots) for planned in scenes)
    if count > MOST_SHOTS:
        raise BadInput(f"{count} shots at once; plan the scene in parts of {MOST_SHOTS}")
    numbers = [scene or scenes[0].scene.number, *(each.scene.number for each in scenes[1:])]
    first, *further = (
        _plan(services, production, owner.id, planned, number)
        for planned, number in zip(scenes, numbers, strict=True)
    )
    return first.model_copy(update={"further": tuple(further)})


def _plan(
    services: Services, production: str, owner_id: str, planned: PlannedScene, number: int | None
) -> StoredPlan:
    if not planned.shots:
        return _stored(planned, None, ())
    with services.database.session() as session:
        rows = _store(session, owner_id, planned, number)
    shots = tuple(
        StoredShot(
            card=shot_card(services, production, request),
            action=request.action,
            covers=shot.covers,
        )
        for request, shot in zip(rows.requests, planned.shots, strict=True)
    )
    return _stored(planned, rows, shots)


def _stored(planned: PlannedScene, rows: _Rows | None, shots: tuple[StoredShot, ...]) -> StoredPlan:
    return StoredPlan(
        scene=rows.number if rows else None,
        is_new_scene=rows.is_new if rows else False,
        brief=planned.scene,
        shots=shots,
        unknown=planned.unknown,
        unknown_looks=planned.unknown_looks,
        uncovered=planned.uncovered,
        removed=planned.removed,
    )


def _store(
    session: Session, production_id: str, planned: PlannedScene, number: int | None
) -> _Rows:
    known = None if number is None else known_scene(session, production_id, number)
    row = known or add_scene(
        session=session, production_id=production_id, brief=planned.scene, number=number
    )
    before = SceneBrief.model_validate_json(row.brief)
    requests = tuple(_add(session, row, before, shot) for shot in planned.shots)
    return _Rows(row.number, known is None, requests)


def _add(session: Session, row: Scene, before: SceneBrief, shot: PlannedShot) -> ShotRequest:
    request = in_scene(shot.request(next_slate(session=session, scene=row)), before)
    add_shot(session=session, scene=row, request=request, source=" ".join(shot.covers))
    return request
