"""Give shots that were only described a slate and a scene.

Knows scenes, slates, the cast and its looks; must not draw. What a shot leaves open, its scene says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.contracts.briefs import CharacterBrief, SceneBrief
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.errors import BadInput, UnknownName
from tools.language.prompt.identity import look_of
from tools.services import Services
from tools.store.character import list_characters
from tools.store.scene import Scene, add_scene, find_scene, list_scenes
from tools.store.shot import add_shot, next_slate
from tools.store.slate import parse_slate, slate_name
from tools.workflows.digest import production_row
from tools.workflows.shots.shoot.in_frame import require_one_person

if TYPE_CHECKING:
    from sqlmodel import Session

FIRST_SCENE = 1


@dataclass(frozen=True)
class LaidOut:
    """Described shots with their slates, not stored yet."""

    scene: Scene | None
    """None opens a new scene."""
    number: int
    shots: tuple[ShotRequest, ...]


def store_new_shots(
    services: Services, production: str, wanted: Sequence[ShotRequest], scene: int | None
) -> list[ShotRequest]:
    """Store described shots under the next slates of a scene and return them with their slates.

    Args:
        services: the studio.
        production: the film or series.
        wanted: the shots; their slates are not read.
        scene: number of the scene, opened when it is new; None takes the newest, else scene 1.

    Raises:
        UnknownName: somebody who is not in the cast, or a look that nobody has.
        BadInput: the scene was omitted, or more than one person is in frame.
    """
    owner = production_row(services, production).id
    with services.database.session() as session:
        plan = _lay_out(session, owner, wanted, scene)
        first = plan.shots[0]
        row = plan.scene or add_scene(
            session=session,
            production_id=owner,
            brief=SceneBrief(number=plan.number, place=first.place, light=first.light),
            number=plan.number,
        )
        for request in plan.shots:
            add_shot(session=session, scene=row, request=request)
    return list(plan.shots)


def preview_new_shots(
    services: Services, production: str, wanted: Sequence[ShotRequest], scene: int | None
) -> list[ShotRequest]:
    """Return described shots as they would be stored; stores nothing. Raises as storing does."""
    owner = production_row(services, production).id
    with services.database.reading() as session:
        return list(_lay_out(session, owner, wanted, scene).shots)


def known_scene(session: Session, production_id: str, number: int) -> Scene | None:
    """Return the scene of this number, or None when it is new.

    Raises:
        BadInput: it was omitted.
    """
    found = find_scene(session=session, production_id=production_id, number=number)
    if found is not None and found.omitted:
        raise BadInput(f"scene {number} was omitted and keeps its number; choose another")
    return found


def in_scene(shot: ShotRequest, scene: SceneBrief) -> ShotRequest:
    """Return a shot whose place and light, where it leaves them open, are the scene's."""
    return shot.model_copy(
        update={"place": shot.place or scene.place, "light": shot.light or scene.light}
    )


def _lay_out(
    session: Session, production_id: str, wanted: Sequence[ShotRequest], number: int | None
) -> LaidOut:
    _check_cast(session, production_id, wanted)
    scene = _scene(session, production_id, number)
    if scene is None:
        place = FIRST_SCENE if number is None else number
        shots = _with_slates(wanted, place, first=1)
        return LaidOut(scene=None, number=place, shots=tuple(shots))
    brief = SceneBrief.model_validate_json(scene.brief)
    _, ordinal = parse_slate(next_slate(session=session, scene=scene))
    shots = [in_scene(shot, brief) for shot in _with_slates(wanted, scene.number, first=ordinal)]
    return LaidOut(scene=scene, number=scene.number, shots=tuple(shots))


def _with_slates(wanted: Sequence[ShotRequest], scene: int, first: int) -> list[ShotRequest]:
    return [
        shot.model_copy(update={"slate": slate_name(scene, first + place)})
        for place, shot in enumerate(wanted)
    ]


def _scene(session: Session, production_id: str, number: int | None) -> Scene | None:
    if number is None:
        scenes = list_scenes(session=session, production_id=production_id)
        return max(scenes, key=lambda scene: (scene.created_at, scene.number), default=None)
    return known_scene(session, production_id, number)


def _check_cast(session: Session, production_id: str, wanted: Sequence[ShotRequest]) -> None:
    rows = list_characters(session=session, production_id=production_id)
    briefs = {row.name: CharacterBrief.model_validate_json(row.brief) for row in rows}
    for shot in wanted:
        for member in shot.cast:
            _check_member(member, briefs)
        require_one_person(shot)


def _check_member(member: CharacterInShot, briefs: dict[str, CharacterBrief]) -> None:
    brief = briefs.get(member.character)
    if brief is None:
        known = ", ".join(briefs) or "nobody yet"
        raise UnknownName(
            f"{member.character} is not in the cast; there are: {known}. Create the character first"
        )
    look_of(brief, member.look)
