"""Headers of every answer: nothing runs or loads but the page's own."""

from __future__ import annotations

import pytest

from ui.server.headers import COMMON, cache_rule, security_headers


def policy(path: str) -> dict[str, list[str]]:
    rules = security_headers(path)["Content-Security-Policy"].split("; ")
    return {name: sources for name, *sources in (rule.split() for rule in rules)}


@pytest.mark.parametrize("path", ["/", "/login", "/media/1/a.png", "/act/pick", "/studi"])
def test_what_is_no_page_runs_nothing(path: str) -> None:
    assert policy(path)["default-src"] == ["'none'"]
    assert "script-src" not in policy(path)


@pytest.mark.parametrize("path", ["/", "/studio", "/studio/config"])
def test_no_page_is_framed_or_sends_elsewhere(path: str) -> None:
    rules = policy(path)
    assert rules["frame-ancestors"] == ["'none'"]
    assert rules["form-action"] == ["'self'"]
    allowed = {source for sources in rules.values() for source in sources}
    assert not [each for each in allowed if "http" in each or each == "*"]
    assert security_headers(path).items() >= COMMON.items()


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/studio/assets/a.js", "private, max-age=31536000, immutable"),
        ("/studio/static/a.png", "no-cache"),
        ("/studio/config", "no-store"),
        ("/assets/a.js", "no-store"),
        ("/", "no-store"),
    ],
)
def test_only_what_never_changes_is_kept_by_browsers(path: str, rule: str) -> None:
    assert cache_rule(path) == rule
