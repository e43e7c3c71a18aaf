"""`choose_version`: what is kept, and what is said of a version of another base."""

from __future__ import annotations

import pytest

from agent.context import ChatContext
from agent.toolkit.choose_version import ChooseVersion, choose_version
from agent.toolkit.list_versions import ListVersions, list_versions
from tests.support.filled_studio import trained
from tools.contracts.progress import ignore_progress
from tools.errors import UnknownName


def choose(context: ChatContext, version: int) -> str:
    arguments = ChooseVersion(character="Daro", version=version)
    return choose_version(arguments, context, ignore_progress).text


def in_use(context: ChatContext) -> list[str]:
    said = list_versions(ListVersions(character="Daro"), context, ignore_progress).text
    return [line[:2] for line in said.splitlines() if line.endswith("in use.")]


def test_an_older_version_draws_once_it_is_chosen(context: ChatContext, daro: str) -> None:
    trained(context.services)
    trained(context.services)
    assert in_use(context) == ["v2"]

    assert choose(context, 1) == "Daro is drawn with LoRA v1 (no score) from now on."
    assert in_use(context) == ["v1"]
    assert choose(context, 1) == "Daro is drawn with LoRA v1 (no score) as before."


def test_a_version_of_another_base_does_not_draw_here(context: ChatContext, daro: str) -> None:
    trained(context.services)
    trained(context.services, base="sdxl")

    assert choose(context, 2) == (
        "Daro's LoRA v2 (no score) is chosen, but it was trained on sdxl and this production draws "
        "with micro, which takes its own newest."
    )
    assert in_use(context) == ["v1"]


def test_a_version_that_is_not_there_is_refused_with_those_that_are(
    context: ChatContext, daro: str
) -> None:
    trained(context.services)

    with pytest.raises(UnknownName, match="no LoRA v7 of this character; there are: v1"):
        choose(context, 7)
