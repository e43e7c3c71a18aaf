"""Heads that are not rightly formed are told by how sure the detector of drawn heads is."""

from __future__ import annotations

import pytest

from tests.support.drawn_heads import drawn_heads
from tools.contracts.faces import Face
from tools.contracts.model import Box
from tools.contracts.photography import Framing
from tools.embedders.drawn.embedder import DrawnEmbedder
from tools.embedders.drawn.weights import shipped_weights
from tools.embedders.table import embedder_row
from tools.qc.malformed import malformed
from tools.qc.readable import SMALL_FRAMINGS


def head(sureness: float) -> Face:
    return Face(
        box=Box(left=0, top=0, right=64, bottom=64),
        landmarks=(),
        confidence=sureness,
        detector="drawn",
        embedding=(1.0, 0.0),
    )


@pytest.mark.parametrize(
    ("sureness", "reason"),
    [
        (0.5, None),
        (0.38, None),
        (0.31, "malformed: hardly formed like a head (sureness 0.31, 0.38 is needed)"),
    ],
)
def test_a_head_is_formed_from_the_bar_on(sureness: float, reason: str | None) -> None:
    assert malformed([head(sureness)], 0.38, Framing.CLOSE_UP) == reason


def test_a_close_picture_without_any_head_is_malformed() -> None:
    assert malformed([], 0.38, Framing.CLOSE_UP) == "malformed: nothing in it is formed like a head"


@pytest.mark.parametrize("framing", sorted(SMALL_FRAMINGS))
def test_small_heads_are_not_judged(framing: Framing) -> None:
    assert malformed([], 0.38, framing) is None
    assert malformed([head(0.1)], 0.38, framing) is None


@pytest.mark.slow
def test_of_what_two_readers_call_broken_most_is_refused_and_nothing_that_both_call_good() -> None:
    heads = [each for each in drawn_heads() if each.framing not in SMALL_FRAMINGS]
    least = embedder_row("drawn").well_formed
    assert least is not None
    found = DrawnEmbedder(shipped_weights(), device="cpu").faces([each.picture for each in heads])
    refused = [
        malformed(faces, least, each.framing) is not None
        for each, faces in zip(heads, found, strict=True)
    ]
    told = [(said, each.broken) for said, each in zip(refused, heads, strict=True)]
    caught = told.count((True, True))
    assert caught / (caught + told.count((False, True))) >= 0.6
    assert caught / (caught + told.count((True, False))) >= 0.7
    good = [
        said for said, each in zip(refused, heads, strict=True) if set(each.readers) == {"good"}
    ]
    assert len(good) > 10
    assert not any(good)
