"""`list_versions`: scores, steps, and the version in use."""

from __future__ import annotations

import pytest

from agent.context import ChatContext
from agent.toolkit.list_versions import ListVersions, list_versions
from tests.support.filled_studio import trained
from tools.contracts.progress import ignore_progress
from tools.errors import UnknownName


def listing(context: ChatContext, name: str = "Daro") -> str:
    return list_versions(ListVersions(character=name), context, ignore_progress).text


def test_without_a_version_it_says_how_to_get_one(context: ChatContext, daro: str) -> None:
    assert listing(context) == (
        "Daro has no LoRA version yet; train one on a set that passes the gate."
    )


def test_the_newest_of_this_base_is_in_use_and_another_base_s_is_not(
    context: ChatContext, daro: str
) -> None:
    trained(context.services)
    trained(context.services)
    trained(context.services, base="sdxl")

    assert listing(context).splitlines() == [
        "Daro has 3 LoRA versions.",
        "v1: no score, 3 steps on micro (sdxl), reference set v1.",
        "v2: no score, 3 steps on micro (sdxl), reference set v2, in use.",
        "v3: no score, 3 steps on sdxl (sdxl), reference set v3.",
    ]


def test_nobody_of_that_name(context: ChatContext, daro: str) -> None:
    with pytest.raises(UnknownName, match="no character named 'Lirien'"):
        listing(context, "Lirien")
