from __future__ import annotations

import pytest

from tests.ui.server.conftest import Browsers

API = "/studio/gradio_api"


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("route", ["queue/join", "cancel", "reset", "run/predict"])
def test_a_body_nested_too_deep_is_refused_and_breaks_nothing(
    browsers: Browsers, route: str, opening: bytes
) -> None:
    headers = {"content-type": "application/json"}
    answer = browsers.rosa.post(f"{API}/{route}", content=opening * 100_000, headers=headers)
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "this is nothing that the page sends"},
    )
