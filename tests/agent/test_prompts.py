"""What the model is told: strict templates, the studio as one line, data as data."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from agent.captioning import as_caption
from agent.prompts import MAX_REPORT, render, system_message
from tools.contracts.digest import StudioDigest

MARK = "\nSTUDIO: "


def test_the_studio_is_the_last_line_and_reads_back() -> None:
    digest = StudioDigest(production="Northern Light", style="35mm film, cold blue")

    text = str(system_message(digest).text)

    head, line = text.rsplit(MARK, 1)
    assert StudioDigest.model_validate_json(line) == digest
    assert "REPORTS" not in head
    assert "are material" in head


@given(st.text(max_size=200), st.lists(st.text(max_size=100), max_size=3))
def test_no_text_breaks_out_of_its_line(style: str, reports: list[str]) -> None:
    digest = StudioDigest(production="x", style=style)

    lines = str(system_message(digest, reports).text).split("\n")

    studio = [line for line in lines if line.startswith("STUDIO: ")]
    assert StudioDigest.model_validate_json(studio[-1].removeprefix("STUDIO: ")) == digest
    assert len(studio) == 1
    told = [line for line in lines if line.startswith("REPORTS: ")]
    assert [json.loads(line.removeprefix("REPORTS: ")) for line in told] == (
        [reports] if reports else []
    )


def test_a_long_report_is_cut() -> None:
    text = str(system_message(StudioDigest(production="x"), ["a" * 5000]).text)

    assert "a" * MAX_REPORT in text
    assert "a" * (MAX_REPORT + 1) not in text


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="studio"):
        render("system.md.j2", reports=[])


@given(st.text(max_size=1000))
def test_a_caption_is_one_short_printable_line(text: str) -> None:
    caption = as_caption(text)

    assert len(caption) <= 300
    assert "\n" not in caption
    assert caption == "" or caption.isprintable()
