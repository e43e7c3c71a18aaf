"""The adapter of one run: put into a pipeline, read, written, taken out again.

Knows peft and the diffusers LoRA file; must not know pictures or steps. Keys are those of the
file: `unet.` or `transformer.`, `text_encoder.`, `text_encoder_2.`, then the module's path.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peft
import torch
from peft.tuners.lora import LoraLayer
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from tools.contracts.bases import BaseRow
from tools.contracts.training import LoraConfig
from tools.errors import BadInput
from tools.imaging.pictures import write_atomically
from tools.training.lora.beside import BESIDE, keep_frozen, put_beside
from tools.training.lora.learner import Learner

ADAPTER_FILE = "pytorch_lora_weights.safetensors"
SLOT = "samecast-training"
"""Name of the adapter inside the models while it is trained."""
_METADATA_KEY = "lora_adapter_metadata"
"""Where diffusers looks for peft settings in a file's header."""


@dataclass(frozen=True)
class AdapterFile:
    """What a LoRA file holds."""

    tensors: dict[str, Tensor]
    """`<component>.<module>.lora_A.weight` and `lora_B.weight`."""
    settings: dict[str, Any]
    """peft settings, keys prefixed with the component."""
    header: dict[str, str]
    """The rest of the file's header."""

    def scale(self, component: str) -> float:
        """lora_alpha / r of a component; 1 when the file does not say."""
        rank = self.settings.get(f"{component}.r")
        alpha = self.settings.get(f"{component}.lora_alpha")
        return 1.0 if rank is None or alpha is None else float(alpha) / float(rank)


class Adapter:
    """Trainable LoRA layers in a learner's denoiser and, if configured, its text encoders."""

    def __init__(
        self, learner: Learner, row: BaseRow, config: LoraConfig, beside: Path | None = None
    ) -> None:
        """Freeze the pipeline and put fresh layers in, drawn from the configured seed.

        Args:
            learner: whose denoiser is present, and texts that learn.
            row: names the layers.
            config: of the run.
            beside: an adapter of the denoiser, in this program's form, that is on and frozen meanwhile.

        Raises:
            BadInput: the row names no layer that the model has.
        """
        self._learner = learner
        self._targets = {learner.denoiser: row.lora_targets}
        if config.convolutions:
            self._targets[learner.denoiser] += row.lora_convolutions
        if config.text_learning_rate is not None:
            self._targets |= dict.fromkeys(learner.trainable_text, row.text_lora_targets)
        self._config = config
        for component in self._targets:
            self._require_layers(component)
        if beside is not None:
            self._put_beside(beside)
        with torch.random.fork_rng():
            torch.manual_seed(config.seed)
            for component in self._targets:
                self._inject(component)
        if beside is not None:
            keep_frozen(self._module(learner.denoiser), SLOT)
        self.parameters = self._collect()

    def _module(self, component: str) -> Any:
        return getattr(self._learner.pipeline, component)

    def _require_layers(self, component: str) -> None:
        names = [name for name, _ in self._module(component).named_modules()]
        ends = self._targets[component]
        if not any(name == end or name.endswith(f".{end}") for name in names for end in ends):
            raise BadInput(f"no layer of {component} is called {' or '.join(ends)}")

    def _put_beside(self, path: Path) -> None:
        denoiser, found = self._learner.denoiser, read_adapter(path)
        layers = {
            module: (down, up)
            for component, module, down, up in lora_pairs(found)
            if component == denoiser
        }
        put_beside(self._module(denoiser), layers, found.scale(denoiser))

    def _inject(self, component: str) -> None:
        module = self._module(component)
        module.requires_grad_(False)
        settings = peft.LoraConfig(
            r=self._config.rank,
            lora_alpha=self._config.alpha,
            target_modules=list(self._targets[component]),
        )
        with warnings.catch_warnings():
            # that there is one beside it is meant
            warnings.filterwarnings("ignore", message="Already found a `peft_config`")
            module.add_adapter(settings, adapter_name=SLOT)

    def _collect(self) -> dict[str, nn.Parameter]:
        """Trainable parameters in fp32 by file key."""
        parameters = {}
        for component in self._targets:
            for name, parameter in self._module(component).named_parameters():
                if f".{SLOT}." in name:
                    parameter.data = parameter.data.float()
                    parameter.requires_grad_(True)
                    parameters[_file_key(component, name)] = parameter
        return parameters

    def text_parameters(self) -> list[nn.Parameter]:
        """Those of the text encoders."""
        return [value for key, value in self.parameters.items() if key.startswith("text_encoder")]

    def denoiser_parameters(self) -> list[nn.Parameter]:
        """Those of the U-Net or transformer."""
        prefix = f"{self._learner.denoiser}."
        return [value for key, value in self.parameters.items() if key.startswith(prefix)]

    def tensors(self) -> dict[str, Tensor]:
        """A copy of the weights on the CPU, by file key."""
        return {key: value.detach().cpu().clone() for key, value in self.parameters.items()}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Set the weights; the keys must be exactly those of `tensors()`."""
        with torch.no_grad():
            for key, parameter in self.parameters.items():
                parameter.copy_(tensors[key])

    def settings(self) -> dict[str, Any]:
        """The few peft settings that every version can read, keys prefixed by component."""
        values = {
            "r": self._config.rank,
            "lora_alpha": self._config.alpha,
            "rank_pattern": {},
            "alpha_pattern": {},
            "use_dora": False,
            "use_rslora": False,
            "lora_bias": False,
        }
        return {
            f"{component}.{key}": value
            for component, targets in self._targets.items()
            for key, value in {**values, "target_modules": list(targets)}.items()
        }

    def remove(self) -> None:
        """Take the layers out again; the models are then as they were."""
        for component in self._targets:
            take_out(self._module(component))


def take_out(module: nn.Module) -> None:
    """Drop the slot's layers, and those of a frozen adapter beside it; a layer that carries no other becomes
    a plain one again.
    """
    wrapped = [item for item in module.named_modules() if isinstance(item[1], LoraLayer)]
    for name, layer in wrapped:
        for slot in (SLOT, BESIDE):
            layer.delete_adapter(slot)
        if not layer.lora_A:
            parent, _, child = name.rpartition(".")
            setattr(module.get_submodule(parent), child, layer.get_base_layer())
    settings = module.__dict__.get("peft_config", {})
    for slot in (SLOT, BESIDE):
        settings.pop(slot, None)
    if not settings:
        for attribute in ("peft_config", "_hf_peft_config_loaded"):
            module.__dict__.pop(attribute, None)


def _file_key(component: str, name: str) -> str:
    """Drop the slot's name; old and new stacks expect `text_model.` in the first text encoder."""
    plain = name.replace(f".{SLOT}.", ".")
    if component.startswith("text_encoder") and not plain.startswith("text_model."):
        plain = f"text_model.{plain}"
    return f"{component}.{plain}"


def write_adapter(
    path: Path, tensors: Mapping[str, Tensor], settings: Mapping[str, Any], header: dict[str, str]
) -> None:
    """Write a diffusers-format LoRA file atomically.

    Raises:
        StorageFailed: the disk did not take it.
    """
    packed = json.dumps(dict(settings), indent=2, sort_keys=True)
    data = save(
        {key: value.contiguous() for key, value in tensors.items()},
        metadata={"format": "pt", **header, _METADATA_KEY: packed},
    )
    write_atomically(path, with_sorted_metadata(data))


def with_sorted_metadata(data: bytes) -> bytes:
    """Put a safetensors header's metadata in order, so that equal adapters are equal files.

    The library writes it in random order. Tensors are addressed from the header's end, so that
    nothing else moves.
    """
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header["__metadata__"] = dict(sorted(header.get("__metadata__", {}).items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data[8 + length :]


def read_adapter(path: Path) -> AdapterFile:
    """Read a safetensors LoRA file; nothing in it is ever executed.

    Raises:
        BadInput: not a readable safetensors file, or settings that are none.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = dict(file.metadata() or {})
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise BadInput(f"{path.name}: not a readable .safetensors LoRA ({error})") from error
    try:
        settings = json.loads(header.pop(_METADATA_KEY, "{}"))
    except ValueError as error:
        raise BadInput(f"{path.name}: its {_METADATA_KEY} is no JSON; save it again") from error
    if not isinstance(settings, dict):
        raise BadInput(f"{path.name}: its {_METADATA_KEY} is no table; save it again")
    return AdapterFile(tensors, settings, header)


def lora_pairs(adapter: AdapterFile) -> Iterator[tuple[str, str, Tensor, Tensor]]:
    """Component, module path, A (r, in...) and B (out, r...) of every adapted layer.

    Raises:
        BadInput: a key that is not of a LoRA layer, or an A without its B.
    """
    for key, down in sorted(adapter.tensors.items()):
        path, matched, _ = key.partition(".lora_A.weight")
        if not matched:
            if not key.endswith(".lora_B.weight"):
                raise BadInput(f"{key}: expected keys that end in .lora_A.weight or .lora_B.weight")
            continue
        up = adapter.tensors.get(f"{path}.lora_B.weight")
        if up is None:
            raise BadInput(f"{key}: the matching .lora_B.weight is missing")
        component, _, module = path.partition(".")
        yield component, module, down, up
