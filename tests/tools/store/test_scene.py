from __future__ import annotations

import pytest
from pydantic import BaseModel
from sqlmodel import Session

from tools.errors import BadInput, UnknownName
from tools.store.production import Production
from tools.store.scene import Scene, add_scene, get_scene, list_scenes, omit_scene


class Empty(BaseModel):
    """A brief that says nothing."""


@pytest.fixture
def scene(session: Session, production: Production) -> Scene:
    return add_scene(session=session, production_id=production.id, brief=Empty(), number=12)


def test_scene_numbers_go_up_and_may_be_given(session: Session, production: Production) -> None:
    def add(number: int | None = None) -> int:
        return add_scene(
            session=session, production_id=production.id, brief=Empty(), number=number
        ).number

    assert [add(), add(12), add(), add(3)] == [1, 12, 13, 3]
    for wrong, message in ((12, "never reused"), (0, "no scene number"), (10_000, "1 to 9999")):
        with pytest.raises(BadInput, match=message):
            add(wrong)


def test_an_omitted_scene_keeps_its_number(
    session: Session, production: Production, scene: Scene
) -> None:
    omit_scene(session=session, scene_id=scene.id)
    assert list_scenes(session=session, production_id=production.id) == []
    assert list_scenes(session=session, production_id=production.id, with_omitted=True) == [scene]
    after = add_scene(session=session, production_id=production.id, brief=Empty())
    assert after.number == 13
    assert get_scene(session=session, production_id=production.id, number=12).omitted
    with pytest.raises(UnknownName, match="no scene 7"):
        get_scene(session=session, production_id=production.id, number=7)
    omit_scene(session=session, scene_id=scene.id, back=True)
    assert list_scenes(session=session, production_id=production.id) == [scene, after]
