from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import httpx
import pytest

from tests.support.served_page import CHEAP, PASSWORD, add_people, open_studio
from tools.errors import BadInput, FailedError, Refused, StorageFailed
from tools.store.database import Database, open_database
from tools.store.user import Role, disable_user
from ui.auth.accounts import add_account
from ui.auth.passwords import Passwords
from ui.server.options import ServeOptions
from ui.server.reporter import Reporter
from ui.server.run import build_runner
from ui.server.serving import address_of, listen, require_accounts
from ui.server.share import open_link

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


def test_reports_go_on_after_one_that_failed() -> None:
    enough, calls = Event(), list[int]()

    def report() -> None:
        calls.append(len(calls))
        if len(calls) == 1:
            raise StorageFailed("the database is busy")
        if len(calls) == 2:
            raise RuntimeError("a bug")
        enough.set()

    reporter = Reporter(report, every_s=0)
    reporter.start()
    assert enough.wait(20)
    reporter.stop()
    assert len(calls) >= 3


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError("Could not get share link from Gradio API Server."), "Could not get share"),
        (httpx.ConnectError("no route"), "no route"),
        (ValueError("Could not create share URL.\nlog of frpc"), r"Could not create share URL\.$"),
        (OSError(), "OSError"),
    ],
)
def test_a_share_link_that_cannot_be_made_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, reason: str
) -> None:
    def fail(**_: object) -> str:
        raise error

    monkeypatch.setattr("gradio.networking.setup_tunnel", fail)
    with pytest.raises(FailedError, match=f"no share link could be made: {reason}"):
        open_link(7860, tmp_path / "gradio")


def test_a_share_link_leads_to_the_port_of_the_page_by_https(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: dict[str, object] = {}

    def tunnel(**arguments: object) -> str:
        asked.update(arguments)
        Path("certificate.pem").write_text("")
        return "http://abc.gradio.live"

    monkeypatch.setattr("gradio.networking.setup_tunnel", tunnel)
    assert open_link(7861, tmp_path / "gradio") == "https://abc.gradio.live"
    assert (asked["local_host"], asked["local_port"]) == ("127.0.0.1", 7861)
    assert len(str(asked["share_token"])) >= 32
    assert (tmp_path / "gradio" / "certificate.pem").is_file(), "not where the command was typed"


def test_folders_may_be_named_only_as_long_as_nobody_has_an_account(tmp_path: Path) -> None:
    studio = open_studio(tmp_path / "home")
    runner = build_runner(studio, ServeOptions())
    shared = build_runner(studio, ServeOptions(domain="https://studio.example"))
    talk = runner.open("Harbour").id
    assert runner.context(talk, "director").local_files
    assert not shared.context(talk, "director").local_files

    add_people(studio)

    assert not runner.context(talk, "Ida").local_files
