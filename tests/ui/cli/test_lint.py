from __future__ import annotations

from pathlib import Path

from tests.support.micro_studio import run_cli


def test_its_json_is_what_scripts_rely_on(tmp_path: Path) -> None:
    run = run_cli("lint", "octane render of a nurse in a red coat, 4k", "--json", home=tmp_path)
    assert run.code == 0
    assert run.json.keys() == {"text", "removed"}
    assert "nurse in a red coat" in run.json["text"]
    assert "octane" not in run.json["text"]
    assert [removal.keys() for removal in run.json["removed"]] == [{"term", "reason"}] * 2
    assert {removal["term"] for removal in run.json["removed"]} == {"octane render", "4k"}
    assert all(removal["reason"] for removal in run.json["removed"])


def test_a_clean_text_comes_back_as_it_is(tmp_path: Path) -> None:
    run = run_cli("lint", "a render of the wall in lime", "--json", home=tmp_path)
    assert run.json == {"text": "a render of the wall in lime", "removed": []}


def test_people_read_the_text_and_each_removal(tmp_path: Path) -> None:
    run = run_cli("lint", "a nurse, trending on artstation", home=tmp_path)
    first, second = run.out.splitlines()
    assert first == "a nurse"
    assert second.startswith("  - trending on artstation: ")


def test_it_opens_no_studio(tmp_path: Path) -> None:
    run_cli("lint", "a nurse", home=tmp_path / "home")
    assert not (tmp_path / "home").exists()
