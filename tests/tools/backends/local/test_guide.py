"""Drawing with a guide: in every mode, with adapters, and beside rows that have none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import StableDiffusionXLPipeline
from peft import LoraConfig as PeftConfig
from peft import get_peft_model_state_dict
from PIL import Image
from safetensors.torch import load_file, save_file

from tests.support.image_requests import MARA, image_request, noise_picture
from tests.support.tiny_models import add_guide
from tools.architectures.architecture import Mode
from tools.architectures.chunks import PromptText
from tools.backends.bases import BaseCatalog
from tools.backends.local import adapters
from tools.backends.local.draw import LocalBackend
from tools.backends.local.pipelines import load_base
from tools.backends.local.samplers import fresh_scheduler
from tools.contracts.bases import BaseRow
from tools.contracts.images import ImageRequest, LoraUse
from tools.errors import BaseUnavailable
from tools.language.prompt.anchor import same_anchor
from tools.store.files import FileStore, StoredFile

CPU = torch.device("cpu")
MODES = ["text", "image", "inpaint"]
LONG = f"{', '.join(['grey studio backdrop'] * 60)}, {same_anchor([MARA])}"


@pytest.fixture(scope="module")
def folder(tiny_folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The micro maquette with a guide."""
    root = tmp_path_factory.mktemp("guided")
    return add_guide(Path(shutil.copytree(tiny_folders["micro"], root / "guided")))


@pytest.fixture(scope="module")
def guided(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> BaseCatalog:
    """`guided` as the maquette's row, `plain` the same folder without its guide."""
    row = BaseCatalog(folder).row("maquette")
    rows = [
        row.model_copy(update={"name": "guided"}),
        row.without_guide().model_copy(update={"name": "plain"}),
    ]
    catalog = BaseCatalog(tmp_path_factory.mktemp("home"), rows)
    for each in rows:
        catalog.add(each.name, str(folder))
    return catalog


@pytest.fixture
def backend(guided: BaseCatalog, files: FileStore) -> LocalBackend:
    return LocalBackend(guided, files.path, device="cpu", threads=1, batch_size=3)


@pytest.fixture(scope="module")
def lora(guided: BaseCatalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random adapter of U-Net and both text encoders."""
    pipeline = load_base(guided.row("plain"), guided.folder("plain"), CPU).pipeline
    torch.manual_seed(5)
    layers: dict[str, dict[str, torch.Tensor]] = {}
    parts = {"unet": "to_q", "text_encoder": "q_proj", "text_encoder_2": "q_proj"}
    for part, target in parts.items():
        model = getattr(pipeline, part)
        model.add_adapter(PeftConfig(r=2, target_modules=[target]), adapter_name="made")
        state = get_peft_model_state_dict(model, adapter_name="made")
        layers[f"{part}_lora_layers"] = {key: torch.randn_like(x) for key, x in state.items()}
    place = tmp_path_factory.mktemp("lora")
    StableDiffusionXLPipeline.save_lora_weights(place, **layers)
    return place / "pytorch_lora_weights.safetensors"


@pytest.fixture
def start(tmp_path: Path, files: FileStore) -> StoredFile:
    return files.put_file(noise_picture(tmp_path / "start.png", 7))


def fields_of(mode: str, start: StoredFile) -> dict[str, object]:
    fields: dict[str, object] = {"steps": 10}
    if mode != "text":
        fields |= {"init_image": start.digest, "strength": 0.6}
    if mode == "inpaint":
        fields |= {"mask": start.digest}
    return fields


def pixels(backend: LocalBackend, *requests: ImageRequest) -> list[bytes]:
    return [result.image.tobytes() for result in backend.draw(requests)]


@contextmanager
def asked(backend: LocalBackend) -> Iterator[list[dict[str, Any]]]:
    """What the guide of the base in memory is given, call by call."""
    calls: list[dict[str, Any]] = []
    assert backend._desk is not None
    handle = backend._desk.base.guide.register_forward_pre_hook(
        lambda _, positional, named: calls.append(named | {"sample": positional[0]}),
        with_kwargs=True,
    )
    try:
        yield calls
    finally:
        handle.remove()


@pytest.mark.parametrize("mode", MODES)
def test_the_guide_predicts_half_of_every_guided_step(
    backend: LocalBackend, mode: str, start: StoredFile
) -> None:
    requests = [image_request("guided", seed=seed, **fields_of(mode, start)) for seed in (1, 2)]
    first = pixels(backend, *requests)
    with asked(backend) as calls:
        assert pixels(backend, *requests) == first
    assert {len(call["sample"]) for call in calls} == {2}
    assert len(calls) == (9 if mode == "text" else 10)
    plain = [request.model_copy(update={"base": "plain"}) for request in requests]
    assert all(one != other for one, other in zip(pixels(backend, *plain), first, strict=True))


@pytest.mark.parametrize("mode", MODES)
def test_a_row_without_a_guide_draws_bit_for_bit_as_the_pipeline_does(
    guided: BaseCatalog, backend: LocalBackend, mode: str, start: StoredFile
) -> None:
    request = image_request("plain", **fields_of(mode, start))
    base = load_base(guided.row("plain"), guided.folder("plain"), CPU)
    pictures = {"text": {}, "image": {"image": Image.open(start.path), "strength": 0.6}}
    pictures["inpaint"] = pictures["image"] | {"mask_image": Image.open(start.path).convert("L")}
    kind = base.architecture.draw.pipelines[Mode[mode.upper()]]
    scheduler = fresh_scheduler(base.row.sampler, base.pipeline.scheduler.config, [1])
    pipeline = kind(**{**base.pipeline.components, "scheduler": scheduler}, add_watermarker=False)
    pipeline.set_progress_bar_config(disable=True)
    reader = base.architecture.text(base.pipeline)
    with torch.inference_mode():
        anchor = request.prompt.index("SAME")
        text = reader.encode([PromptText(request.prompt, anchor)], 1)
        empty = reader.encode([PromptText("", 0)], 1, wanted=False)
        with base.compute.autocast():
            picture = pipeline(
                prompt_embeds=text.sequence,
                pooled_prompt_embeds=text.pooled,
                negative_prompt_embeds=empty.sequence,
                negative_pooled_prompt_embeds=empty.pooled,
                num_inference_steps=10 if mode == "text" else 17,
                guidance_scale=request.guidance,
                generator=[torch.Generator().manual_seed(1)],
                height=64,
                width=64,
                original_size=(64, 64),
                target_size=(64, 64),
                **pictures[mode],
            ).images[0]
    if mode == "inpaint":
        picture = Image.composite(
            picture, Image.open(start.path), Image.open(start.path).convert("L")
        )
    assert pixels(backend, request) == [picture.tobytes()]


def test_a_long_prompt_and_its_guide_take_equally_many_windows(backend: LocalBackend) -> None:
    request = image_request("guided", prompt=LONG)
    pixels(backend, request)
    with asked(backend) as calls:
        pixels(backend, request)
    lengths = {call["encoder_hidden_states"].shape[1] for call in calls}
    assert len(lengths) == 1
    assert lengths.pop() > 77


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("count", [1, 2])
def test_no_adapter_reaches_the_guide(
    backend: LocalBackend,
    lora: Path,
    files: FileStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    merged: bool,
    count: int,
) -> None:
    if not merged:
        monkeypatch.setattr(adapters, "_MERGE_BYTES", 0)
    save_file(load_file(lora), twin := tmp_path / "twin.safetensors", {"format": "pt", "of": "two"})
    stored = [files.put_file(path).digest for path in (lora, twin)[:count]]
    uses = tuple(LoraUse(digest=digest, weight=0.7) for digest in stored)
    plain = pixels(backend, image_request("guided"))
    assert backend._desk is not None
    weights = {k: v.clone() for k, v in backend._desk.base.guide.state_dict().items()}
    said: list[torch.Tensor] = []
    for loras in ((), uses):
        backend._desk._encoder._kept.clear()
        with asked(backend) as calls:
            adapted = pixels(backend, image_request("guided", loras=loras))
        said.append(calls[0]["encoder_hidden_states"])
    assert said[0].equal(said[1])
    assert adapted != plain
    after = backend._desk.base.guide.state_dict()
    assert after.keys() == weights.keys()
    assert all(after[name].equal(tensor) for name, tensor in weights.items())
    assert pixels(backend, image_request("guided", loras=uses)) == adapted
    assert pixels(backend, image_request("guided")) == plain


def test_a_negative_prompt_goes_to_the_guide(backend: LocalBackend) -> None:
    empty, red = image_request("guided"), image_request("guided", negative_prompt="red hat")
    pixels(backend, empty)
    with asked(backend) as calls:
        one, other = pixels(backend, empty), pixels(backend, red)
    first, last = (call["encoder_hidden_states"] for call in (calls[0], calls[-1]))
    assert not first.equal(last)
    assert one != other


def test_without_guidance_the_guide_is_not_asked(backend: LocalBackend) -> None:
    pixels(backend, image_request("guided"))
    with asked(backend) as calls:
        guided = pixels(backend, image_request("guided", guidance=1.0))
    assert calls == []
    assert guided == pixels(backend, image_request("plain", guidance=1.0))


def test_a_guide_where_nothing_is_predicted_without_the_prompt_is_refused(
    catalog: BaseCatalog, guided: BaseCatalog
) -> None:
    row: BaseRow = catalog.row("flux-schnell").model_copy(
        update={"guide": guided.row("guided").guide}
    )
    with pytest.raises(BaseUnavailable, match="a guide has nothing to do; take the guide out"):
        load_base(row, catalog.folder("flux-schnell"), CPU)
