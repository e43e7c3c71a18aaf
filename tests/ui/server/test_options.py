"""Where a page listens, and for whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import BadInput
from ui.server.options import ServeOptions


@pytest.mark.parametrize(
    "domain",
    ["studio.example", "http://studio.example", "https://", "https://studio.example/page",
     "https://[::1", "ftp://studio.example", ""],
)  # fmt: skip
def test_what_is_no_address_to_serve_under(domain: str) -> None:
    with pytest.raises(BadInput, match="is no address to serve under; expected https://"):
        ServeOptions(domain=domain)


@pytest.mark.parametrize(
    ("options", "local"),
    [
        (ServeOptions(), True),
        (ServeOptions(host="::1"), True),
        (ServeOptions(host="0.0.0.0"), False),
        (ServeOptions(share=True), False),
        (ServeOptions(domain="https://studio.example"), False),
    ],
)
def test_accounts_may_be_left_out_only_where_nobody_else_comes(
    options: ServeOptions, local: bool
) -> None:
    assert options.is_local is local


def test_the_hosts_under_which_others_reach_it() -> None:
    options = ServeOptions(
        domain="https://Studio.example:8443/", share_url="https://abc.gradio.live"
    )
    assert options.own_hosts == {"studio.example:8443", "abc.gradio.live"}
    assert ServeOptions().own_hosts == frozenset()


@given(st.text(max_size=30))
def test_any_domain_is_taken_or_refused(text: str) -> None:
    try:
        options = ServeOptions(domain=f"https://{text}")
    except BadInput:
        return
    assert len(options.own_hosts) == 1
