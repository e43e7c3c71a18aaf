from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from sqlmodel import Session

from tools.contracts.photography import Framing
from tools.contracts.shots import ShotRequest
from tools.contracts.verdicts import Outcome, Verdict
from tools.errors import BadInput, UnknownName
from tools.store.board import production_scenes
from tools.store.database import Database
from tools.store.production import Production, ProductionCreate, add_production
from tools.store.scene import Scene, add_scene, omit_scene
from tools.store.shot import (
    Shot,
    add_shot,
    ensure_shot,
    get_shot,
    next_slate,
    omit_shot,
    revise_shot,
)
from tools.store.slate import setup_letters
from tools.store.take import (
    TakeCreate,
    add_take,
    get_take,
    list_takes,
    pick_take,
    record_drawing,
    record_verdict,
)


class Empty(BaseModel):
    """A brief that says nothing."""


def request(slate: str, framing: Framing = Framing.CLOSE_UP) -> ShotRequest:
    return ShotRequest(slate=slate, framing=framing, cast=())


@pytest.fixture
def scene(session: Session, production: Production) -> Scene:
    return add_scene(session=session, production_id=production.id, brief=Empty(), number=12)


@pytest.fixture
def shot(session: Session, scene: Scene) -> Shot:
    return add_shot(session=session, scene=scene, request=request("12A"))


def take(shot: Shot, key: str, seed: int = 5) -> TakeCreate:
    return TakeCreate(shot_id=shot.id, key=key, prompt="a street", seed=seed, request="{}")


def kept(session: Session, scene: Scene) -> list[Shot]:
    """The scene's shots in slate order, without the omitted ones."""
    [(_, rows)] = production_scenes(session=session, production_id=scene.production_id)
    return [each.shot for each in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    steps=st.lists(st.just("next") | st.just("omit") | st.integers(0, 60), max_size=25),
    number=st.uuids().map(lambda value: value.int % 9000 + 900),
)
def test_letters_are_never_given_twice(
    database: Database, steps: list[str | int], number: int
) -> None:
    given_out: list[str] = []
    with database.session() as session:
        production = add_production(
            session=session, production=ProductionCreate(name=f"P{number}", style="{}")
        )
        scene = add_scene(
            session=session, production_id=production.id, brief=Empty(), number=number
        )
        for step in steps:
            shots = kept(session, scene)
            if step == "omit":
                if shots:
                    omit_shot(session=session, shot_id=shots[-1].id)
                continue
            slate = next_slate(session=session, scene=scene)
            if isinstance(step, int):
                slate = f"{number}{setup_letters(step)}"
            if slate in given_out:
                with pytest.raises(BadInput, match="never reused"):
                    add_shot(session=session, scene=scene, request=request(slate))
                assert isinstance(step, int)
            else:
                given_out.append(
                    add_shot(session=session, scene=scene, request=request(slate)).slate
                )
        assert len(set(given_out)) == len(given_out)
        session.rollback()


def test_the_next_letter_skips_i_and_o(session: Session, scene: Scene) -> None:
    slates = []
    for _ in range(15):
        slates.append(next_slate(session=session, scene=scene))
        add_shot(session=session, scene=scene, request=request(slates[-1]))
    assert "".join(slate.removeprefix("12") for slate in slates) == "ABCDEFGHJKLMNPQ"
    add_shot(session=session, scene=scene, request=request("12"))
    assert kept(session, scene)[0].slate == "12"


def test_a_slate_of_another_scene_is_refused(session: Session, scene: Scene) -> None:
    with pytest.raises(BadInput, match="13A is not of scene 12"):
        add_shot(session=session, scene=scene, request=request("13A"))


def test_the_same_shot_is_stored_once_and_another_one_refused(
    session: Session, scene: Scene, shot: Shot
) -> None:
    assert ensure_shot(session=session, scene=scene, request=request("12A")) == shot
    with pytest.raises(BadInput, match="12A exists"):
        ensure_shot(session=session, scene=scene, request=request("12A", Framing.WIDE))
    found = get_shot(session=session, production_id=scene.production_id, slate="12A")
    assert ShotRequest.model_validate_json(found.request) == request("12A")
    with pytest.raises(UnknownName, match="no shot 12B"):
        get_shot(session=session, production_id=scene.production_id, slate="12B")


def test_a_shot_is_revised_under_its_slate(session: Session, scene: Scene, shot: Shot) -> None:
    add_take(session=session, take=take(shot, "a"))
    revise_shot(session=session, shot_id=shot.id, request=request("12A", Framing.WIDE))
    found = get_shot(session=session, production_id=scene.production_id, slate="12A")
    assert ShotRequest.model_validate_json(found.request).framing is Framing.WIDE
    assert [row.request for row in list_takes(session=session, shot_id=shot.id)] == ["{}"]
    with pytest.raises(BadInput, match="a request for 12B cannot revise 12A"):
        revise_shot(session=session, shot_id=shot.id, request=request("12B"))
    omit_shot(session=session, shot_id=shot.id)
    with pytest.raises(BadInput, match="shot 12A was omitted"):
        revise_shot(session=session, shot_id=shot.id, request=request("12A"))
    omit_shot(session=session, shot_id=shot.id, back=True)
    omit_scene(session=session, scene_id=scene.id)
    with pytest.raises(BadInput, match="shot 12A was omitted"):
        revise_shot(session=session, shot_id=shot.id, request=request("12A"))
    with pytest.raises(UnknownName, match="no shot none"):
        revise_shot(session=session, shot_id="none", request=request("12A"))


def test_a_shot_says_which_sentence_it_covers(session: Session, scene: Scene, shot: Shot) -> None:
    said = "Mara closes the hatch. "
    second = add_shot(session=session, scene=scene, request=request("12B"), source=said * 200)
    assert (shot.source, second.source) == ("", (said * 200)[:2000])


def test_racing_takes_get_different_numbers_and_lose_none(database: Database) -> None:
    with database.session() as session:
        production = add_production(
            session=session, production=ProductionCreate(name="Harbour", style="{}")
        )
        scene = add_scene(session=session, production_id=production.id, brief=Empty())
        shot = add_shot(session=session, scene=scene, request=request("1A"))

    def add(key: int) -> str:
        with database.session() as session:
            return add_take(session=session, take=take(shot, str(key))).slate

    with ThreadPoolExecutor(8) as pool:
        slates = list(pool.map(add, range(24)))
    assert sorted(slates) == sorted(f"1A T{number}" for number in range(1, 25))


def test_the_same_key_is_the_same_take(session: Session, shot: Shot) -> None:
    first = add_take(session=session, take=take(shot, "job try 1"))
    assert add_take(session=session, take=take(shot, "job try 1")) == first
    assert add_take(session=session, take=take(shot, "job try 2")).slate == "12A T2"
    with pytest.raises(BadInput, match="12A T1 has the key 'job try 1' already"):
        add_take(session=session, take=take(shot, "job try 1", seed=6))


def test_a_take_needs_its_shot(session: Session, shot: Shot) -> None:
    lost = take(shot, "a").model_copy(update={"shot_id": "none"})
    with pytest.raises(UnknownName, match="no shot none"):
        add_take(session=session, take=lost)
    with pytest.raises(UnknownName, match="no take none"):
        get_take(session=session, take_id="none")


def test_a_verdict_is_stored_whole(session: Session, shot: Shot) -> None:
    row = add_take(session=session, take=take(shot, "a"))
    verdict = Verdict(
        outcome=Outcome.REVIEW,
        reasons=("the face is small", "« 24 px »"),
        csfd_own=0.04,
        csfd_other=0.09,
        nearest="own",
        copy_of="b.png",
        faces=1,
    )
    stored = record_verdict(session=session, take_id=row.id, verdict=verdict)
    assert (stored.verdict, stored.csfd_own, stored.csfd_other) == (Outcome.REVIEW, 0.04, 0.09)
    assert (stored.nearest, stored.copy_of, stored.faces) == ("own", "b.png", 1)
    assert stored.reason_list() == ["the face is small", "« 24 px »"]


def test_one_take_of_a_shot_is_picked(session: Session, shot: Shot) -> None:
    first, second, third = (add_take(session=session, take=take(shot, key)) for key in "abc")
    for row in (first, second):
        record_drawing(session=session, take_id=row.id, digest="a" * 64)
    pick_take(session=session, take_id=first.id)
    pick_take(session=session, take_id=second.id, note="warmer")
    rows = list_takes(session=session, shot_id=shot.id)
    assert [row.picked_at is not None for row in rows] == [False, True, False]
    assert second.note == "warmer"
    with pytest.raises(BadInput, match="12A T3 has no picture yet"):
        pick_take(session=session, take_id=third.id)
