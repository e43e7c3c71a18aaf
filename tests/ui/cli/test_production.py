from __future__ import annotations

from pathlib import Path

from tests.support.micro_studio import run_cli


def test_settings_are_shown_and_only_what_is_given_changes(tmp_path: Path) -> None:
    new = run_cli("production", "Harbour", "--json", home=tmp_path)
    assert new.json == {
        "name": "Harbour",
        "base": "maquette",
        "licence": "CC0-1.0; commercial use allowed",
        "aspect_ratio": "1:1",
        "ask_before_drawing": False,
        "approval": "pick",
        "budget": None,
    }
    run_cli("production", "Harbour", "--ask", "--release", "pass", home=tmp_path)
    run_cli("production", "Harbour", "--budget", "12.5", home=tmp_path)
    said = run_cli("production", "Harbour", home=tmp_path).out
    assert said == (
        "Harbour: 1:1, drawn with maquette\n"
        "  licence of maquette: CC0-1.0; commercial use allowed\n"
        "  drawing waits for approval; takes are released by pass; budget: $12.50\n"
    )
    assert "does not wait" in run_cli("production", "Harbour", "--no-ask", home=tmp_path).out


def test_a_production_that_asks_has_its_shoots_wait_in_the_chat(tmp_path: Path) -> None:
    run_cli("production", "Harbour", "--ask", home=tmp_path)
    words = ("chat", "--production", "Harbour", "--json", "--say")
    brief = "Meet Daro, a young man with short black hair and green eyes"
    assert run_cli(*words, brief, home=tmp_path).json["proposals"] == []
    asked = run_cli(*words, "cast him", home=tmp_path).json
    assert [proposal["tool"] for proposal in asked["proposals"]] == ["cast"]


def test_an_unknown_base_is_refused_by_name(tmp_path: Path) -> None:
    refused = run_cli("production", "Harbour", "--base", "nonsense", home=tmp_path)
    assert refused.code == 2
    assert "nonsense" in refused.error
