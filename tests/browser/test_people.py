"""Two people in two browsers, and one who is nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.support.filled_studio import PASSED, plan, shot, takes
from tests.support.live_page import LivePage, harbour_studio, live_page


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LivePage]:
    """Harbour and Desert with a take each; Ida directs, Rosa reviews Harbour."""
    studio = harbour_studio(tmp_path)
    for production, slate in (("Harbour", "12A"), ("Desert", "40A")):
        plan(studio.services, shot(slate), production=production)
        takes(studio.services, shot(slate), [PASSED, PASSED], production=production)
    with live_page(studio) as page:
        yield page


def test_a_wrong_login_says_so_and_then_shuts_the_door(house: LivePage, open_page: Opener) -> None:
    ida = open_page(house.url, "Ida")
    ida.page.get_by_role("button", name="Sign out").click()
    alert = ida.page.get_by_role("alert")
    for _ in range(5):
        ida.sign_in("Ida", "not this one")
        expect(alert).not_to_be_empty()
    expect(alert).to_contain_text("Too many wrong tries")
    ida.page.goto(f"{house.url}/studio/")
    expect(ida.page.get_by_label("Password")).to_be_visible()


def test_signing_out_closes_every_tab_of_the_browser(house: LivePage, open_page: Opener) -> None:
    ida = open_page(house.url, "Ida")
    other = ida.page.context.new_page()
    other.goto(f"{house.url}/studio/")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_label("Password")).to_be_visible()
    expect(ida.page.get_by_label("Password")).to_be_visible()


def test_a_reviewer_sees_one_production_and_votes(house: LivePage, open_page: Opener) -> None:
    rosa = open_page(house.url, "Rosa")
    expect(rosa.take("12A T1", rosa.board)).to_be_visible()
    assert rosa.tabs() == ["Board", "Quality", "Compare"]
    expect(rosa.page.get_by_text("40A")).to_have_count(0)
    expect(rosa.board.get_by_role("button", name="Pick", exact=True)).to_have_count(0)
    rosa.take("12A T1", rosa.board).get_by_role("button", name="Vote pick").click()
    expect(rosa.take("12A T1", rosa.board)).to_contain_text("Rosa votes pick")
    rosa.take("12A T1", rosa.board).get_by_role("button", name="Comment").click()
    comment = "warmer <img src=x onerror=window.broken=1> ${window.broken=2} {{value}}"
    rosa.answer_dialog(comment)
    expect(rosa.take("12A T1", rosa.board)).to_contain_text(comment)
    assert rosa.page.evaluate("window.broken") is None


def test_a_reviewer_cannot_pick_past_the_page(house: LivePage, open_page: Opener) -> None:
    rosa = open_page(house.url, "Rosa")
    harbour, desert = house.production("Harbour"), house.production("Desert")
    pick = {"production_id": harbour, "takes": ["12A T1"]}
    assert rosa.act("pick", pick) == 403
    assert rosa.act("vote", {"production_id": desert, "take": "40A T1", "vote": "pick"}) == 404
    assert rosa.act("new_conversation", {"production_id": harbour}) == 403
    rosa.page.goto(f"{house.url}/studio/?production={desert}&tab=jobs")
    expect(rosa.take("12A T1", rosa.board)).to_be_visible()
    expect(rosa.page.locator("#view-jobs section")).to_have_count(0)


def test_what_one_does_the_other_sees(house: LivePage, open_page: Opener) -> None:
    ida = open_page(f"{house.url}/studio/?production={house.production()}", "Ida")
    ida.page.goto(f"{house.url}/studio/?production={house.production()}")
    rosa = open_page(house.url, "Rosa")
    board = ida.tab("Board")
    rosa.take("12A T2", rosa.board).get_by_role("button", name="Vote reject").click()
    expect(ida.take("12A T2", board)).to_contain_text("Rosa votes reject")
    ida.take("12A T1", board).get_by_role("button", name="Pick", exact=True).click()
    expect(rosa.take("12A T1", rosa.board)).to_contain_text("picked")
    ida.take("12A T2", board).get_by_role("button", name="Reject").click()
    ida.answer_dialog("the hair is wrong")
    expect(rosa.take("12A T2", rosa.board)).to_contain_text("the hair is wrong")
