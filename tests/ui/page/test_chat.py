from __future__ import annotations

from typing import Any

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.answer import Answer, AnswerPicture
from tests.ui.page.conftest import link
from tools.contracts.progress import Progress
from tools.store.conversation import Message, MessageRole
from tools.store.model import canonical_json
from ui.page.chat import Chat, shown
from ui.page.views.place import PlaceView
from ui.page.views.takes import TakeView
from ui.server.turns import LiveTurn, RunningTool

DIGEST = "ab" * 32
SCRIPT = "<script>alert(1)</script>"
TAKE = TakeView(
    id="1",
    slate="12A T3",
    thumb="/media/thumb",
    large="/media/large",
    outcome="pass",
    own=0.031,
    reasons=(),
    picked=False,
    rejected=False,
    note="",
    votes=(),
    comments=(),
)


def place(*, director: bool = True) -> PlaceView:
    return PlaceView(
        name="Ida",
        role="director" if director else "reviewer",
        is_director=director,
        has_account=True,
        production_id="p",
        conversation_id="c",
        productions=(),
        conversations=(),
    )


def chat(*, director: bool = True) -> Chat:
    return Chat(place(director=director), {"12A T3": TAKE}, link)


def message(role: MessageRole, text: str, answer: Answer | None = None, author: str = "Ida") -> Any:
    kept = canonical_json(answer) if answer else ""
    return Message(
        conversation_id="c", role=role, author=author, text=text, answer=kept, position=1
    )


def words(parts: list[Any]) -> str:
    return " ".join(part.value if isinstance(part, gr.HTML) else part for part in parts)


@given(st.text())
def test_no_tag_survives_in_what_was_said(said: str) -> None:
    assert "<" not in shown(said)
    assert ">" not in shown(said)


def test_words_make_no_picture_link_or_diagram() -> None:
    said = "![x](https://evil/x.png) [here](//evil) [y]: //evil\n```mermaid\ngraph TD\n```"
    got = shown(said)
    assert "](" not in got
    assert "![" not in got
    assert "]:" not in got
    assert "mermaid" not in got
    assert got.endswith("```\ngraph TD\n```")


def test_what_a_person_said_is_shown_as_it_was_typed() -> None:
    (said,) = chat().stored([message(MessageRole.USER, f"He is {SCRIPT}")])
    assert said == {"role": "user", "content": "He is &lt;script&gt;alert(1)&lt;/script&gt;"}


def test_another_persons_words_carry_the_name() -> None:
    (said,) = chat().stored([message(MessageRole.USER, "closer", author="Rosa")])
    assert said["content"] == "Rosa: closer"


def test_a_take_has_its_number_and_buttons_and_stands_as_it_is_now() -> None:
    answer = Answer(
        text="Three takes.",
        pictures=(AnswerPicture(digest=DIGEST, label="12A T3", number=2, take="12A T3"),),
    )
    (told,) = chat().stored([message(MessageRole.REPORT, answer.text, answer)])
    text, grid = told["content"]
    assert text == "Three takes."
    assert '<span class="number">2</span>' in grid.value
    assert 'data-act="pick"' in grid.value
    assert 'data-ask="reject"' in grid.value
    assert "QC pass" in grid.value
    assert "0.031" in grid.value


def test_a_reviewer_votes_instead() -> None:
    answer = Answer(text="-", pictures=(AnswerPicture(digest=DIGEST, label="-", take="12A T3"),))
    (told,) = chat(director=False).stored([message(MessageRole.ASSISTANT, "-", answer)])
    assert 'data-vote="pick"' in words(told["content"])
    assert 'data-act="pick"' not in words(told["content"])


def test_a_picture_that_is_no_take_is_shown_without_buttons_and_its_label_escaped() -> None:
    answer = Answer(text="-", pictures=(AnswerPicture(digest=DIGEST, label=SCRIPT, number=4),))
    (told,) = chat().stored([message(MessageRole.ASSISTANT, "-", answer)])
    html = words(told["content"])
    assert f"/media/{DIGEST}?size=512" in html
    assert "&lt;script&gt;" in html
    assert SCRIPT not in html
    assert "data-act" not in html


@pytest.mark.parametrize(("count", "size"), [(4, 512), (5, 256)])
def test_few_pictures_are_shown_larger(count: int, size: int) -> None:
    pictures = tuple(AnswerPicture(digest=DIGEST, label=f"face {n}") for n in range(count))
    answer = Answer(text="-", pictures=pictures)
    (told,) = chat().stored([message(MessageRole.REPORT, "-", answer)])
    assert words(told["content"]).count(f"size={size}") == count


def test_a_turn_shows_its_tools_at_work_and_pictures_as_they_finish() -> None:
    made = Answer(text="drawn", pictures=(AnswerPicture(digest=DIGEST, label="face 1", number=1),))
    turn = LiveTurn(
        text="Drawing",
        tools=(
            RunningTool("1", "cast", None, ended=True, answer=made),
            RunningTool("2", "train", Progress(stage="steps", done=2, total=9)),
        ),
    )
    said, told = chat().live(turn, unstored="Go on")
    assert said == {"role": "user", "content": "Go on"}
    html = words(told["content"])
    assert "Drawing" in html
    assert "train: steps 2 of 9" in html
    assert "face 1" in html


def test_a_turn_that_has_said_nothing_yet_is_thinking() -> None:
    (told,) = chat().live(LiveTurn())
    assert "thinking" in words(told["content"])


def test_a_broken_turn_says_so_without_its_tags() -> None:
    (told,) = chat().live(LiveTurn(running=False, error=f"no answer {SCRIPT}"))
    assert "could not go on" in words(told["content"])
    assert SCRIPT not in words(told["content"])
