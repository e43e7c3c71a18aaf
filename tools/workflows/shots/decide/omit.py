"""Take shots and scenes out of the film, and bring them back.

Knows slates and scenes; must not touch takes: they are kept, and are there again when their shot is. What
was omitted is not shot, not asked for and not delivered, and keeps its slate or number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from tools.contracts.digest import Slate
from tools.contracts.model import Contract
from tools.errors import BadInput
from tools.services import Services
from tools.store.scene import get_scene, omit_scene
from tools.store.shot import Shot, get_shot, is_in_film, omit_shot
from tools.store.slate import parse_slate
from tools.workflows.digest import production_row

if TYPE_CHECKING:
    from sqlmodel import Session


class Omission(Contract):
    """What an omission, or its taking back, has changed."""

    back: bool
    """Whether they are in the film again."""
    slates: tuple[Slate, ...]
    """Shots, in the order asked."""
    scene: int | None = Field(default=None, ge=1, le=9999)
    unchanged: tuple[str, ...] = ()
    """What was asked for and stood so already: slates, or `scene 4`."""

    @property
    def changed(self) -> tuple[str, ...]:
        """What is different now: `scene 4`, then slates."""
        whole = () if self.scene is None else (f"scene {self.scene}",)
        return (*whole, *self.slates)


def omit(
    services: Services,
    production: str,
    slates: Sequence[str],
    scene: int | None = None,
    back: bool = False,
) -> Omission:
    """Omit shots, or a whole scene, or both; or bring them back. Either all is done or nothing.

    Args:
        services: the studio.
        production: the film or series.
        slates: shots, as `12A`.
        scene: number of a scene; its shots go and come with it, those omitted by themselves stay so.
        back: bring back what was omitted.

    Raises:
        UnknownName: there is no such shot or scene.
        BadInput: nothing is named, a slate cannot be read, or a shot is to come back into a scene that
            is omitted.
    """
    if not slates and scene is None:
        raise BadInput("which shot or scene? Name a slate such as 12A, or a scene's number")
    owner = production_row(services, production).id
    with services.database.session() as session:
        before: dict[str, bool] = {}
        if scene is not None:
            whole = get_scene(session=session, production_id=owner, number=scene)
            before[f"scene {scene}"] = whole.omitted
            omit_scene(session=session, scene_id=whole.id, back=back)
        for slate in dict.fromkeys(slates):
            shot = get_shot(session=session, production_id=owner, slate=slate)
            before[shot.slate] = shot.omitted
            omit_shot(session=session, shot_id=shot.id, back=back)
            if back:
                _require_scene(session, shot)
    changed = [name for name, omitted in before.items() if omitted is back]
    return Omission(
        back=back,
        slates=tuple(slate for slate in changed if not slate.startswith("scene")),
        scene=scene if f"scene {scene}" in changed else None,
        unchanged=tuple(name for name in before if name not in changed),
    )


def _require_scene(session: Session, shot: Shot) -> None:
    if not is_in_film(session=session, shot=shot):
        number, _ = parse_slate(shot.slate)
        raise BadInput(f"scene {number} is omitted, and {shot.slate} with it; bring the scene back")
