from __future__ import annotations

from pathlib import Path

from tests.support.filled_studio import plan, shot
from tests.support.micro_studio import run_cli
from tools.compose import build_services
from tools.settings import Settings
from tools.workflows.digest import production_row


def test_shots_and_scenes_leave_the_film_and_come_back(tmp_path: Path) -> None:
    services = build_services(Settings(home=tmp_path, device="cpu", threads=1))
    production_row(services, "studio")
    plan(services, shot("4A"), shot("4B"), shot("5A"))
    assert run_cli("omit", "4a", "--scene", "5", home=tmp_path).out == "scene 5, 4A: omitted\n"
    assert run_cli("omit", "4A", home=tmp_path).out == "4A: already omitted\n"
    assert run_cli("omit", "4A", "--back", home=tmp_path).out == "4A: in the film again\n"
    assert run_cli("omit", "4A", "--back", home=tmp_path).out == "4A: already in the film\n"
    back = run_cli("omit", "--scene", "5", "--back", "--json", home=tmp_path).json
    assert back == {"back": True, "slates": [], "scene": 5, "unchanged": []}


def test_nothing_named_and_an_unknown_shot_are_one_line(tmp_path: Path) -> None:
    nothing = run_cli("omit", home=tmp_path)
    assert (nothing.code, nothing.error[:24]) == (2, "which shot or scene? Nam")
    unknown = run_cli("omit", "9Z", home=tmp_path)
    assert unknown.code == 2
    assert "no shot 9Z" in unknown.error
