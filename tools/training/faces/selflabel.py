"""Heads that no other detector saw, as our own first round sees them.

A lone person has one head: where the framing says where it should be, the find must lie near; where the
framing says nothing (full figures, in which HOG sees no face), it must be sure. A pair is complete when
two heads are sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image
from pydantic import TypeAdapter, ValidationError

from tools.compute import Compute
from tools.contracts.progress import Progress, ProgressSink
from tools.embedders.boxes import Detection
from tools.embedders.drawn.looking import SURE, heads_in
from tools.embedders.drawn.networks import HeadDetector
from tools.errors import BadInput
from tools.imaging.pictures import write_json
from tools.training.faces.corpus import SIDE, FaceCorpus
from tools.training.faces.heads import Head

_NEAR = 0.5
"""A find is the guessed head when their middles are nearer than this share of its side."""
_ALIKE = 1.6
"""And when neither is larger than the other by more."""
_LOOSE = 0.12
"""Heat from which a find counts where a head is expected."""
_KEEP_EVERY = 400

_Squares = dict[str, tuple[tuple[float, float, float, float], ...]]
"""x, y, side and heat of each find, surest first."""


def label_heads(
    corpus: FaceCorpus,
    network: HeadDetector,
    compute: Compute,
    path: Path,
    progress: ProgressSink,
) -> FaceCorpus:
    """Return the corpus with what the detector adds.

    Args:
        corpus: detected and guessed heads.
        network: our first round.
        compute: how to run it.
        path: kept file of the finds.
        progress: told every few pictures.

    Raises:
        BadInput: the kept file is not one of ours.
    """
    unsure = [index for index in range(len(corpus.rows)) if not _settled(corpus, index)]
    finds = _finds(corpus, unsure, network, compute, path, progress)
    heads = [
        _joined(row.kind, known, finds.get(row.file_name, ()))
        for row, known in zip(corpus.rows, corpus.heads, strict=True)
    ]
    return replace(corpus, heads=tuple(heads))


def seen_heads(
    corpus: FaceCorpus,
    network: HeadDetector,
    compute: Compute,
    path: Path,
    progress: ProgressSink,
) -> FaceCorpus:
    """Return the corpus with each lone person's head as the finished detector will see it in use.

    Where it sees none, what is known stays. Arguments and errors as in `label_heads`.
    """
    lone = [index for index, row in enumerate(corpus.rows) if row.kind == "single"]
    finds = _finds(corpus, lone, network, compute, path, progress)
    heads = list(corpus.heads)
    for index in lone:
        surest = next(iter(finds.get(corpus.rows[index].file_name, ())), None)
        if surest is not None and surest[3] >= SURE:
            heads[index] = (Head(*surest[:3], sure=True),)
    return replace(corpus, heads=tuple(heads))


def _finds(
    corpus: FaceCorpus,
    wanted: Sequence[int],
    network: HeadDetector,
    compute: Compute,
    path: Path,
    progress: ProgressSink,
) -> _Squares:
    try:
        finds = TypeAdapter(_Squares).validate_json(path.read_bytes()) if path.is_file() else {}
    except ValidationError as error:
        raise BadInput(f"{path}: not a file of our own heads; move it away") from error
    missing = [index for index in wanted if corpus.rows[index].file_name not in finds]
    for done, index in enumerate(missing, start=1):
        picture = Image.fromarray(corpus.pixels[index])
        found = heads_in(network, compute, picture, SIDE, _LOOSE)
        finds[corpus.rows[index].file_name] = tuple(map(_square, found))
        if done % _KEEP_EVERY == 0 or done == len(missing):
            write_json(path, finds)
            progress(Progress(stage="label heads", done=done, total=len(missing)))
    return finds


def _settled(corpus: FaceCorpus, index: int) -> bool:
    return corpus.complete(index) and all(head.points for head in corpus.heads[index])


def _square(found: Detection) -> tuple[float, float, float, float]:
    box = found.box
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2, box.width, found.confidence


def _joined(
    kind: str, known: Sequence[Head], finds: Sequence[tuple[float, float, float, float]]
) -> tuple[Head, ...]:
    """What was known, with the finds where they say more."""
    seen = [Head(x, y, side, sure=True) for x, y, side, _ in finds]
    sure = [head for head, find in zip(seen, finds, strict=True) if find[3] >= SURE]
    if kind == "pair":
        new = [head for head in sure if not any(_same(head, other) for other in known)]
        joined = (*known, *new)
        return joined if len(joined) == 2 else tuple(known)
    if known and known[0].points:
        return tuple(known)
    near = [head for head in seen if _same(head, known[0])] if known else sure
    return (near[0],) if near else tuple(known)


def _same(head: Head, other: Head) -> bool:
    away = max(abs(head.x - other.x), abs(head.y - other.y))
    ratio = head.side / other.side
    return away < _NEAR * other.side and 1 / _ALIKE < ratio < _ALIKE
