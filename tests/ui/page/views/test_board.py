from __future__ import annotations

from tests.ui.page.conftest import Filled, link, pick
from tools.store.review import Choice
from tools.workflows.shots.decide import picks
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
