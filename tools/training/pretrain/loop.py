"""The pre-training loop: pictures and captions in, a better base out.

Source of the recipe: the maquette's model card. Must not know characters, detectors or jobs.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from tools.contracts.progress import ProgressSink, ignore_progress
from tools.errors import Cancelled, TrainingFailed
from tools.training.objective import add_noise, min_snr_weights, target, weighted_errors
from tools.training.pretrain.card import pictures_seen
from tools.training.pretrain.config import PretrainConfig, PretrainProgress, UnseenLoss
from tools.training.pretrain.corpus import Corpus, load_corpus
from tools.training.pretrain.faces import FindFaces
from tools.training.pretrain.guide import guide_is_due, keep_guide
from tools.training.pretrain.muon import Muon
from tools.training.pretrain.parts import Base, can_compile, load_base
from tools.training.pretrain.pictures import Mixture, PictureSet, PretrainBatch
from tools.training.pretrain.preview import draw_preview, write_pipeline
from tools.training.pretrain.schedule import (
    average_decay,
    crop_factor,
    learning_rate_factor,
    noise_steps,
)
from tools.training.pretrain.state import CHECKPOINT, RunState, step_seed
from tools.training.pretrain.unseen import unseen_loss

_ADAM_BETAS = (0.9, 0.98)
_WEIGHT_DECAY = 0.01
_CROP_BATCH, _SHEET_BATCH = 8 / 3, 2 / 3
"""A crop has a quarter of a picture's area but not of its overhead; a sheet has three halves."""


def pretrain(
    source: Path,
    pictures: Path,
    out: Path,
    config: PretrainConfig,
    faces: Path | None = None,
    *,
    find_faces: FindFaces | None = None,
    held_out: Path | None = None,
    progress: ProgressSink = ignore_progress,
) -> Generator[PretrainProgress, None, None]:
    """Train a base on a folder of captioned pictures, from where `out` stands.

    An unfinished call with the same length, begin and end is resumed exactly (weights, average,
    optimizers, chances, step); after a finished one training goes on from its weights. Closing the
    iterator keeps a checkpoint.

    Args:
        source: `StableDiffusionXLPipeline` folder that the first call begins from.
        pictures: folder with `metadata.jsonl`.
        out: run folder; gets checkpoint, previews, latents, the guide, and at the end `pipeline/`.
        config: see `PretrainConfig`.
        faces: file of face boxes; None for `out/faces.json`, made with `find_faces` if given.
        find_faces: detector for pictures that the file does not name.
        held_out: folder of people who are in no training picture, to measure with each preview.
        progress: told while pictures are encoded and faces are looked for.

    Yields:
        One item a step; the last names the finished pipeline.

    Raises:
        BadInput: not a base, or not a picture folder.
        TrainingFailed: the loss is not finite, or the checkpoint cannot be used.
        StorageFailed: the disk is full; the checkpoint before is kept.
    """
    base = load_base(source, config.device)
    corpus = load_corpus(base, pictures, out, config, faces, find_faces, held_out, progress)
    run = _Run(base, corpus, config, out, pictures_seen(source))
    run.state.load(out)
    run.state.counters.enter(config)
    try:
        yield from run.steps()
    except (GeneratorExit, Cancelled):
        run.state.save(out)
        raise
    counters = run.state.counters
    preview = run.preview()
    counters.call = ""
    pipeline = write_pipeline(base, run.state.average, source, out, counters)
    run.state.save(out)
    yield run.report(share=1.0, preview=preview, unseen=run.unseen(), pipeline=pipeline)


@dataclass(frozen=True)
class _Plan:
    """What one step does."""

    pictures: PictureSet
    count: int
    crop_side: int | None


class _Run:
    """One call: its state, its clocks and its step."""

    def __init__(
        self, base: Base, corpus: Corpus, config: PretrainConfig, out: Path, seen_before: int
    ) -> None:
        self.base, self.corpus, self.config, self.out = base, corpus, config, out
        self.seen_before = seen_before
        matrices, other = base.parts.muon_and_other()
        rate = config.learning_rate
        adam = torch.optim.AdamW(
            other, rate, betas=_ADAM_BETAS, weight_decay=_WEIGHT_DECAY, fused=True
        )
        self.state = RunState(
            base.parts,
            base.parts.averaged_copy(),
            (Muon(matrices, rate, base.compute.arithmetic, weight_decay=_WEIGHT_DECAY), adam),
        )
        if config.compile and can_compile(base.device):
            base.parts.compile_unet()
        self.mixture = Mixture(config.face_weight, config.anchored_share, config.caption_dropout)
        self.loss = self.rate = 0.0
        self.samples = 0.0
        self.started = self.previewed = self.kept = time.monotonic()

    def steps(self) -> Iterator[PretrainProgress]:
        """Train until the call's length is reached."""
        counters = self.state.counters
        self.started = self.previewed = self.kept = time.monotonic()
        while counters.share(self.config) < 1:
            began = time.monotonic()
            self._step()
            counters.call_seconds += time.monotonic() - began
            if guide_is_due(counters, self.config, self.seen_before):
                keep_guide(self.state.average.unet, self.out)
                counters.guide_pictures = self.seen_before + counters.pictures
            yield self._report_step()

    def _step(self) -> None:
        counters, config = self.state.counters, self.config
        done = counters.schedule_done(config)
        seed = step_seed(config.seed, counters.step)
        plan = self._plan(done, random.Random(seed))
        chance = torch.Generator().manual_seed(seed)
        batch = plan.pictures.batch(plan.count, self.mixture, chance, plan.crop_side)
        loss = self._loss(
            batch, noise_steps(plan.count, chance, crops=plan.crop_side is not None), seed
        )
        self.loss = loss.item()
        if not math.isfinite(self.loss):
            raise TrainingFailed(
                f"the loss is {self.loss} at step {counters.step}; lower the learning rate and call"
                f" again to go on from the last good checkpoint {self.out / CHECKPOINT}"
            )
        self.rate = config.learning_rate * learning_rate_factor(
            done, counters.step, config.warmup_steps
        )
        self._update(loss)
        counters.step += 1
        counters.call_steps += 1
        counters.quarters += plan.count * (1 if plan.crop_side else 4)
        self.samples += plan.count if plan.crop_side is None else plan.count / 4
        self._average()

    def _plan(self, done: float, chance: random.Random) -> _Plan:
        """Choose between crops, sheets and whole pictures."""
        config, corpus = self.config, self.corpus
        if chance.random() < config.crop_share * crop_factor(done):
            side = self.base.side // self.base.factor // 2
            return _Plan(corpus.whole, round(config.batch * _CROP_BATCH), side)
        if corpus.sheets is not None and chance.random() < config.sheet_share:
            return _Plan(corpus.sheets, max(1, round(config.batch * _SHEET_BATCH)), None)
        return _Plan(corpus.whole, config.batch, None)

    def _loss(self, batch: PretrainBatch, steps: Tensor, seed: int) -> Tensor:
        base = self.base
        steps = steps.to(base.device)
        generator = torch.Generator(base.device).manual_seed(seed)
        noise = torch.randn(batch.latents.shape, generator=generator, device=base.device)
        signal = base.signal[steps]
        answer = base.parts(
            add_noise(batch.latents, noise, signal), steps, batch.tokens, batch.time_ids
        )
        errors = weighted_errors(
            answer, target(batch.latents, noise, signal, base.prediction), batch.weights
        )
        weights = min_snr_weights(signal, self.config.min_snr_gamma, base.prediction)
        return (errors * (0.5 + 0.5 * weights / weights.mean())).mean()

    def _update(self, loss: Tensor) -> None:
        for optimizer in self.state.optimizers:
            optimizer.zero_grad(set_to_none=True)
            for group in optimizer.param_groups:
                group["lr"] = self.rate
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.base.parts.parameters(), self.config.gradient_clip)
        for optimizer in self.state.optimizers:
            optimizer.step()

    @torch.no_grad()
    def _average(self) -> None:
        counters, config = self.state.counters, self.config
        decay = average_decay(counters.step, counters.pictures, config.batch, config.ema_pictures)
        torch._foreach_lerp_(
            list(self.state.average.parameters()), list(self.base.parts.parameters()), 1 - decay
        )

    def _report_step(self) -> PretrainProgress:
        """Keep a checkpoint and draw a preview when their time has come."""
        now, preview, unseen = time.monotonic(), None, None
        if now - self.kept >= self.config.checkpoint_every_s:
            self.state.save(self.out)
            self.kept = time.monotonic()
        if now - self.previewed >= self.config.preview_every_s:
            preview, unseen = self.preview(), self.unseen()
            self.previewed = time.monotonic()
        return self.report(self.state.counters.share(self.config), preview, unseen)

    def preview(self) -> Path:
        """Draw the contact strip of the averaged weights."""
        path = self.out / f"preview_{self.state.counters.pictures:09d}.png"
        return draw_preview(self.base, self.state.average, self.config, path)

    def unseen(self) -> UnseenLoss | None:
        """Measure the averaged weights on the held-out people, if there are any."""
        if self.corpus.unseen is None:
            return None
        return unseen_loss(self.base, self.state.average, self.corpus.unseen)

    def report(
        self,
        share: float,
        preview: Path | None = None,
        unseen: UnseenLoss | None = None,
        pipeline: Path | None = None,
    ) -> PretrainProgress:
        """Say where the run stands."""
        counters = self.state.counters
        return PretrainProgress(
            step=counters.step,
            pictures_seen=counters.pictures,
            share=share,
            loss=self.loss,
            learning_rate=self.rate,
            samples_per_s=self.samples / max(1e-9, time.monotonic() - self.started),
            preview=preview,
            unseen=unseen,
            pipeline=pipeline,
        )
