from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from tools.errors import BadInput
from ui.server.checks import Knock, is_from_another_site, is_from_this_computer, is_strange
from ui.server.gradio_paths import is_open
from ui.server.gradio_sessions import GradioSessions
from ui.server.options import ServeOptions


def knock(
    path: str = "/", method: str = "GET", client: str | None = "127.0.0.1", **headers: str
) -> Knock:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Knock(method, path, Headers({"host": "127.0.0.1:7860", **named}), client)


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "LOCALHOST", "[::1]:7860"])
def test_a_browser_here_that_meant_to_come_here_is_let_in(host: str) -> None:
    assert is_from_this_computer(knock(host=host))


@pytest.mark.parametrize(
    "other",
    [
        knock(host="evil.example:7860"),
        knock(host="127.0.0.1.evil.example"),
        knock(host="localhost.evil.example"),
        knock(host="evil.example@127.0.0.2"),
        knock(host=""),
        knock(host="["),
        knock(client="192.168.1.20"),
        knock(client="nonsense"),
        knock(x_forwarded_for="127.0.0.1"),
        knock(x_real_ip="127.0.0.1"),
        knock(forwarded="for=127.0.0.1"),
        knock(via="1.1 proxy"),
        knock(host="evil.example@127.0.0.1:7860"),
        knock(x_forwarded_proto="https"),
        knock(cf_connecting_ip="127.0.0.1"),
        knock(true_client_ip="127.0.0.1"),
        knock(tailscale_user_login="ida@studio.example"),
    ],
)
def test_one_from_elsewhere_or_through_a_proxy_is_not_from_here(other: Knock) -> None:
    assert not is_from_this_computer(other)


@pytest.mark.parametrize(
    "own",
    [
        knock(),
        knock(origin="http://127.0.0.1:7860"),
        knock(host="studio.example", origin="https://studio.example:443"),
        knock(sec_fetch_site="same-origin", sec_fetch_mode="cors"),
        knock(sec_fetch_site="none", sec_fetch_mode="navigate", sec_fetch_dest="document"),
        knock(sec_fetch_site="cross-site", sec_fetch_mode="navigate", sec_fetch_dest="document"),
    ],
)
def test_the_pages_own_requests_and_followed_links_pass(own: Knock) -> None:
    assert not is_from_another_site(own)


@pytest.mark.parametrize(
    "foreign",
    [
        knock(origin="http://127.0.0.1:9999"),
        knock(origin="http://localhost:7860"),
        knock(origin="null"),
        knock(origin=""),
        knock(origin="http://["),
        knock(origin="https://elsewhere.example"),
        knock(sec_fetch_site="cross-site", sec_fetch_mode="no-cors", sec_fetch_dest="image"),
        knock(sec_fetch_site="same-site", sec_fetch_mode="cors"),
        knock(sec_fetch_site="cross-site", sec_fetch_mode="navigate", sec_fetch_dest="iframe"),
        knock(
            method="POST",
            sec_fetch_site="cross-site",
            sec_fetch_mode="navigate",
            sec_fetch_dest="document",
        ),
    ],
)
def test_another_sites_page_is_found_out(foreign: Knock) -> None:
    assert is_from_another_site(foreign)


def test_a_proxy_in_front_may_have_its_own_name() -> None:
    sent = knock(host="127.0.0.1:7860", origin="https://studio.example")
    assert is_from_another_site(sent)
    assert not is_from_another_site(sent, {"studio.example"})


@given(
    st.text(max_size=30), st.sampled_from(["..", "//", "\\", "\x00", "\r\n"]), st.text(max_size=30)
)
def test_no_path_with_a_climb_or_a_hidden_sign_passes(before: str, bad: str, after: str) -> None:
    assert is_strange(knock(path=f"/{before}{bad}{after}"))


@given(st.text(max_size=60))
def test_of_gradios_routes_only_known_ones_are_open(rest: str) -> None:
    for start in ("/gradio_api/file=", "/gradio_api/proxy=", "/gradio_api/upload", "/monitoring"):
        assert not is_open("GET", start + rest)
        assert not is_open("POST", start + rest)
    assert not is_open("DELETE", "/" + rest)


def test_a_session_stays_with_the_first_who_uses_it_until_that_person_used_many() -> None:
    sessions = GradioSessions(kept=2)
    assert sessions.belongs_to("one", "Ida")
    assert not sessions.belongs_to("one", "Rosa")
    assert sessions.belongs_to("two", "Ida")
    assert sessions.belongs_to("one", "Ida")
    assert sessions.belongs_to("three", "Ida")
    assert not sessions.belongs_to("one", "Rosa"), "what is in use is kept"
    assert sessions.belongs_to("two", "Rosa"), "what was not used for longest is forgotten"


def test_nobody_can_make_another_persons_session_forgotten() -> None:
    sessions = GradioSessions(kept=2)
    assert sessions.belongs_to("hers", "Ida")
    for number in range(10):
        assert sessions.belongs_to(f"mine {number}", "Rosa")
    assert not sessions.belongs_to("hers", "Rosa")
    assert sessions.belongs_to("hers", "Ida")


def test_an_endless_name_is_nobodys_session() -> None:
    assert not GradioSessions().belongs_to("x" * 65, "Ida")


@pytest.mark.parametrize(
    "domain",
    ["studio.example", "http://studio.example", "https://", "https://a.example/x", "ftp://a"],
)
def test_a_domain_is_an_https_address_of_a_host(domain: str) -> None:
    with pytest.raises(BadInput, match="expected https://studio"):
        ServeOptions(domain=domain)


@pytest.mark.parametrize(
    ("options", "local"),
    [
        (ServeOptions(), True),
        (ServeOptions(host="localhost"), True),
        (ServeOptions(host="::1"), True),
        (ServeOptions(host="0.0.0.0"), False),
        (ServeOptions(host="192.168.1.7"), False),
        (ServeOptions(share=True), False),
        (ServeOptions(domain="https://studio.example"), False),
    ],
)
def test_only_an_address_of_this_computer_is_local(options: ServeOptions, local: bool) -> None:
    assert options.is_local == local
