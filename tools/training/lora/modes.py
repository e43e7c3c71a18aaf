"""Puts a pipeline's models into their fastest shape for training and back again.

Knows attention processors, memory formats and autocast; must not know steps or data.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import torch
from diffusers.models.attention_processor import AttnProcessor
from torch import nn

from tools.contracts.bases import BaseRow
from tools.contracts.training import LoraConfig
from tools.training.lora.families import DiffusionFamily


@contextmanager
def training_mode(family: DiffusionFamily) -> Iterator[None]:
    """Freeze the models; on a CPU, use attention and memory formats that are fast backwards.

    On the way out attention, memory format and `requires_grad` are as they were, so that the same
    pipeline draws the same pictures afterwards.
    """
    modules = [part for part in family.pipeline.components.values() if isinstance(part, nn.Module)]
    parameters = [parameter for module in modules for parameter in module.parameters()]
    needed_gradients = [parameter.requires_grad for parameter in parameters]
    for parameter in parameters:
        parameter.requires_grad_(False)
    try:
        if family.pipeline.device.type == "cpu" and family.denoiser_name == "unet":
            with _cpu_mode(family.pipeline):
                yield
        else:
            yield
    finally:
        for parameter, needed in zip(parameters, needed_gradients, strict=True):
            parameter.requires_grad_(needed)


@contextmanager
def _cpu_mode(pipeline: Any) -> Iterator[None]:
    """Plain matrix attention (the fused one is slow backwards on a CPU) and channels last."""
    unet, encoders = pipeline.unet, (pipeline.text_encoder, pipeline.text_encoder_2)
    processors = unet.attn_processors
    attentions = [encoder.config._attn_implementation for encoder in encoders]
    unet.set_attn_processor(AttnProcessor())
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


def autocast(device: torch.device, row: BaseRow, config: LoraConfig) -> AbstractContextManager[Any]:
    """bf16 arithmetic where the configuration asks for it and the device gains by it."""
    pays = device.type != "cpu" or row.cpu_autocast_bf16
    enabled = config.precision == "bf16" and pays
    return torch.autocast(device.type, torch.bfloat16, enabled=enabled)
