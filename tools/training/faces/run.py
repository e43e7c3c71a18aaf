"""From a folder of labelled pictures to the weights of the drawn embedder, stage by stage.

    find faces → redraw some by the base → learn the detector, in rounds that add the heads which nobody else
    found → learn the reader → learn the embedder → write

Every stage leaves its result in the run folder, so that a second call goes on where the first one stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from tools.compute import Compute, pretraining_compute, resolve_device
from tools.contracts.model import Contract, Seed
from tools.contracts.progress import ProgressSink
from tools.embedders.drawn.networks import HeadDetector, HeadEmbedder, HeadReader, channels_last
from tools.embedders.drawn.weights import FILE, Networks, save_networks
from tools.errors import BadInput
from tools.training.faces.corpus import FaceCorpus, load_pixels
from tools.training.faces.detector import detector_loss
from tools.training.faces.heads import ReadHeads, find_heads, heads_of
from tools.training.faces.identity import ArcMargin, PeopleBatches, identity_loss
from tools.training.faces.learning import LearningStage, learn
from tools.training.faces.reader import reader_loss
from tools.training.faces.redrawn import Redrawing, redraw
from tools.training.faces.selflabel import label_heads
from tools.training.pretrain.faces import RawBoxes
from tools.training.pretrain.rows import PictureRow, read_rows

_FIRST_RATE = 2e-3
LEAST_PICTURES = 2
"""Pictures that a person needs to be told apart by."""


class FacesConfig(Contract):
    """How long each network learns, and on whom. The defaults are those of the shipped weights."""

    detector_steps: tuple[int, ...] = (800, 500, 600)
    """Of each round; before the second and the third, the heads that the one before found are added."""
    reader_steps: int = 700
    identity_steps: int = 3000
    redrawn: int = 480
    """Pictures that the base draws again."""
    held_out: tuple[str, ...] = ()
    """People who stay out of training: those to calibrate and to test on."""
    device: str = "auto"
    seed: Seed = 0


@dataclass(frozen=True)
class Sources:
    """Where everything comes from and goes to."""

    pictures: Path
    """Folder with `metadata.jsonl`; its rows say person, framing and view."""
    out: Path
    base: Path
    """diffusers folder that redraws."""
    read: ReadHeads
    boxes: RawBoxes | None
    """Faces found before; None looks for them."""


def train_faces(sources: Sources, config: FacesConfig, progress: ProgressSink) -> Path:
    """Train the three networks and return their file.

    Raises:
        BadInput: not a picture folder, fewer than two people in it, or not a base.
        TrainingFailed: a loss is not finite, or a checkpoint cannot be used.
        StorageFailed: the disk is full; the checkpoint before is kept.
        Cancelled: from `progress`; a second call goes on.
    """
    torch.manual_seed(config.seed)
    compute = pretraining_compute(resolve_device(config.device))
    corpus = _corpus(sources, config, progress)
    if len(_people(corpus)) < 2:
        raise BadInput(f"{sources.pictures}: needs two people with {LEAST_PICTURES} pictures each")
    detector, labelled = _learn_detector(corpus, config, compute, sources.out, progress)
    networks = _learn_people(labelled, detector, config, compute, sources.out, progress)
    return save_networks(networks, sources.out / FILE)


def training_rows(folder: Path, held_out: Sequence[str]) -> list[PictureRow]:
    """The rows to learn from: pictures of one or two people, nobody who is held out."""
    kept_out = set(held_out)
    return [row for row in read_rows(folder) if not row.is_sheet and row.person not in kept_out]


def _people(corpus: FaceCorpus) -> list[list[int]]:
    return [each for each in corpus.people().values() if len(each) >= LEAST_PICTURES]


def _corpus(sources: Sources, config: FacesConfig, progress: ProgressSink) -> FaceCorpus:
    out, folder = sources.out, sources.pictures
    out.mkdir(parents=True, exist_ok=True)
    rows = training_rows(folder, config.held_out)
    pixels = load_pixels(folder, rows, progress)
    found = find_heads(rows, folder, out / "heads.json", sources.read, sources.boxes, progress)
    what = Redrawing(sources.base, config.redrawn, config.device, config.seed)
    redrawn = redraw(rows, pixels, what, out / "redrawn.npy", progress) if config.redrawn else {}
    return FaceCorpus(tuple(rows), pixels, tuple(heads_of(rows, found)), redrawn, config.seed)


def _learn_detector(
    corpus: FaceCorpus, config: FacesConfig, compute: Compute, out: Path, progress: ProgressSink
) -> tuple[HeadDetector, FaceCorpus]:
    """Teach the detector in rounds, each on what the one before found, and return all heads."""
    detector, labelled = HeadDetector().to(compute.device), corpus
    channels_last(detector)
    for number, steps in enumerate(config.detector_steps, start=1):

        def loss(step: int, _: float, heads: FaceCorpus = labelled) -> Tensor:
            return detector_loss(heads, detector, compute, step)

        rate = _FIRST_RATE if number == 1 else _FIRST_RATE / 2
        round_ = LearningStage(f"detector-{number}", detector, loss, steps, rate)
        detector.load_state_dict(learn(round_, out, progress).state_dict())
        kept = out / f"own_heads_{number}.json"
        labelled = label_heads(corpus, detector.eval(), compute, kept, progress)
    return detector, labelled


def _learn_people(
    corpus: FaceCorpus,
    detector: HeadDetector,
    config: FacesConfig,
    compute: Compute,
    out: Path,
    progress: ProgressSink,
) -> Networks:
    """Teach the reader and the embedder on the heads that are known by now."""
    reader, embedder = HeadReader(), HeadEmbedder()
    people = _people(corpus)
    batches, margin = PeopleBatches(corpus, people), ArcMargin(len(people)).to(compute.device)
    stages = (
        LearningStage(
            "reader",
            reader,
            lambda step, _: reader_loss(corpus, reader, compute, step),
            config.reader_steps,
            _FIRST_RATE,
        ),
        LearningStage(
            "identity",
            embedder,
            lambda step, share: identity_loss(batches, embedder, margin, compute, step, share),
            config.identity_steps,
            _FIRST_RATE,
            weight_decay=0.05,
            extra=margin,
        ),
    )
    for stage in stages:
        channels_last(stage.network.to(compute.device))
        stage.network.load_state_dict(learn(stage, out, progress).state_dict())
    return Networks(detector, reader, embedder)
