"""Puts a pipeline's models into their fastest shape for training and back again.

Knows attention processors and memory formats; must not know steps or data.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from diffusers.models.attention_processor import AttnProcessor, AttnProcessor2_0
from torch import nn

from tools.compute import Compute
from tools.training.lora.families import DiffusionFamily


@contextmanager
def training_mode(family: DiffusionFamily, compute: Compute) -> Iterator[None]:
    """Freeze the models; on a CPU, use the attention and memory format that are fast for `compute`.

    On the way out attention, memory format and `requires_grad` are as they were, so that the same
    pipeline draws the same pictures afterwards.
    """
    modules = [part for part in family.pipeline.components.values() if isinstance(part, nn.Module)]
    parameters = [parameter for module in modules for parameter in module.parameters()]
    needed_gradients = [parameter.requires_grad for parameter in parameters]
    for parameter in parameters:
        parameter.requires_grad_(False)
    try:
        if compute.device.type == "cpu" and family.denoiser_name == "unet":
            with _cpu_mode(family.pipeline, compute):
                yield
        else:
            yield
    finally:
        for parameter, needed in zip(parameters, needed_gradients, strict=True):
            parameter.requires_grad_(needed)


@contextmanager
def _cpu_mode(pipeline: Any, compute: Compute) -> Iterator[None]:
    """Channels last; attention as plain products where that is faster, in the text encoders always."""
    unet, encoders = pipeline.unet, (pipeline.text_encoder, pipeline.text_encoder_2)
    processors = unet.attn_processors
    attentions = [encoder.config._attn_implementation for encoder in encoders]
    unet.set_attn_processor(AttnProcessor() if compute.plain_attention else AttnProcessor2_0())
    unet.to(memory_format=torch.channels_last)
    for encoder in encoders:
        encoder.set_attn_implementation("eager")
    try:
        yield
    finally:
        unet.set_attn_processor(processors)
        unet.to(memory_format=torch.contiguous_format)
        for encoder, attention in zip(encoders, attentions, strict=True):
            encoder.set_attn_implementation(attention)
