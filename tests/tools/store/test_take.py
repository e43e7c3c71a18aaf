from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlmodel import Session

from tests.tools.store.store_rows import (
    Empty,
    StoredRows,
    add_drawn_take,
    at_once,
    shot_request,
)
from tools.errors import BadInput, UnknownName
from tools.store.database import Database
from tools.store.production import Production, ProductionCreate, add_production
from tools.store.scene import Scene, add_scene, omit_scene
from tools.store.shot import Shot, add_shot, omit_shot
from tools.store.take import (
    Take,
    TakeCreate,
    add_take,
    find_take,
    get_take,
    list_production_takes,
    list_takes,
    pick_take,
    reject_take,
    take_of_slate,
    unpick,
)


@pytest.fixture
def scene(session: Session, production: Production) -> Scene:
    return add_scene(session=session, production_id=production.id, brief=Empty(), number=12)


@pytest.fixture
def shot(session: Session, scene: Scene) -> Shot:
    return add_shot(session=session, scene=scene, request=shot_request("12A"))


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Collect the SELECT statements that are sent."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def slates(rows: list[tuple[Take, Shot, Scene]]) -> list[str]:
    return [take.slate for take, _, _ in rows]


def fill(session: Session, production_id: str) -> None:
    """Scenes 2 and 1, each with a master and setups A and B of two takes."""
    for number in (2, 1):
        scene = add_scene(
            session=session, production_id=production_id, brief=Empty(), number=number
        )
        for letters in ("", "B", "A"):
            shot = add_shot(
                session=session, scene=scene, request=shot_request(f"{number}{letters}")
            )
            for _ in range(2):
                add_drawn_take(session, shot)


def test_a_rejected_take_is_kept_with_its_note(session: Session, shot: Shot) -> None:
    take = add_drawn_take(session, shot)
    reject_take(session=session, take_id=take.id, note="the hair is wrong")
    assert take.rejected_at is not None
    assert take.note == "the hair is wrong"
    assert list_takes(session=session, shot_id=shot.id) == [take]


def test_rejecting_takes_a_pick_back_and_picking_a_reject(session: Session, shot: Shot) -> None:
    first, second = (add_drawn_take(session, shot) for _ in range(2))
    reject_take(session=session, take_id=second.id)
    pick_take(session=session, take_id=first.id)
    assert second.rejected_at is not None
    reject_take(session=session, take_id=first.id)
    assert (first.picked_at, first.rejected_at is None) == (None, False)
    pick_take(session=session, take_id=first.id)
    assert (first.picked_at is None, first.rejected_at) == (False, None)


def test_a_pick_is_taken_back(session: Session, shot: Shot) -> None:
    picked, rejected = (add_drawn_take(session, shot) for _ in range(2))
    pick_take(session=session, take_id=picked.id, note="warm")
    reject_take(session=session, take_id=rejected.id)
    for take in (picked, rejected):
        unpick(session=session, take_id=take.id)
    assert (picked.picked_at, picked.rejected_at, picked.note) == (None, None, "warm")
    assert rejected.rejected_at is not None
    with pytest.raises(UnknownName, match="no take none"):
        unpick(session=session, take_id="none")


def test_a_take_without_a_picture_is_not_rejected(session: Session, shot: Shot) -> None:
    create = TakeCreate(shot_id=shot.id, key="a", prompt="a street", seed=5, request="{}")
    take = add_take(session=session, take=create)
    with pytest.raises(BadInput, match="12A T1 has no picture yet"):
        reject_take(session=session, take_id=take.id)


def test_of_picks_at_once_one_stays(database: Database, stored: StoredRows) -> None:
    with database.session() as session:
        shot = session.get_one(Shot, stored.shot)
        ids = [add_drawn_take(session, shot).id for _ in range(8)]

    def pick(index: int) -> bool:
        with database.session() as session:
            return pick_take(session=session, take_id=ids[index]).picked_at is not None

    assert all(at_once(pick))
    with database.reading() as session:
        takes = list_takes(session=session, shot_id=stored.shot)
    assert sum(take.picked_at is not None for take in takes) == 1


def test_a_take_is_found_by_its_slate(session: Session, production: Production, shot: Shot) -> None:
    takes = [add_drawn_take(session, shot) for _ in range(2)]
    for said in ("12A T2", "12a t2", " 12AT2 "):
        assert find_take(session=session, production_id=production.id, slate=said) == takes[1]
    assert take_of_slate(session=session, production_id=production.id, slate="12A T1") == takes[0]
    other = add_production(session=session, production=ProductionCreate(name="Reef", style="{}"))
    assert find_take(session=session, production_id=other.id, slate="12A T1") is None


def test_a_slate_of_no_take_says_which_there_are(
    session: Session, production: Production, scene: Scene, shot: Shot
) -> None:
    add_shot(session=session, scene=scene, request=shot_request("12B"))
    add_drawn_take(session, shot)
    for slate, message in (
        ("12A T4", "no take 12A T4; there are: 12A T1"),
        ("12B T1", "no take 12B T1; there are: none yet"),
        ("12C T1", "no shot 12C in this production"),
    ):
        assert find_take(session=session, production_id=production.id, slate=slate) is None
        with pytest.raises(UnknownName, match=message):
            take_of_slate(session=session, production_id=production.id, slate=slate)


def test_the_board_is_in_slate_order_and_paged(session: Session, production: Production) -> None:
    fill(session, production.id)
    rows = list_production_takes(session=session, production_id=production.id)
    assert " ".join(slates(rows[:6])) == "1 T1 1 T2 1A T1 1A T2 1B T1 1B T2"
    assert [(shot.slate, scene.number) for _, shot, scene in rows[-2:]] == [("2B", 2)] * 2
    page = list_production_takes(session=session, production_id=production.id, limit=3, offset=4)
    assert slates(page) == slates(rows)[4:7]
    other = add_production(session=session, production=ProductionCreate(name="Reef", style="{}"))
    assert list_production_takes(session=session, production_id=other.id) == []


def test_omitted_scenes_and_shots_are_not_on_the_board(
    session: Session, production: Production
) -> None:
    fill(session, production.id)
    rows = list_production_takes(session=session, production_id=production.id)
    omit_scene(session=session, scene_id=rows[-1][2].id)
    omit_shot(session=session, shot_id=rows[0][1].id)
    left = ["1A T1", "1A T2", "1B T1", "1B T2"]
    assert slates(list_production_takes(session=session, production_id=production.id)) == left
    assert get_take(session=session, take_id=rows[0][0].id) == rows[0][0]


def test_a_board_is_one_query_that_reads_no_whole_table(
    database: Database, stored: StoredRows
) -> None:
    with database.session() as session:
        fill(session, stored.production)
    with database.reading() as session, statements(database) as sent:
        rows = list_production_takes(session=session, production_id=stored.production)
        assert {take.slate.split()[0] for take, shot, _ in rows} == {
            shot.slate for _, shot, _ in rows
        }
    assert len(sent) == 1
    with database.session() as session:
        plan = session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {sent[0]}", (stored.production, 500, 0)
        )
        steps = [str(step.detail) for step in plan]
    assert steps
    assert not [step for step in steps if step.startswith("SCAN")], steps


def test_what_was_rejected_is_stored(database: Database, stored: StoredRows) -> None:
    with database.session() as session:
        reject_take(session=session, take_id=stored.take)
    with database.reading() as session:
        raw = session.connection().execute(text("SELECT picked_at, rejected_at FROM take")).one()
    assert raw[0] is None
    assert raw[1] is not None
