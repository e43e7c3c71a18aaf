from __future__ import annotations

import json

import pytest

from agent.answer import Answer, Picture
from agent.events import Proposal
from tests.support.filled_studio import trained
from tests.ui.page.conftest import Filled, link
from tests.ui.page.test_chat import place
from tools.contracts.model import Contract
from tools.errors import UnknownName
from tools.jobs.job_store import JobStore
from tools.store.conversation import UploadCreate, add_upload, list_conversations
from tools.store.delivery import DeliveryCreate, add_delivery
from tools.store.review import Choice
from tools.store.take import list_production_takes, take_of_slate
from tools.workflows.shots.decide import picks
from tools.workflows.shots.decide.omit import omit
from ui.page.render import render
from ui.page.views.answers import answer_view, shown_takes
from ui.page.views.bases import base_views
from ui.page.views.board import board_view
from ui.page.views.compare import compare_view
from ui.page.views.desk import desk_view
from ui.page.views.jobs import newest_job_views, open_job_views
from ui.page.views.people import character_views
from ui.page.views.place import place_view
from ui.page.views.quality import quality_view
from ui.viewer import local_director


class Work(Contract):
    """A payload as the kinds have them."""

    character: str


def enqueue(filled: Filled, character: str, *, approved: bool = True) -> str:
    return JobStore(filled.studio.services.database).enqueue(
        kind="layered-set",
        payload=Work(character=character),
        approved=approved,
        production_id=filled.production_id,
    )


def pick(filled: Filled, slate: str, note: str = "") -> None:
    picks.pick(filled.studio.services, "Harbour", [slate], "Ida", note)


def test_the_board_has_scenes_shots_and_takes_with_what_was_said(filled: Filled) -> None:
    services = filled.studio.services
    pick(filled, "12A T1", "the eyes")
    picks.reject(services, "Harbour", ["12A T2"], "Ida", "no face")
    picks.vote(services, "Harbour", "12A T3", "Rosa", Choice.PICK)
    picks.comment(services, "Harbour", "12A T3", "Rosa", "warmer")
    with services.database.reading() as session:
        board = board_view(session, filled.production_id, link)
    (scene,) = board.scenes
    first, second = scene.shots
    assert (scene.number, scene.title) == (12, "a cafe, soft window light")
    assert (first.slate, first.title) == ("12A", "close-up, Daro")
    assert [take.state for take in first.takes] == ["picked", "rejected", "open"]
    assert (first.takes[0].note, first.takes[1].outcome) == ("the eyes", "reject")
    assert [vote.author for vote in first.takes[2].votes] == ["Rosa"]
    assert [comment.text for comment in first.takes[2].comments] == ["warmer"]
    assert [take.slate for take in second.takes] == ["12B T1"]
    assert (board.takes, board.picked, board.rejected) == (4, 1, 1)


def test_the_board_shows_what_was_omitted_as_omitted(filled: Filled) -> None:
    services = filled.studio.services
    omit(services, "Harbour", ["12B"])
    with services.database.reading() as session:
        board = board_view(session, filled.production_id, link)
    assert [(shot.slate, shot.omitted) for shot in board.scenes[0].shots] == [
        ("12A", False),
        ("12B", True),
    ]
    assert (board.scenes[0].omitted, board.scenes[0].shots[1].takes, board.takes) == (False, (), 3)
    assert render("board.html", board=board, place=place()).count("Omitted.") == 1
    omit(services, "Harbour", [], scene=12)
    with services.database.reading() as session:
        whole = board_view(session, filled.production_id, link)
    assert (whole.scenes[0].omitted, whole.takes) == (True, 0)
    assert "<small>omitted</small>" in render("board.html", board=whole, place=place())


def test_quality_leaves_out_of_its_mean_what_has_no_face(filled: Filled) -> None:
    with filled.studio.services.database.reading() as session:
        quality = quality_view(session, filled.production_id, link, threshold=0.05)
    assert (quality.judged, quality.unread, quality.passed) == (4, 1, 3)
    assert quality.own_mean == pytest.approx(0.031)
    assert quality.ratio == pytest.approx(0.031 / 0.2)
    assert len(quality.dots) == 3
    assert all(0 <= dot.x <= 1 and 0 <= dot.y <= 1 for dot in quality.dots)


def test_characters_show_brief_set_and_versions(filled: Filled) -> None:
    with filled.studio.services.database.reading() as session:
        (daro,) = character_views(session, filled.production_id, "maquette", link)
    assert ("eyes", "green eyes") in daro.slots
    assert [version.version for version in daro.versions] == [1]
    assert daro.versions[0].in_use
    assert "the gate was not asked" in daro.set_title


def test_the_version_in_use_is_one_of_the_base_that_draws(filled: Filled) -> None:
    services = filled.studio.services
    trained(services, base="micro", production="Harbour")
    with services.database.reading() as session:
        in_use = {
            base: [
                (version.base, version.in_use)
                for version in character_views(session, filled.production_id, base, link)[
                    0
                ].versions
            ]
            for base in ("maquette", "micro", "sdxl")
        }
    assert in_use == {
        "maquette": [("maquette", True), ("micro", False)],
        "micro": [("maquette", False), ("micro", True)],
        "sdxl": [("maquette", False), ("micro", False)],
    }


def test_takes_of_an_answer_stand_as_they_are_now(filled: Filled) -> None:
    pick(filled, "12A T3")
    with filled.studio.services.database.reading() as session:
        rows = list_production_takes(session=session, production_id=filled.production_id)
        digest = str(rows[0][0].digest)
        answer = Answer(
            text="-",
            pictures=(
                Picture(digest=digest, label="12A T3", number=1, take="12A T3"),
                Picture(digest=digest, label="gone", number=2, take="99A T1"),
            ),
        )
        takes = shown_takes(session, filled.production_id, [answer], link)
    view = answer_view(answer, takes, link)
    assert [(take.slate, take.number, take.state) for take in view.takes] == [
        ("12A T3", 1, "picked")
    ]
    assert [picture.label for picture in view.pictures] == ["gone"]


def test_takes_of_another_production_are_not_found(filled: Filled) -> None:
    answer = Answer(text="-", pictures=(Picture(digest="a" * 64, label="-", take="12A T1"),))
    with filled.studio.services.database.reading() as session:
        assert shown_takes(session, "0" * 32, [answer], link) == {}


def test_jobs_say_what_they_wait_for(filled: Filled) -> None:
    running, asked = enqueue(filled, "Daro"), enqueue(filled, "Mara", approved=False)
    store = JobStore(filled.studio.services.database)
    with filled.studio.services.database.reading() as session:
        open_jobs = {job.id: job for job in open_job_views(session, filled.production_id)}
    assert open_jobs[running].words == "waits for its turn"
    assert open_jobs[running].kind == "layered set"
    assert open_jobs[running].percent is None
    assert open_jobs[asked].waits
    assert (open_jobs[asked].subject, open_jobs[asked].words) == ("Mara", "waits for approval")
    store.request_cancel(running)
    with filled.studio.services.database.reading() as session:
        everything = newest_job_views(session, filled.production_id)
        still = open_job_views(session, filled.production_id)
    assert {job.words for job in everything} == {"cancelled", "waits for approval"}
    assert [job.id for job in still] == [asked]


def test_the_desk_has_what_waits_what_is_attached_and_what_was_delivered(filled: Filled) -> None:
    proposal = Proposal(interrupt_id="i", call_id="c", tool="add_base", arguments={}, card="Big")
    with filled.studio.services.database.session() as session:
        conversation = filled.conversation_id
        upload = UploadCreate(conversation_id=conversation, digest="a" * 64, file_name="one.png")
        add_upload(session=session, upload=upload)
        made = add_delivery(
            session=session,
            delivery=DeliveryCreate(
                production_id=filled.production_id, folder="d", zip="d.zip", manifest="b" * 64
            ),
        )
        desk = desk_view(session, filled.production_id, conversation, [proposal], link)
    assert [(each.title, each.card) for each in desk.proposals] == [("add base", "Big")]
    assert [each.name for each in desk.attached] == ["one.png"]
    assert [each.url for each in desk.deliveries] == [f"/deliveries/{made.id}.zip"]


def test_two_takes_compare_by_their_numbers_and_prompts(filled: Filled) -> None:
    with filled.studio.services.database.reading() as session:
        view = compare_view(session, filled.production_id, ("12A T1", "12A T2"), link)
        assert view is not None
        with pytest.raises(UnknownName, match="12A T9"):
            compare_view(session, filled.production_id, ("12A T1", "12A T9"), link)
    rows = {row.label: row for row in view.rows}
    assert rows["seed"].differs
    assert not rows["prompt"].differs
    assert (rows["distance to the character"].left, rows["distance to the character"].right) == (
        "0.031",
        "–",
    )


def test_a_take_that_was_stored_when_requests_held_paths_is_still_compared(filled: Filled) -> None:
    services = filled.studio.services
    with services.database.session() as session:
        owner = filled.production_id
        take = take_of_slate(session=session, production_id=owner, slate="12A T1")
        old = json.loads(take.request)
        stored = f"/home/ida/.samecast/objects/aa/aa/{'a' * 64}.safetensors"
        take.request = json.dumps(old | {"loras": [{"path": stored, "weight": 0.7}]})
        session.add(take)
    with services.database.reading() as session:
        view = compare_view(session, filled.production_id, ("12A T1", "12A T2"), link)
    assert view is not None
    adapters = next(row for row in view.rows if row.label == "adapters")
    assert (adapters.left, adapters.right) == ("0.7", "none")


def test_bases_say_how_to_install_what_cannot_draw(filled: Filled) -> None:
    bases = {base.name: base for base in base_views(filled.studio.services, "maquette")}
    assert bases["maquette"].usable
    assert bases["maquette"].in_use
    assert not bases["sdxl"].usable
    assert "samecast base add sdxl" in bases["sdxl"].how_to


def test_the_local_director_has_no_account_and_sees_the_conversations(filled: Filled) -> None:
    with filled.studio.services.database.reading() as session:
        view = place_view(session, local_director(), (), filled.production_id, "c")
        rows = list_conversations(session=session, production_id=filled.production_id)
    assert view.is_director
    assert not view.has_account
    assert [choice.id for choice in view.conversations] == [row.id for row in rows]
