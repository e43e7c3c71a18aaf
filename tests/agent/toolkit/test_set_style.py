from __future__ import annotations

import pytest

from agent.arguments import SetStyle
from agent.context import ChatContext
from agent.toolkit.set_style import set_style
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput
from tools.workflows.digest import studio_digest
from tools.workflows.people.characters import load_character


def lock(context: ChatContext, style: str | None = None, ratio: str | None = None) -> str:
    return set_style(SetStyle(style=style, aspect_ratio=ratio), context, ignore_progress).text


def test_only_what_was_given_changes_and_old_and_new_words_are_said(
    context: ChatContext, daro: str
) -> None:
    first = lock(context, "Kodak Portra 400, muted greens, melancholy")
    assert first.startswith(
        "The style was not set; it is locked as “Kodak Portra 400, muted greens"
    )
    second = lock(context, "Kodak Vision3 500T")
    assert "was “Kodak Portra 400, muted greens, melancholy”" in second
    assert "locked as “Kodak Vision3 500T, muted greens, melancholy” now" in second
    third = lock(context, ratio="2.39:1")
    assert third.startswith("The aspect ratio was 1:1; it is 2.39:1 now.")
    digest = studio_digest(context.services, "studio", context.conversation_id)
    assert digest.aspect_ratio == "2.39:1"
    assert digest.style == "Kodak Vision3 500T, muted greens, melancholy"
    style = load_character(context.services, "studio", daro).style
    assert style.aspect_ratio == "2.39:1", "a shot reads the same"
    assert style.film_stock == "Kodak Vision3 500T"


def test_a_ratio_in_the_words_counts(context: ChatContext) -> None:
    text = lock(context, "grainy 16mm, scope")
    assert "aspect ratio was 1:1; it is 2.39:1" in text


def test_the_same_again_is_said_to_be_so(context: ChatContext) -> None:
    lock(context, "Kodak Portra 400", "16:9")
    again = lock(context, "Kodak Portra 400", "16:9")
    assert again == "It is so already: “Kodak Portra 400”, aspect ratio 16:9."


def test_two_ratios_are_refused(context: ChatContext) -> None:
    with pytest.raises(BadInput, match=r"two aspect ratios: 16:9 and 2\.39:1; keep one of them"):
        lock(context, "16:9, scope")
