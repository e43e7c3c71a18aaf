"""Contact strips from the averaged weights, and the finished pipeline folder."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

import torch
from diffusers import DPMSolverMultistepScheduler, StableDiffusionXLPipeline
from PIL import Image

from tools.compute import FILE_NUMBERS
from tools.errors import StorageFailed
from tools.imaging.pictures import save_picture
from tools.training.pretrain.card import carry_card
from tools.training.pretrain.config import PretrainConfig
from tools.training.pretrain.guide import carry_guide
from tools.training.pretrain.parts import Base, Parts
from tools.training.pretrain.state import Counters

PIPELINE = "pipeline"


def draw_preview(base: Base, average: Parts, config: PretrainConfig, path: Path) -> Path:
    """Draw each preview prompt with its number as seed and save them side by side as a PNG."""
    pipeline = _pipeline(base, average)
    pipeline.scheduler = DPMSolverMultistepScheduler.from_config(base.pipeline.scheduler.config)
    pictures = []
    for seed, prompt in enumerate(config.preview_prompts):
        with base.compute.autocast():
            drawn = pipeline(
                prompt,
                num_inference_steps=config.preview_steps,
                guidance_scale=config.preview_guidance,
                height=base.side,
                width=base.side,
                generator=torch.Generator().manual_seed(seed),
            )
        pictures.append(drawn.images[0])
    strip = Image.new("RGB", (base.side * len(pictures), base.side))
    for index, picture in enumerate(pictures):
        strip.paste(picture, (base.side * index, 0))
    save_picture(strip, path)
    return path


def write_pipeline(base: Base, average: Parts, source: Path, out: Path, counters: Counters) -> Path:
    """Write the averaged weights as a diffusers folder (fp16 safetensors) with guide and model card.

    The folder replaces an older one only when it is complete.

    Raises:
        StorageFailed: the disk did not take it.
    """
    folder, partial, old = out / PIPELINE, out / f".{PIPELINE}.part", out / f".{PIPELINE}.old"
    halved = copy.deepcopy(average).to(FILE_NUMBERS)
    pipeline = _pipeline(base, halved)
    pipeline.register_modules(vae=copy.deepcopy(base.pipeline.vae).to(FILE_NUMBERS))
    try:
        shutil.rmtree(partial, ignore_errors=True)
        pipeline.save_pretrained(partial, safe_serialization=True)
        carry_guide(source, out, partial, counters)
        carry_card(source, partial, counters.pictures, counters.guide_pictures)
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        partial.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise StorageFailed(f"cannot write {folder}: {error.strerror or error}") from error
    return folder


def _pipeline(base: Base, parts: Parts) -> StableDiffusionXLPipeline:
    """The base's pipeline with other trained parts."""
    pipeline = StableDiffusionXLPipeline(
        **{
            **base.pipeline.components,
            "text_encoder": parts.text_encoder,
            "text_encoder_2": parts.text_encoder_2,
            "unet": parts.unet,
        },
        force_zeros_for_empty_prompt=base.pipeline.config.force_zeros_for_empty_prompt,
        add_watermarker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
