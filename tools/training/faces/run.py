"""From a folder of labelled pictures to the weights of the drawn embedder, stage by stage.

    find faces → redraw some by the base → learn the detector, in rounds that add the heads which nobody else
    found → learn the reader → look for heads as in use → learn the embedder and the outfit reader → write

Every stage leaves its result in the run folder, so that a second call goes on where the first one stopped.
A run may begin from finished weights and learn only some of the networks anew or on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from tools.compute import Compute, pretraining_compute, resolve_device
from tools.contracts.learning import FacePart
from tools.contracts.model import Contract, Seed
from tools.contracts.progress import ProgressSink
from tools.embedders.drawn.networks import HeadDetector, HeadEmbedder, OutfitReader, channels_last
from tools.embedders.drawn.weights import (
    FILE,
    Networks,
    fingerprint_of,
    load_networks,
    new_networks,
    save_networks,
)
from tools.errors import BadInput
from tools.imaging.pictures import write_json
from tools.training.faces.corpus import FaceCorpus, load_pixels
from tools.training.faces.detector import detector_loss
from tools.training.faces.heads import Head, ReadHeads, find_heads, heads_of
from tools.training.faces.identity import (
    FROM_NOTHING,
    GOING_ON,
    ArcMargin,
    PeopleBatches,
    identity_loss,
)
from tools.training.faces.learning import LearningStage, learn
from tools.training.faces.outfit import OutfitBatches, outfit_labels, outfit_loss
from tools.training.faces.reader import reader_loss
from tools.training.faces.redrawn import Redrawing, redraw
from tools.training.faces.selflabel import label_heads, seen_heads
from tools.training.pretrain.faces import RawBoxes
from tools.training.pretrain.rows import PictureRow, read_rows

_FIRST_RATE, _OUTFIT_RATE = 2e-3, 3e-3
PLAN = "plan.json"
LEAST_PICTURES = 2
"""Pictures that a person needs to be told apart by."""


class FacesConfig(Contract):
    """Which networks learn, how long, and on whom; the shipped weights' own way is in their card."""

    parts: tuple[FacePart, ...] = tuple(FacePart)
    """The others stay as the run's first weights have them."""
    detector_steps: tuple[int, ...] = (800, 500, 600)
    """Of each round; before the second and the third, the heads that the one before found are added."""
    reader_steps: int = 700
    identity_steps: int = 8000
    outfit_steps: int = 1500
    redrawn: int = 480
    """Pictures that the base draws again."""
    held_out: tuple[str, ...] = ()
    """People who stay out of training: those to calibrate and to test on."""
    device: str = "auto"
    seed: Seed = 0

    @property
    def needs_landmarks(self) -> bool:
        """Whether dlib's faces are needed: two networks learn from them, the others from our own."""
        return not {FacePart.DETECTOR, FacePart.READER}.isdisjoint(self.parts)


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
    begin: Path | None = None
    """Weights that the run begins from; None begins with networks that have learned nothing."""


def train_faces(sources: Sources, config: FacesConfig, progress: ProgressSink) -> Path:
    """Train the networks that the config names and return the file of all four.

    Raises:
        BadInput: not a picture folder, fewer than two people in it, not a base, or a run folder of another
            training.
        TrainingFailed: a loss is not finite, or a checkpoint cannot be used.
        StorageFailed: the disk is full; the checkpoint before is kept.
        Cancelled: from `progress`; a second call goes on.
    """
    torch.manual_seed(config.seed)
    compute = pretraining_compute(resolve_device(config.device))
    networks = _first_networks(sources, config)
    _require_outfits(sources, config)
    _keep_plan(sources, config)
    run = _FacesRun(config, compute, sources.out, progress)
    corpus = _corpus(sources, config, progress)
    if config.needs_landmarks:
        _require_people(corpus, sources.pictures)
    corpus = run.with_heads(networks.detector, corpus)
    seen = seen_heads(
        corpus, networks.detector.eval(), compute, sources.out / "seen_heads.json", progress
    )
    _require_people(seen, sources.pictures)
    for stage in _stages(
        networks, corpus, seen, config, compute, goes_on=sources.begin is not None
    ):
        run.learn(stage)
    return save_networks(networks, sources.out / FILE)


def training_rows(folder: Path, held_out: Sequence[str]) -> list[PictureRow]:
    """The rows to learn from: pictures of one or two people, nobody who is held out."""
    kept_out = set(held_out)
    return [row for row in read_rows(folder) if not row.is_sheet and row.person not in kept_out]


def _require_people(corpus: FaceCorpus, folder: Path) -> None:
    if len(_people(corpus)) < 2:
        raise BadInput(f"{folder}: needs two people with {LEAST_PICTURES} pictures each")


def _require_outfits(sources: Sources, config: FacesConfig) -> None:
    """Refuse captions that teach no outfit reader before anything is learned."""
    rows = training_rows(sources.pictures, config.held_out)
    people = any(row.person for row in rows)
    if people and FacePart.OUTFIT in config.parts and not outfit_labels(rows):
        raise BadInput(
            f"{sources.pictures}: no caption names clothes and hair (`wearing a red coat`, "
            "`long black hair`); leave the outfit reader out: --begin WEIGHTS with --part for each other"
        )


def _keep_plan(sources: Sources, config: FacesConfig) -> None:
    """Write down what a run folder is for; its checkpoints are of no use to another training.

    How long a network learns may change between two calls, what it learns from may not.
    """
    begin = fingerprint_of(sources.begin) if sources.begin else "nothing"
    plan = {
        "begin": begin,
        "parts": [*config.parts],
        "held_out": [*config.held_out],
        "seed": config.seed,
    }
    path = sources.out / PLAN
    if path.is_file() and json.loads(path.read_bytes()) != plan:
        raise BadInput(f"{sources.out}: holds another training; use another --out")
    sources.out.mkdir(parents=True, exist_ok=True)
    write_json(path, plan)


def _people(corpus: FaceCorpus) -> list[list[int]]:
    return [each for each in corpus.people().values() if len(each) >= LEAST_PICTURES]


def _first_networks(sources: Sources, config: FacesConfig) -> Networks:
    if sources.begin is None:
        if set(config.parts) != set(FacePart):
            raise BadInput(
                "name the weights that the other networks are taken from: --begin WEIGHTS"
            )
        return new_networks()
    networks = load_networks(sources.begin)
    for network in networks.named().values():
        network.requires_grad_(True)
    return networks


def _corpus(sources: Sources, config: FacesConfig, progress: ProgressSink) -> FaceCorpus:
    out, folder = sources.out, sources.pictures
    out.mkdir(parents=True, exist_ok=True)
    rows = training_rows(folder, config.held_out)
    pixels = load_pixels(folder, rows, progress)
    heads: list[tuple[Head, ...]] = [()] * len(rows)
    if config.needs_landmarks:
        kept = out / "heads.json"
        heads = heads_of(
            rows, find_heads(rows, folder, kept, sources.read, sources.boxes, progress)
        )
    what = Redrawing(sources.base, config.redrawn, config.device, config.seed)
    redrawn = redraw(rows, pixels, what, out / "redrawn.npy", progress) if config.redrawn else {}
    return FaceCorpus(tuple(rows), pixels, tuple(heads), redrawn, config.seed)


@dataclass(frozen=True)
class _FacesRun:
    """What every stage of a run shares."""

    config: FacesConfig
    compute: Compute
    out: Path
    progress: ProgressSink

    def learn(self, stage: LearningStage) -> None:
        """Teach a network and leave its averaged weights in it."""
        channels_last(stage.network.to(self.compute.device))
        if stage.extra is not None:
            stage.extra.to(self.compute.device)
        stage.network.load_state_dict(learn(stage, self.out, self.progress).state_dict())

    def with_heads(self, detector: HeadDetector, corpus: FaceCorpus) -> FaceCorpus:
        """Return all heads; where the detector learns, in rounds, each on what the one before found."""
        steps = self.config.detector_steps if FacePart.DETECTOR in self.config.parts else ()
        labelled = corpus
        for number, count in enumerate(steps, start=1):

            def loss(step: int, _: float, heads: FaceCorpus = labelled) -> Tensor:
                return detector_loss(heads, detector, self.compute, step)

            rate = _FIRST_RATE if number == 1 else _FIRST_RATE / 2
            self.learn(LearningStage(f"detector-{number}", detector, loss, count, rate))
            labelled = self._labelled(corpus, detector, f"own_heads_{number}.json")
        if not steps and self.config.needs_landmarks:
            labelled = self._labelled(corpus, detector, "own_heads.json")
        return labelled

    def _labelled(self, corpus: FaceCorpus, detector: HeadDetector, name: str) -> FaceCorpus:
        return label_heads(corpus, detector.eval(), self.compute, self.out / name, self.progress)


def _stages(
    networks: Networks,
    corpus: FaceCorpus,
    seen: FaceCorpus,
    config: FacesConfig,
    compute: Compute,
    *,
    goes_on: bool,
) -> list[LearningStage]:
    """The networks after the detector: the reader on heads with landmarks, the others on heads as seen."""
    stages: list[LearningStage] = []
    if FacePart.READER in config.parts:
        stages.append(
            LearningStage(
                "reader",
                networks.reader,
                lambda step, _: reader_loss(corpus, networks.reader, compute, step),
                config.reader_steps,
                _FIRST_RATE,
            )
        )
    if FacePart.IDENTITY in config.parts:
        stages.append(_identity_stage(networks.embedder, seen, config, compute, goes_on))
    if FacePart.OUTFIT in config.parts:
        stages.append(_outfit_stage(networks.outfit, seen, config, compute))
    return stages


def _outfit_stage(
    network: OutfitReader, seen: FaceCorpus, config: FacesConfig, compute: Compute
) -> LearningStage:
    outfits = OutfitBatches(seen, outfit_labels(seen.rows))
    if not outfits.labelled:
        raise BadInput("no head was seen of anybody whose clothes and hair the captions name")
    return LearningStage(
        "outfit",
        network,
        lambda step, _: outfit_loss(outfits, network, compute, step),
        config.outfit_steps,
        _OUTFIT_RATE,
        weight_decay=0.05,
    )


def _identity_stage(
    network: HeadEmbedder, seen: FaceCorpus, config: FacesConfig, compute: Compute, goes_on: bool
) -> LearningStage:
    """Learn people; an embedder that has learned before goes on from where it sees them."""
    people = _people(seen)
    batches, centres = PeopleBatches(seen, people), ArcMargin(len(people)).to(compute.device)
    if goes_on:
        centres.place(batches, network.to(compute.device), compute)
    plan = GOING_ON if goes_on else FROM_NOTHING
    return LearningStage(
        "identity",
        network,
        lambda step, share: identity_loss(batches, network, centres, compute, step, plan.at(share)),
        config.identity_steps,
        _FIRST_RATE / 2 if goes_on else _FIRST_RATE,
        weight_decay=0.05,
        extra=centres,
    )
