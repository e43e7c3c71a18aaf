from __future__ import annotations

from tests.support.filled_studio import PASSED, shot, takes
from tests.ui.page.conftest import Filled, link, pick
from tests.ui.page.test_chat import place
from tools.store.review import Choice
from tools.workflows.shots.decide import picks
from tools.workflows.shots.decide.omit import omit
from ui.page.render import render
from ui.page.views.board import board_view


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


def test_a_sketch_is_marked_and_counted_apart(filled: Filled) -> None:
    services = filled.studio.services
    takes(services, shot("12B"), [PASSED], production="Harbour", sketch=True)
    pick(filled, "12B T2")
    with services.database.reading() as session:
        board = board_view(session, filled.production_id, link)
    assert (board.takes, board.sketches, board.picked) == (4, 1, 0)
    take, sketch = board.scenes[0].shots[1].takes
    assert (take.is_sketch, sketch.is_sketch, sketch.state) == (False, True, "liked")
    page = render("board.html", board=board, place=place())
    assert page.count('<span class="tag-sketch">sketch</span>') == 1
    assert "<b>1</b> sketch<" in page
    assert "12B T2, sketch, QC says pass, liked" in page
    assert "Sketch, never delivered: QC says pass" in page
    reviewers = render("board.html", board=board, place=place(director=False))
    assert reviewers.count('<span class="tag-sketch">sketch</span>') == 1
