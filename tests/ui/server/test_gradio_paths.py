from __future__ import annotations

import httpx
import pytest

from tests.support.served_page import House
from tests.ui.server.conftest import Browsers

CLOSED = [
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/file={home}/samecast.db"),
    ("GET", "/gradio_api/file={home}/secret.key"),
    ("GET", "/gradio_api/file={home}/conversations.db"),
    ("GET", "/gradio_api/file={home}/gradio/x"),
    ("GET", "/gradio_api/file=http://127.0.0.1/"),
    ("GET", "/gradio_api/file=https://example.com/"),
    ("GET", "/gradio_api/file/etc/passwd"),
    ("GET", "/gradio_api/proxy=https://example.com/"),
    ("HEAD", "/gradio_api/proxy=https://example.com/"),
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/upload_progress?upload_id=1"),
    ("GET", "/gradio_api/runs"),
    ("GET", "/gradio_api/run-history/records"),
    ("GET", "/gradio_api/openapi.json"),
    ("GET", "/gradio_api/deep_link?session_hash=1"),
    ("GET", "/gradio_api/stream/1/1/1/playlist.m3u8"),
    ("POST", "/gradio_api/stream/1"),
    ("POST", "/gradio_api/component_server"),
    ("POST", "/gradio_api/call/greet"),
    ("POST", "/gradio_api/call/v2/greet"),
    ("POST", "/gradio_api/api/greet"),
    ("GET", "/gradio_api/vibe-code"),
    ("POST", "/gradio_api/vibe-code"),
    ("GET", "/gradio_api/token"),
    ("GET", "/gradio_api/custom_component/x/client/component/index.js"),
    ("GET", "/monitoring"),
    ("GET", "/monitoring/summary"),
    ("POST", "/login"),
    ("GET", "/logout"),
    ("GET", "/robots.txt"),
    ("PUT", "/gradio_api/queue/join"),
]


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_what_the_page_does_not_need_is_closed_even_to_a_director(
    house: House, browsers: Browsers, method: str, path: str
) -> None:
    home = house.studio.services.settings.home
    answer = browsers.ida.request(method, "/studio" + path.format(home=home))
    # 405: no route of ours takes this method; 403 and 404: the door.
    assert answer.status_code in (403, 404, 405), answer.text
    assert "root:" not in answer.text
    assert b"SQLite format" not in answer.content


CLIMBING = [
    "/studio/assets/../../../../../../etc/passwd",
    "/studio/static/..%2f..%2f..%2f..%2fetc/passwd",
    "/studio/assets/%2e%2e/%2e%2e/routes.py",
    "/studio//gradio_api/file=/etc/passwd",
    "/studio/gradio_api/run/..%2ffile=/etc/passwd",
    "/studio/assets/x%00.js",
    "/studio/assets/..\\..\\routes.py",
    "//studio/gradio_api/file=/etc/passwd",
]


@pytest.mark.parametrize("path", CLIMBING)
def test_an_address_that_climbs_leads_nowhere(browsers: Browsers, path: str) -> None:
    raw = httpx.URL(str(browsers.ida.base_url)).copy_with(raw_path=path.encode())
    answer = browsers.ida.get(raw)
    assert answer.status_code == 404, answer.text
    assert "root:" not in answer.text
