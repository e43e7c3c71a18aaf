from __future__ import annotations

from datetime import date

import pytest

from tests.support.filled_studio import PASSED, plan, shot, takes, trained
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput, Refused, UnknownName
from tools.jobs.job_store import JobStore
from tools.services import Services
from tools.store.board import production_scenes
from tools.workflows.delivery.deliver import deliver
from tools.workflows.delivery.delivery_plan import plan_delivery
from tools.workflows.digest import production_row, studio_digest
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.decide.omit import omit
from tools.workflows.shots.decide.picks import pick
from tools.workflows.shots.plan.new_shots import store_new_shots
from tools.workflows.shots.plan.revise_shot import revise_shot
from tools.workflows.shots.shoot.shoot_shots import start_shoot

TODAY = date(2026, 5, 1)


@pytest.fixture
def studio(services: Services, daro: LoadedCharacter) -> Services:
    """Scene 4 with A and B, scene 5 with A; each shot has a picked take."""
    trained(services, base="maquette")
    plan(services, shot("4A"), shot("4B"), shot("5A"))
    for slate in ("4A", "4B", "5A"):
        takes(services, shot(slate), [PASSED])
    pick(services, "studio", ["4A T1", "4B T1", "5A T1"], by="Ida")
    return services


def in_digest(services: Services) -> list[str]:
    return [
        each.slate for scene in studio_digest(services, "studio").scenes for each in scene.shots
    ]


def delivered(services: Services) -> list[str]:
    return [each.take for each in plan_delivery(services, "studio", [], TODAY).takes]


def on_board(services: Services) -> dict[str, bool]:
    """What the board shows, and whether it is omitted."""
    owner = production_row(services, "studio").id
    with services.database.reading() as session:
        rows = production_scenes(session=session, production_id=owner, with_omitted=True)
    return {
        each.shot.slate: scene.omitted or each.shot.omitted
        for scene, shots in rows
        for each in shots
    }


def test_an_omitted_shot_is_not_asked_for_shot_or_delivered(studio: Services) -> None:
    done = omit(studio, "studio", ["4B"])
    assert (done.slates, done.scene, done.unchanged) == (("4B",), None, ())
    assert in_digest(studio) == ["4A", "5A"]
    assert delivered(studio) == ["4A T1", "5A T1"]
    assert on_board(studio) == {"4A": False, "4B": True, "5A": False}
    said = "shot 4B was omitted; plan a new one, or bring it back"
    with pytest.raises(BadInput, match=said):
        start_shoot(studio, JobStore(studio.database), "studio", ["4A", "4B"])
    with pytest.raises(BadInput, match=said):
        plan_delivery(studio, "studio", ["4B"], TODAY)
    with pytest.raises(BadInput, match=said):
        revise_shot(studio, "studio", "4B", "closer")


def test_what_is_omitted_while_its_delivery_waits_stays_here(studio: Services) -> None:
    request = plan_delivery(studio, "studio", [], TODAY)
    omit(studio, "studio", [], scene=5)
    with pytest.raises(Refused, match="5A T1 was omitted after the delivery was asked for"):
        deliver(studio, request, ignore_progress)
    assert not list(studio.settings.home.glob("deliveries/**/*.png"))


def test_a_scene_takes_its_shots_with_it_and_brings_them_back(studio: Services) -> None:
    omit(studio, "studio", ["4B"])
    done = omit(studio, "studio", [], scene=4)
    assert (done.slates, done.scene, done.changed) == ((), 4, ("scene 4",))
    assert in_digest(studio) == ["5A"]
    assert delivered(studio) == ["5A T1"]
    assert on_board(studio) == {"4A": True, "4B": True, "5A": False}
    with pytest.raises(BadInput, match="shot 4A was omitted"):
        start_shoot(studio, JobStore(studio.database), "studio", ["4A"])
    with pytest.raises(BadInput, match="scene 4 was omitted and keeps its number"):
        store_new_shots(studio, "studio", [shot("1")], 4)

    omit(studio, "studio", [], scene=4, back=True)
    assert in_digest(studio) == ["4A", "5A"], "B was omitted by itself and stays so"
    omit(studio, "studio", ["4B"], back=True)
    assert delivered(studio) == ["4A T1", "4B T1", "5A T1"], "takes and picks were kept"
    assert start_shoot(studio, JobStore(studio.database), "studio", ["4B"])


def test_a_slate_is_never_given_again(studio: Services) -> None:
    omit(studio, "studio", ["4B"])
    [new] = store_new_shots(studio, "studio", [shot("1")], 4)
    assert new.slate == "4C"


def test_what_stood_so_already_is_told_apart(studio: Services) -> None:
    omit(studio, "studio", ["4A"], scene=5)
    done = omit(studio, "studio", ["4A", "4B", "4B"], scene=5)
    assert (done.slates, done.scene, done.unchanged) == (("4B",), None, ("scene 5", "4A"))
    back = omit(studio, "studio", ["4A", "4B"], back=True)
    assert (back.back, back.slates, back.unchanged) == (True, ("4A", "4B"), ())
    assert omit(studio, "studio", ["4A"], back=True).unchanged == ("4A",)


@pytest.mark.parametrize(
    ("slates", "scene", "error", "said"),
    [
        ([], None, BadInput, "which shot or scene"),
        (["4A", "9Z"], None, UnknownName, "no shot 9Z"),
        (["4A"], 9, UnknownName, "no scene 9"),
        (["4A", "moon"], None, BadInput, "moon"),
    ],
)
def test_either_all_is_done_or_nothing(
    studio: Services, slates: list[str], scene: int | None, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        omit(studio, "studio", slates, scene)
    assert not any(on_board(studio).values())


def test_a_shot_does_not_come_back_into_an_omitted_scene(studio: Services) -> None:
    omit(studio, "studio", ["4B"], scene=4)
    with pytest.raises(BadInput, match="scene 4 is omitted, and 4B with it; bring the scene back"):
        omit(studio, "studio", ["4B"], back=True)
    assert omit(studio, "studio", ["4B"], scene=4, back=True).changed == ("scene 4", "4B")
