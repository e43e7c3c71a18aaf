from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers import FluxPipeline, StableDiffusionXLPipeline
from peft import LoraConfig as PeftConfig
from peft import get_peft_model_state_dict
from torch import nn

from tests.support.image_requests import image_request
from tools.backends.bases import BaseCatalog
from tools.backends.local import adapters
from tools.backends.local.adapters import (
    AdapterSlots,
    LocalLora,
    adapted_layers,
    read_adapter_header,
)
from tools.backends.local.draw import LocalBackend
from tools.backends.local.pipelines import LoadedBase, load_base
from tools.backends.local.placement import Placed
from tools.compute import Compute
from tools.contracts.images import LoraUse
from tools.contracts.memory import MemoryPlan, Residency, Task
from tools.errors import BadInput
from tools.store.files import FileStore


def save_adapter(base: LoadedBase, folder: Path, seed: int, *, text: bool) -> Path:
    """Save a random rank-2 adapter of a base in diffusers format."""
    pipeline = base.pipeline
    layers: dict[str, dict[str, torch.Tensor]] = {}
    parts = {
        "unet": ["to_q", "to_v", "conv1"],
        "text_encoder": ["q_proj"],
        "text_encoder_2": ["q_proj"],
    }
    torch.manual_seed(seed)
    for part in list(parts)[: 3 if text else 1]:
        model = getattr(pipeline, part)
        model.add_adapter(PeftConfig(r=2, target_modules=parts[part]), adapter_name="made")
        state = get_peft_model_state_dict(model, adapter_name="made")
        layers[f"{part}_lora_layers"] = {key: torch.randn_like(x) / 4 for key, x in state.items()}
    StableDiffusionXLPipeline.save_lora_weights(folder, **layers)
    pipeline.unload_lora_weights()
    return folder / "pytorch_lora_weights.safetensors"


@pytest.fixture(scope="module")
def base(catalog: BaseCatalog) -> LoadedBase:
    return load_base(catalog.row("sdxl"), catalog.folder("sdxl"), torch.device("cpu"))


@pytest.fixture(scope="module")
def files(base: LoadedBase, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {
        "unet": save_adapter(base, tmp_path_factory.mktemp("unet"), 1, text=False),
        "text": save_adapter(base, tmp_path_factory.mktemp("text"), 2, text=True),
    }


def parts_of(base: LoadedBase) -> list[nn.Module]:
    pipeline = base.pipeline
    return [pipeline.unet, pipeline.text_encoder, pipeline.text_encoder_2]


def tensors_of(base: LoadedBase) -> dict[str, torch.Tensor]:
    return {
        f"{number}.{name}": tensor.clone()
        for number, part in enumerate(parts_of(base))
        for name, tensor in part.state_dict().items()
    }


def test_unloading_restores_every_tensor_and_layer(
    base: LoadedBase, files: dict[str, Path]
) -> None:
    before = tensors_of(base)
    slots = AdapterSlots(base)
    for _ in range(3):
        slots.use([LocalLora(path=files["unet"]), LocalLora(path=files["text"], weight=0.5)])
        changed = tensors_of(base)
        assert any(not tensor.equal(changed[name]) for name, tensor in before.items())
        slots.use([])
        after = tensors_of(base)
        assert after.keys() == before.keys()
        assert all(tensor.equal(after[name]) for name, tensor in before.items())
    assert not any(adapted_layers(part) for part in parts_of(base))


def test_pictures_come_back_bit_for_bit(
    catalog: BaseCatalog, files: dict[str, Path], tmp_path: Path
) -> None:
    store = FileStore(tmp_path)
    digests = {name: store.put_file(path).digest for name, path in files.items()}
    backend = LocalBackend(catalog, store.path, device="cpu", batch_size=1)

    def picture(*uses: LoraUse) -> bytes:
        return next(backend.draw([image_request("sdxl", loras=uses)])).image.tobytes()

    plain = picture()
    unet, text = (picture(LoraUse(digest=digests[name])) for name in ("unet", "text"))
    half = picture(LoraUse(digest=digests["unet"], weight=0.5))
    assert len({plain, unet, text, half}) == 4
    assert picture(LoraUse(digest=digests["unet"])) == unet
    assert picture() == plain
    assert picture(LoraUse(digest=digests["unet"], weight=0.0)) == plain


def test_merged_and_side_by_side_agree(
    base: LoadedBase, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    conditions = {"text_embeds": torch.zeros(1, 32), "time_ids": torch.zeros(1, 6)}

    def predicted() -> torch.Tensor:
        torch.manual_seed(0)
        with torch.inference_mode():
            result: torch.Tensor = base.pipeline.unet(
                torch.randn(1, 4, 8, 8),
                500,
                encoder_hidden_states=torch.randn(1, 77, 64),
                added_cond_kwargs=conditions,
                return_dict=False,
            )[0]
        return result

    plain = predicted()
    slots = AdapterSlots(base)
    uses = [
        LocalLora(path=files["unet"], weight=0.7),
        LocalLora(path=files["text"], weight=0.4),
    ]
    slots.use(uses)
    assert not adapted_layers(base.pipeline.unet)
    merged = predicted()
    slots.clear()
    monkeypatch.setattr(adapters, "_MERGE_BYTES", 0)
    slots.use(uses)
    assert adapted_layers(base.pipeline.unet)
    assert torch.allclose(merged, predicted(), atol=1e-4)
    slots.clear()
    assert predicted().equal(plain)
    assert not torch.allclose(merged, plain, atol=1e-2)


def test_only_text_adapters_change_the_text_key(base: LoadedBase, files: dict[str, Path]) -> None:
    slots = AdapterSlots(base)
    assert slots.text_key == ()
    slots.use([LocalLora(path=files["unet"])])
    assert slots.text_key == ()
    slots.use([LocalLora(path=files["text"])])
    full = slots.text_key
    slots.use([LocalLora(path=files["text"], weight=0.5)])
    assert len({(), full, slots.text_key}) == 3
    slots.clear()


def test_a_file_written_anew_is_read_anew(
    base: LoadedBase, files: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "lora.safetensors"
    path.write_bytes(files["unet"].read_bytes())
    slots = AdapterSlots(base)
    slots.use([LocalLora(path=path)])
    first = tensors_of(base)
    path.write_bytes(files["text"].read_bytes())
    slots.use([LocalLora(path=path)])
    assert any(not tensor.equal(first[name]) for name, tensor in tensors_of(base).items())
    slots.clear()


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".bin"])
def test_a_pickle_is_never_opened(base: LoadedBase, tmp_path: Path, suffix: str) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "ran",))

    path = tmp_path / f"lora{suffix}"
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(BadInput, match=r"never opened; give a \.safetensors file"):
        AdapterSlots(base).use([LocalLora(path=path)])
    renamed = path.rename(tmp_path / "lora.safetensors")
    with pytest.raises(BadInput, match="holds a pickle, whatever its name"):
        AdapterSlots(base).use([LocalLora(path=renamed)])
    assert not (tmp_path / "ran").exists()


def test_a_missing_or_foreign_file_says_so(tmp_path: Path, tiny_folders: dict[str, Path]) -> None:
    with pytest.raises(BadInput, match="no such LoRA file"):
        read_adapter_header(tmp_path / "none.safetensors")
    weights = next((tiny_folders["sdxl"] / "vae").glob("*.safetensors"))
    with pytest.raises(BadInput, match="holds no LoRA tensors"):
        read_adapter_header(weights)


@pytest.mark.parametrize("other", ["micro", "flux-schnell"])
def test_an_adapter_of_another_base_leaves_nothing_behind(
    other: str, base: LoadedBase, files: dict[str, Path], catalog: BaseCatalog
) -> None:
    stranger = load_base(catalog.row(other), catalog.folder(other), torch.device("cpu"))
    with pytest.raises(BadInput, match=r"does not fit this base .* trained on it"):
        AdapterSlots(stranger).use([LocalLora(path=files["text"])])
    parts = [part for part in stranger.pipeline.components.values() if isinstance(part, nn.Module)]
    assert not any(adapted_layers(part) for part in parts)


def placed(catalog: BaseCatalog, name: str, **plan: object) -> LoadedBase:
    """A base by a plan of another card."""
    base = load_base(catalog.row(name), catalog.folder(name), torch.device("cpu"))
    made = MemoryPlan.model_validate({"base": name, "task": Task.DRAW, "batch": 1, **plan})
    denoiser = base.architecture.draw.denoiser
    return replace(base, plan=made, placed=Placed(base.pipeline, denoiser, made, base.compute))


def predicted(base: LoadedBase) -> torch.Tensor:
    conditions = {"text_embeds": torch.zeros(1, 32), "time_ids": torch.zeros(1, 6)}
    numbers = base.compute.storage
    torch.manual_seed(0)
    with torch.inference_mode():
        result: torch.Tensor = base.pipeline.unet(
            torch.randn(1, 4, 8, 8).to(numbers),
            500,
            encoder_hidden_states=torch.randn(1, 77, 64).to(numbers),
            added_cond_kwargs={name: each.to(numbers) for name, each in conditions.items()},
            return_dict=False,
        )[0]
    return result.float()


@pytest.mark.parametrize("residency", [Residency.PARTS, Residency.BLOCKS])
def test_models_that_come_and_go_take_adapters_and_lose_them(
    residency: Residency, catalog: BaseCatalog, base: LoadedBase, files: dict[str, Path]
) -> None:
    """diffusers' loader would hang them up anew in its own order; streamed blocks know no new layers."""
    stays, goes = base, placed(catalog, "sdxl", residency=residency)
    plain = predicted(stays)
    assert torch.equal(predicted(goes), plain)
    slots = AdapterSlots(stays), AdapterSlots(goes)
    for each in slots:
        each.use([LocalLora(path=files["text"], weight=0.5)])
    assert torch.allclose(predicted(goes), predicted(stays), atol=1e-4)
    assert not torch.allclose(predicted(goes), plain, atol=1e-3)
    hooks = [model._hf_hook for model in (goes.pipeline.text_encoder, goes.pipeline.vae)]
    assert hooks[0].prev_module_hook is None
    for each in slots:
        each.clear()
    assert torch.equal(predicted(goes), plain)
    assert torch.equal(predicted(stays), plain)


def test_an_adapter_is_merged_into_fp16_weights_in_fp32(
    catalog: BaseCatalog, base: LoadedBase, files: dict[str, Path]
) -> None:
    """Half of fp16's last place is what a merged weight may be off; biases stay what they were."""
    half = placed(catalog, "sdxl")
    half.pipeline.to(torch.float16)
    half = replace(half, compute=Compute(torch.device("cpu"), torch.float16, torch.float16, "fp16"))
    before = {name: each.clone() for name, each in half.pipeline.unet.state_dict().items()}
    wanted, slots = AdapterSlots(base), AdapterSlots(half)
    wanted.use([LocalLora(path=files["unet"])])
    slots.use([LocalLora(path=files["unet"])])
    full = base.pipeline.unet.state_dict()
    for name, merged in half.pipeline.unet.state_dict().items():
        assert merged.dtype is torch.float16
        assert torch.allclose(merged.float(), full[name], rtol=2e-3, atol=2e-3)
    assert any(not torch.equal(before[name], each) for name, each in full.items())
    wanted.clear()
    slots.clear()
    after = half.pipeline.unet.state_dict()
    assert all(torch.equal(after[name], each) for name, each in before.items())


def test_an_adapter_beside_eight_bits_is_not_rounded_to_them(
    catalog: BaseCatalog, tmp_path: Path
) -> None:
    base = placed(catalog, "flux-schnell", eight_bits=True)
    transformer = base.pipeline.transformer
    transformer.add_adapter(PeftConfig(r=2, target_modules=["to_q"]), adapter_name="made")
    state = get_peft_model_state_dict(transformer, adapter_name="made")
    layers = {key: torch.randn(each.shape) / 4 for key, each in state.items()}
    FluxPipeline.save_lora_weights(tmp_path, transformer_lora_layers=layers)
    base.pipeline.unload_lora_weights()
    slots = AdapterSlots(base)
    slots.use([LocalLora(path=tmp_path / "pytorch_lora_weights.safetensors")])
    beside = adapted_layers(transformer)
    assert beside
    names = [name for name, each in transformer.named_modules() if each in beside]
    for name, layer in zip(names, beside, strict=True):
        for half in ("lora_A", "lora_B"):
            weight = next(getattr(layer, half).parameters())
            assert weight.dtype is base.compute.arithmetic
            assert torch.equal(weight, layers[f"{name}.{half}.weight"])
    slots.clear()
    assert adapted_layers(transformer) == []
