"""Brings a pipeline's models to the device as a memory plan says, and says what helps where they do not fit.

Knows plans, and the hooks by which accelerate and diffusers move models; must not know prompts or adapters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from accelerate import cpu_offload_with_hook
from accelerate.hooks import remove_hook_from_module
from diffusers.hooks import HookRegistry
from torch.utils.hooks import RemovableHandle

from tools.compute import EIGHT_BITS, Compute, device_facts
from tools.contracts.memory import GB, MemoryPlan, Residency, Task
from tools.errors import FailedError

_TEXTS = ("text_encoder", "text_encoder_2")
_STREAMING_HOOKS = ("group_offloading", "layer_execution_tracker", "lazy_prefetch_group_offloading")
"""Names under which diffusers keeps what streams blocks."""
_TILE = 512
"""Side of a decoded tile in pixels."""


class Placed:
    """A pipeline whose models are where a memory plan wants them."""

    def __init__(self, pipeline: Any, denoiser: str, plan: MemoryPlan, compute: Compute) -> None:
        """Bring the models of a pipeline that was read into the machine's memory to the device.

        Args:
            pipeline: diffusers text-to-image pipeline.
            denoiser: attribute of it.
            plan: which models are on the device at one time, and in what they are held.
            compute: the device and the numbers to compute in.
        """
        self._pipeline, self._plan, self._device = pipeline, plan, compute.device
        self._denoiser = getattr(pipeline, denoiser)
        self._hooked: list[Any] = []
        self._sending_away: RemovableHandle | None = None
        if plan.eight_bits:
            hold_in_eight_bits(self._denoiser, compute)
        _spare_the_decoder(pipeline.vae, plan)
        self._put()

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Within it models that come and go are plain ones in the machine's own memory.

        What puts layers into them or takes them out would lose the hooks, or find layers elsewhere.
        """
        if self._plan.residency is Residency.RESIDENT:
            yield
            return
        self._lift()
        try:
            yield
        finally:
            self._put()

    def _put(self) -> None:
        plan = self._plan
        if plan.residency is Residency.RESIDENT:
            self._pipeline.to(self._device)
            return
        here = [name for name in _TEXTS if hasattr(self._pipeline, name)]
        texts = [getattr(self._pipeline, name) for name in here] if plan.texts_here else []
        in_turn = [*texts, self._pipeline.vae]
        if plan.residency is Residency.BLOCKS:
            _stream_blocks(self._denoiser, self._device)
        else:
            in_turn.insert(len(texts), self._denoiser)
        hooks = _take_turns(in_turn, self._device)
        self._hooked = in_turn
        if plan.residency is Residency.BLOCKS and texts:
            # The denoiser takes no turn of its own, so that nobody sends the last text encoder away.
            last = hooks[len(texts) - 1]
            self._sending_away = self._denoiser.register_forward_pre_hook(lambda *_: last.offload())

    def _lift(self) -> None:
        for model in self._hooked:
            remove_hook_from_module(model)
            model.to("cpu")
        self._hooked = []
        if self._sending_away is not None:
            self._sending_away.remove()
            self._sending_away = None
        if self._plan.residency is Residency.BLOCKS:
            registry = HookRegistry.check_if_exists_or_initialize(self._denoiser)
            for name in _STREAMING_HOOKS:
                registry.remove_hook(name, recurse=True)
            self._denoiser.to("cpu")


def _take_turns(models: Sequence[Any], device: torch.device) -> list[Any]:
    """Have each model on the device from its own call to the next one's; returns their hooks."""
    hooks: list[Any] = []
    for model in models:
        _, hook = cpu_offload_with_hook(model, device, hooks[-1] if hooks else None)
        hooks.append(hook)
    return hooks


def hold_in_eight_bits(denoiser: Any, compute: Compute) -> None:
    """Hold a denoiser's weights in fp8; each layer is cast when it is computed."""
    denoiser.enable_layerwise_casting(storage_dtype=EIGHT_BITS, compute_dtype=compute.arithmetic)


def _stream_blocks(denoiser: Any, device: torch.device) -> None:
    """Have a block on the device while it is computed; on a card the next one comes meanwhile."""
    denoiser.enable_group_offload(
        onload_device=device,
        offload_device=torch.device("cpu"),
        offload_type="block_level",
        num_blocks_per_group=1,
        use_stream=device.type == "cuda",
    )


def _spare_the_decoder(autoencoder: Any, plan: MemoryPlan) -> None:
    if plan.sliced:
        autoencoder.enable_slicing()
    if plan.tiled:
        autoencoder.enable_tiling()
        autoencoder.tile_sample_min_size = _TILE
        shrinking = 2 ** (len(autoencoder.config.block_out_channels) - 1)
        autoencoder.tile_latent_min_size = _TILE // shrinking


@contextmanager
def within_memory(plan: MemoryPlan, device: torch.device) -> Iterator[None]:
    """Turn running out of memory, in loading, drawing or training, into an error that says what helps.

    Raises:
        FailedError: what the plan needs, what is free, and what would change it.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        short = isinstance(error, (MemoryError, torch.OutOfMemoryError))
        if not short and "alloc" not in str(error).lower():
            raise
        raise FailedError(_shortage(plan, device)) from error


def _shortage(plan: MemoryPlan, device: torch.device) -> str:
    peak, free = plan.peak, device_facts(device).free / GB
    needed = f", which needs about {peak.gb:.1f} GB" if peak else ""
    helps = {
        Task.DRAW: "lower SAMECAST_BATCH_SIZE or the picture size",
        Task.TRAIN: "take a smaller rank or batch",
    }[plan.task]
    return (
        f"out of memory in the task to {plan.task} with {plan.base}{needed} ({plan.how}); {free:.1f} GB "
        f"are free now; {helps}, close other programs, or use a smaller base"
    )
