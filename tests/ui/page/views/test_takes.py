"""Takes as the page shows them: what QC and the director said, and who voted what."""

from __future__ import annotations

from tests.ui.page.conftest import Filled, link, pick
from tools.store.review import Choice
from tools.store.take import list_production_takes
from tools.workflows.shots.decide import picks
from ui.page.views.takes import LARGE, THUMB, TakeView, take_views


def shown(filled: Filled) -> dict[str, TakeView]:
    with filled.studio.services.database.reading() as session:
        rows = list_production_takes(session=session, production_id=filled.production_id)
        views = take_views(session, [take for take, _, _ in rows], link)
    return {view.slate: view for view in views}


def test_what_was_said_of_a_take_stands_on_it_and_on_no_other(filled: Filled) -> None:
    services = filled.studio.services
    pick(filled, "12A T1", "the eyes")
    picks.reject(services, "Harbour", ["12A T2"], "Ida", "no face")
    for author, choice in (("Rosa", Choice.PICK), ("Ida", Choice.REJECT)):
        picks.vote(services, "Harbour", "12A T3", author, choice)
    picks.comment(services, "Harbour", "12A T3", "Rosa", "warmer")
    takes = shown(filled)
    assert {slate: take.state for slate, take in takes.items()} == {
        "12A T1": "picked",
        "12A T2": "rejected",
        "12A T3": "open",
        "12B T1": "open",
    }
    assert {(vote.author, vote.text) for vote in takes["12A T3"].votes} == {
        ("Rosa", "pick"),
        ("Ida", "reject"),
    }
    assert [comment.text for comment in takes["12A T3"].comments] == ["warmer"]
    assert takes["12B T1"].votes == takes["12B T1"].comments == ()


def test_a_take_without_a_face_has_no_distance_and_says_why(filled: Filled) -> None:
    takes = shown(filled)
    assert (takes["12A T2"].own, takes["12A T2"].outcome) == (None, "reject")
    assert takes["12A T2"].reasons == ("no readable face in a close-up: draw it again",)
    assert takes["12A T1"].own == 0.031


def test_pictures_are_linked_in_their_sizes(filled: Filled) -> None:
    take = shown(filled)["12A T1"]
    assert take.thumb.endswith(f"?size={THUMB}")
    assert take.large.endswith(f"?size={LARGE}")
    assert take.thumb.partition("?")[0] == take.large.partition("?")[0]


def test_a_take_that_is_not_drawn_is_not_shown(filled: Filled) -> None:
    with filled.studio.services.database.reading() as session:
        rows = list_production_takes(session=session, production_id=filled.production_id)
        first = rows[0][0].model_copy(update={"digest": None})
        assert take_views(session, [first], link) == []
