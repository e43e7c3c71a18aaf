from __future__ import annotations

from pathlib import Path

from tests.support.served_page import add_people, open_studio
from ui.server.options import ServeOptions
from ui.server.run import build_runner


def test_folders_may_be_named_only_as_long_as_nobody_has_an_account(tmp_path: Path) -> None:
    studio = open_studio(tmp_path / "home")
    runner = build_runner(studio, ServeOptions())
    shared = build_runner(studio, ServeOptions(domain="https://studio.example"))
    talk = runner.open("Harbour").id
    assert runner.context(talk, "director").local_files
    assert not shared.context(talk, "director").local_files

    add_people(studio)

    assert not runner.context(talk, "Ida").local_files
