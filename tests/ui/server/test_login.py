from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.support.served_page import (
    PASSWORD,
    Clock,
    House,
    add_people,
    open_studio,
    served,
    sign_in,
)
from tests.ui.server.conftest import Browsers
from tools.store.user import disable_user
from ui.server.options import ServeOptions

COOKIE = "samecast_login"


def test_the_login_page_loads_nothing_and_runs_nothing(browsers: Browsers) -> None:
    answer = browsers.stranger.get("/login")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'nonce-")
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in answer.text
    assert "http" not in answer.text.replace("http-equiv", "")


def test_signing_in_sets_a_cookie_that_scripts_cannot_read(house: House) -> None:
    with house.browser() as client:
        answer = sign_in(client, "Ida")
        assert (answer.status_code, answer.headers["location"]) == (303, "/studio/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert "Secure" not in cookie, "plain http on this computer"
        assert client.get("/studio/").status_code == 200
        assert client.get("/login").status_code == 303
        database = house.studio.services.settings.home / "samecast.db"
        stored = database.read_bytes() + database.with_name("samecast.db-wal").read_bytes()
        assert client.cookies[COOKIE].encode() not in stored


def test_wrong_logins_say_the_same_and_shut_the_door_for_longer(own_house: House) -> None:
    clock = own_house.clock
    with own_house.browser() as client:
        pages = [sign_in(client, name, "wrong password") for name in ("Nobody", "Ida")]
        assert [page.status_code for page in pages] == [401, 401]
        assert all("The name or the password is wrong." in page.text for page in pages)
        for _ in range(3):
            assert sign_in(client, "Ida", "wrong password").status_code == 401
        shut = sign_in(client, "Ida", PASSWORD)
        assert (shut.status_code, shut.headers["retry-after"]) == (429, "2")
        assert "try again in 2 seconds" in shut.text
        clock.wait(2)
        assert sign_in(client, "Ida", "wrong password").status_code == 401
        assert sign_in(client, "Ida", PASSWORD).headers["retry-after"] == "4"
        clock.wait(4)
        assert sign_in(client, "Ida", PASSWORD).status_code == 303


def test_a_login_survives_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    studio = open_studio(tmp_path / "home")
    add_people(studio)
    with served(studio, clock=clock) as house, house.browser("Ida") as client:
        token = client.cookies[COOKIE]
        picture = client.get("/studio/config")
        assert picture.status_code == 200
    studio.services.database.close()
    with served(open_studio(tmp_path / "home"), clock=clock) as again:
        headers = {"cookie": f"{COOKIE}={token}"}
        assert httpx.get(f"{again.url}/studio/config", headers=headers).status_code == 200
        clock.wait(15 * 24 * 3600)
        assert httpx.get(f"{again.url}/studio/config", headers=headers).status_code == 401


def test_signing_out_ends_the_login_in_every_tab(house: House) -> None:
    with house.browser("Ida") as client:
        token = client.cookies[COOKIE]
        assert client.post("/logout").headers["location"] == "/login"
        assert COOKIE not in client.cookies
        headers = {"cookie": f"{COOKIE}={token}"}
        assert httpx.get(f"{house.url}/studio/config", headers=headers).status_code == 401
        assert client.get("/logout").status_code == 401


def test_a_disabled_account_is_out_at_once(own_house: House) -> None:
    with own_house.browser("Ida") as client:
        assert client.get("/studio/config").status_code == 200
        with own_house.studio.services.database.session() as session:
            disable_user(session=session, name="Ida")
        assert client.get("/studio/config").status_code == 401


@pytest.mark.parametrize(
    ("host", "options", "secure"),
    [
        ("studio.example", ServeOptions(domain="https://studio.example"), True),
        ("abc.gradio.live", ServeOptions(share=True, share_url="https://abc.gradio.live"), True),
        ("127.0.0.1", ServeOptions(domain="https://studio.example"), False),
        ("192.168.1.7", ServeOptions(host="0.0.0.0"), False),
    ],
)
def test_the_cookie_of_an_https_page_never_travels_without(
    tmp_path: Path, host: str, options: ServeOptions, secure: bool
) -> None:
    studio = open_studio(tmp_path / "home")
    add_people(studio)
    with served(studio, options) as house:
        answer = httpx.post(
            f"{house.url}/login",
            data={"name": "Ida", "password": PASSWORD},
            headers={"host": host, "origin": f"{'https' if secure else 'http'}://{host}"},
        )
    assert answer.status_code == 303
    assert ("Secure" in answer.headers["set-cookie"]) == secure


def test_another_sites_form_cannot_sign_anybody_in(house: House) -> None:
    with house.browser() as client:
        answer = client.post(
            "/login",
            data={"name": "Ida", "password": PASSWORD},
            headers={"origin": "https://elsewhere.example"},
        )
        assert answer.status_code == 403
        assert COOKIE not in client.cookies


def test_a_director_signs_in_while_a_stranger_keeps_trying_the_name(own_house: House) -> None:
    with own_house.browser("Ida") as client, own_house.browser() as stranger:
        client.post("/logout")
        for _ in range(8):
            sign_in(stranger, "Ida", "wrong password")
            own_house.clock.wait(60)
        sign_in(stranger, "Ida", "wrong password")
        assert sign_in(stranger, "Ida").status_code == 429
        assert sign_in(client, "Ida").status_code == 303


def test_what_marks_a_browser_is_no_login(house: House) -> None:
    with house.browser("Ida") as client:
        mark = client.cookies["samecast_browser"]
    for name in ("samecast_browser", COOKIE):
        answer = httpx.get(f"{house.url}/studio/config", headers={"cookie": f"{name}={mark}"})
        assert answer.status_code == 401


def test_signing_in_again_ends_the_login_before(house: House) -> None:
    with house.browser("Ida") as client:
        before = client.cookies[COOKIE]
        assert sign_in(client, "Ida").status_code == 303
        assert client.cookies[COOKIE] != before
        headers = {"cookie": f"{COOKIE}={before}"}
        assert httpx.get(f"{house.url}/studio/config", headers=headers).status_code == 401


def test_a_proxy_that_hides_https_does_not_make_the_cookies_insecure(tmp_path: Path) -> None:
    studio = open_studio(tmp_path / "home")
    add_people(studio)
    options = ServeOptions(port=0, domain="https://studio.example")
    with served(studio, options) as house, house.browser() as client:
        form = {"name": "Ida", "password": PASSWORD}
        answer = client.post("/login", data=form, headers={"Origin": "https://studio.example"})
        assert answer.status_code == 303
        cookies = answer.headers.get_list("set-cookie")
        assert len(cookies) == 2
        assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)
