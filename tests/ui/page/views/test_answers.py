from __future__ import annotations

from agent.answer import Answer, AnswerPicture
from tests.ui.page.conftest import Filled, link, pick
from tools.store.take import list_production_takes
from ui.page.views.answers import answer_view, shown_takes


def test_takes_of_an_answer_stand_as_they_are_now(filled: Filled) -> None:
    pick(filled, "12A T3")
    with filled.studio.services.database.reading() as session:
        rows = list_production_takes(session=session, production_id=filled.production_id)
        digest = str(rows[0][0].digest)
        answer = Answer(
            text="-",
            pictures=(
                AnswerPicture(digest=digest, label="12A T3", number=1, take="12A T3"),
                AnswerPicture(digest=digest, label="gone", number=2, take="99A T1"),
            ),
        )
        takes = shown_takes(session, filled.production_id, [answer], link)
    view = answer_view(answer, takes, link)
    assert [(take.slate, take.number, take.state) for take in view.takes] == [
        ("12A T3", 1, "picked")
    ]
    assert [picture.label for picture in view.pictures] == ["gone"]


def test_takes_of_another_production_are_not_found(filled: Filled) -> None:
    answer = Answer(text="-", pictures=(AnswerPicture(digest="a" * 64, label="-", take="12A T1"),))
    with filled.studio.services.database.reading() as session:
        assert shown_takes(session, "0" * 32, [answer], link) == {}
