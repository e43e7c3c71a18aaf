from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from tests.tools.training.faces.conftest import COMPUTE
from tools.contracts.model import Box
from tools.embedders.boxes import Detection
from tools.embedders.drawn.embedder import peaks_of
from tools.embedders.drawn.looking import heads_in
from tools.embedders.drawn.networks import HeadDetector
from tools.errors import BadInput
from tools.training.faces import selflabel
from tools.training.faces.corpus import FaceCorpus
from tools.training.faces.heads import Head
from tools.training.faces.selflabel import label_heads

KNOWN = Head(100.0, 100.0, 80.0, sure=False)
READ = replace(KNOWN, sure=True, points=((0.0, 0.0),) * 5)
LEFT, RIGHT = Head(60.0, 100.0, 50.0, sure=True), Head(180.0, 100.0, 50.0, sure=True)


def test_heads_that_were_found_by_ourselves_are_kept(
    corpus: FaceCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = replace(corpus, heads=tuple(h if h and h[0].points else () for h in corpus.heads))
    box = Box(left=70, top=70, right=150, bottom=150)
    monkeypatch.setattr(selflabel, "heads_in", lambda *_: [Detection(box, 0.5, "drawn")])
    path = tmp_path / "own.json"
    told: list[int] = []
    network = HeadDetector(widths=(8, 8, 8, 8), out=8)
    labelled = label_heads(unknown, network, COMPUTE, path, lambda p: told.append(p.done))
    assert told[-1] == 5
    new = [heads[0] for heads, old in zip(labelled.heads, unknown.heads, strict=True) if not old]
    assert {(head.x, head.y, head.side) for head in new} == {(110.0, 110.0, 80.0)}
    monkeypatch.setattr(selflabel, "heads_in", lambda *_: pytest.fail("looked again"))
    assert label_heads(unknown, network, COMPUTE, path, told.append) == labelled  # type: ignore[arg-type]


def test_an_untrained_detector_is_sure_of_nothing(corpus: FaceCorpus) -> None:
    torch.manual_seed(0)
    network = HeadDetector().eval()
    assert heads_in(network, COMPUTE, Image.fromarray(corpus.pixels[0]), 256, 0.3) == []
    assert peaks_of(torch.full((1, 1, 8, 8), 0.5))[1].item() == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("known", "find", "place"),
    [
        ((KNOWN,), (110.0, 105.0, 90.0, 0.15), (110.0, 105.0)),
        ((KNOWN,), (150.0, 100.0, 80.0, 0.9), (100.0, 100.0)),
        ((KNOWN,), (101.0, 100.0, 160.0, 0.9), (100.0, 100.0)),
        ((READ,), (110.0, 105.0, 90.0, 0.9), (100.0, 100.0)),
        ((), (110.0, 105.0, 90.0, 0.9), (110.0, 105.0)),
        ((), (110.0, 105.0, 90.0, 0.15), None),
    ],
    ids=["near", "too far", "too large", "read before", "sure alone", "unsure alone"],
)
def test_a_lone_head_is_the_find_where_it_says_more(
    known: tuple[Head, ...],
    find: tuple[float, float, float, float],
    place: tuple[float, float] | None,
) -> None:
    joined = selflabel._joined("single", known, [find])
    assert [(head.x, head.y) for head in joined] == ([] if place is None else [place])


def test_a_pair_is_complete_when_two_heads_are_sure() -> None:
    found = (RIGHT.x, RIGHT.y, RIGHT.side, 0.9)
    assert selflabel._joined("pair", (LEFT,), [found]) == (LEFT, RIGHT)
    assert selflabel._joined("pair", (LEFT,), [(*found[:3], 0.15)]) == (LEFT,)
    assert selflabel._joined("pair", (LEFT,), [found, (120.0, 30.0, 50.0, 0.9)]) == (LEFT,)
    same = (LEFT.x + 3, LEFT.y, LEFT.side, 0.9)
    assert selflabel._joined("pair", (LEFT,), [same, found]) == (LEFT, RIGHT)


def test_a_file_of_something_else_is_refused(corpus: FaceCorpus, tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text('{"a.png": [[1, 2]]}')
    network = HeadDetector(widths=(8, 8, 8, 8), out=8)
    with pytest.raises(BadInput, match="not a file of our own heads; move it away"):
        label_heads(corpus, network, COMPUTE, path, lambda _: None)
