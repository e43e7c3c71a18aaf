from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.served_page import PASSWORD, House, open_studio, served
from tests.ui.server.conftest import Browsers
from tools.store.user import Role
from ui.auth.accounts import add_account
from ui.auth.passwords import Passwords
from ui.server.options import ServeOptions

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/login",
        "/studio/",
        "/studio/config",
        "/studio/theme.css",
        "/media/x/y",
        "/act/pick",
        "/no",
    ],
)
@pytest.mark.parametrize("who", ["ida", "stranger"])
def test_every_answer_has_the_headers(browsers: Browsers, path: str, who: str) -> None:
    client: httpx.Client = getattr(browsers, who)
    answer = client.get(path)
    assert EVERYWHERE.items() <= dict(answer.headers).items()
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy
    assert "https:" not in policy
    assert "*" not in policy
    assert "access-control-allow-origin" not in answer.headers
    assert "server" not in answer.headers
    assert "cache-control" in answer.headers


def test_the_page_takes_pictures_and_answers_from_itself_only(browsers: Browsers) -> None:
    policy = browsers.ida.get("/studio/").headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["img-src"] == "'self' data: blob:"
    assert rules["connect-src"] == "'self'"
    assert rules["form-action"] == "'self'"
    assert rules["object-src"] == "'none'"


def test_another_local_program_cannot_read_the_page(browsers: Browsers) -> None:
    """Gradio lets every port of localhost in, with the cookie."""
    headers = {"origin": "http://localhost:3000"}
    for method, path in (("GET", "/studio/config"), ("OPTIONS", "/studio/gradio_api/queue/join")):
        answer = browsers.ida.request(method, path, headers=headers)
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Without accounts, on this computer."""
    with served(open_studio(tmp_path_factory.mktemp("open"))) as house:
        yield house


def test_without_accounts_the_person_here_directs(open_house: House) -> None:
    with open_house.browser() as client:
        assert client.get("/").headers["location"] == "/studio/"
        assert client.get("/studio/config").json()["username"] == "director"
        assert client.get("/login").headers["location"] == "/studio/"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example:7860"},
        {"x-forwarded-for": "10.0.0.1"},
        {"x-forwarded-host": "studio.example"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/studio/config", "/studio/", "/media/x/y"])
def test_without_accounts_another_name_or_a_proxy_gets_nothing(
    open_house: House, path: str, headers: dict[str, str]
) -> None:
    answer = httpx.get(open_house.url + path, headers=headers)
    assert answer.status_code == 403
    assert "samecast user add" in answer.json()["error"]


def test_the_first_account_closes_an_open_house_at_once(tmp_path: Path) -> None:
    studio = open_studio(tmp_path / "home")
    with served(studio) as house, house.browser() as client:
        assert client.get("/studio/config").status_code == 200
        add_account(studio.services.database, Passwords(), "Ida", Role.DIRECTOR, None, PASSWORD)
        assert client.get("/studio/config").status_code == 401


def test_a_page_that_others_reach_lets_nobody_in_while_there_are_no_accounts(
    tmp_path: Path,
) -> None:
    with served(open_studio(tmp_path / "home"), ServeOptions(share=True)) as house:
        assert httpx.get(f"{house.url}/studio/config").status_code == 401


def test_no_websocket_is_taken(house: House) -> None:
    headers = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "eA==",
    }
    assert httpx.get(f"{house.url}/studio/", headers=headers).status_code in (303, 400, 403)
