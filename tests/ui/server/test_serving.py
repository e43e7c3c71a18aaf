from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.served_page import CHEAP, PASSWORD
from tools.errors import BadInput, Refused
from tools.store.database import Database, open_database
from tools.store.user import Role, disable_user
from ui.auth.accounts import add_account
from ui.auth.passwords import Passwords
from ui.server.options import ServeOptions
from ui.server.serving import address_of, listen, require_accounts

OTHERS = [
    ServeOptions(host="0.0.0.0"),
    ServeOptions(share=True),
    ServeOptions(domain="https://studio.example"),
]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'studio.db'}")
    yield opened
    opened.close()


@pytest.mark.parametrize("options", OTHERS)
def test_a_page_for_others_needs_an_account_that_works(
    database: Database, options: ServeOptions
) -> None:
    require_accounts(database, ServeOptions())
    with pytest.raises(Refused, match="samecast user add NAME --role director"):
        require_accounts(database, options)
    add_account(database, Passwords(CHEAP), "Ida", Role.DIRECTOR, None, PASSWORD)
    require_accounts(database, options)
    with database.session() as session:
        disable_user(session=session, name="Ida")
    with pytest.raises(Refused, match="there are no accounts yet"):
        require_accounts(database, options)


def test_a_port_that_is_taken_is_said() -> None:
    opened, options = listen(ServeOptions(port=0))
    with opened:
        assert options.port > 0
        assert address_of(options) == f"http://127.0.0.1:{options.port}"
        with pytest.raises(BadInput, match="give another --port"):
            listen(options)
    with pytest.raises(BadInput, match=r"cannot listen on 203\.0\.113\.1"):
        listen(ServeOptions(host="203.0.113.1", port=0))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:7860"),
        ("::", "http://[::1]:7860"),
        ("::1", "http://[::1]:7860"),
    ],
)
def test_the_address_printed_can_be_typed(host: str, address: str) -> None:
    assert address_of(ServeOptions(host=host)) == address
