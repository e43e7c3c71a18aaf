from __future__ import annotations

from dataclasses import replace

import pytest
from jinja2 import UndefinedError

from tests.ui.page.test_chat import SCRIPT, TAKE, place
from ui.page.render import asset, distance, render
from ui.page.views.board import BoardView, SceneView, ShotView
from ui.page.views.compare import ComparedProperty, CompareView
from ui.page.views.desk import Attached, DeskView, ProposalView
from ui.page.views.jobs import JobView
from ui.page.views.people import BlockView, CharacterView, VersionView
from ui.page.views.place import Option
from ui.page.views.takes import Remark

EVIL = f'"><img src=x onerror=alert(1)>{SCRIPT}'
DANGEROUS = ("<script", "<img src=x")
EVIL_TAKE = replace(
    TAKE,
    note=EVIL,
    reasons=(EVIL,),
    votes=(Remark(EVIL, "pick"),),
    comments=(Remark(EVIL, EVIL),),
    rejected=True,
)
EVIL_JOB = JobView(
    id="1",
    kind="train",
    subject=EVIL,
    state="failed",
    words="failed",
    stage=EVIL,
    done=1,
    total=4,
    message=EVIL,
    is_open=True,
    waits=True,
    asked="12:00",
)
EVIL_PERSON = CharacterView(
    name=EVIL,
    slots=((EVIL, EVIL),),
    blocks=(BlockView(EVIL, EVIL, 1, EVIL),),
    faces=(),
    chosen_face=None,
    set_title=EVIL,
    layers=(),
    versions=(VersionView(1, EVIL, "sdxl", EVIL, 3, 1.0, None, True, EVIL, (0.2, 0.1)),),
)
VIEWS: dict[str, dict[str, object]] = {
    "board.html": {
        "board": BoardView(
            (SceneView(1, EVIL, (ShotView("1A", EVIL, EVIL, (EVIL_TAKE,)),)),), 1, 0, 1
        ),
        "place": place(),
    },
    "characters.html": {"characters": (EVIL_PERSON,)},
    "jobs.html": {"jobs": (EVIL_JOB,)},
    "desk.html": {
        "desk": DeskView(
            (ProposalView(EVIL, EVIL, EVIL),), (EVIL_JOB,), (Attached("0" * 32, EVIL, "/t"),), ()
        )
    },
    "compare.html": {
        "compare": CompareView(EVIL_TAKE, EVIL_TAKE, (ComparedProperty(EVIL, EVIL, EVIL),))
    },
    "header.html": {
        "place": replace(place(), name=EVIL, productions=(Option("1", EVIL),)),
    },
    "talks.html": {"place": replace(place(), conversations=(Option("1", EVIL),))},
}


@pytest.mark.parametrize("template", VIEWS)
def test_no_word_of_a_person_becomes_a_tag(template: str) -> None:
    html = render(template, **VIEWS[template])
    assert "&lt;script&gt;" in html
    assert not [tag for tag in DANGEROUS if tag in html]


def test_a_take_says_in_words_what_its_colours_say() -> None:
    html = render("board.html", **VIEWS["board.html"])
    assert "QC pass" in html
    assert "✕ rejected" in html


def test_progress_is_a_share_of_the_whole() -> None:
    assert '<progress max="100" value="25"' in render("jobs.html", jobs=(EVIL_JOB,))
    assert replace(EVIL_JOB, done=9).percent == 100
    assert replace(EVIL_JOB, total=0).percent is None


def test_a_value_that_a_view_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="board"):
        render("board.html", place=place())


@pytest.mark.parametrize(("value", "written"), [(None, "–"), (0.0314, "0.031"), (0.0, "0.000")])
def test_distances_have_three_digits(value: float | None, written: str) -> None:
    assert distance(value) == written


@pytest.mark.parametrize("name", ["studio.css", "studio.js"])
def test_assets_load_nothing_from_elsewhere(name: str) -> None:
    text = asset(name)
    assert "http://" not in text
    assert "https://" not in text
    assert "@import" not in text
