"""One value decides in which numbers everything is computed, and everything holds to it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from bench.drawing import plain_arithmetic
from tests.support.arithmetic import Products, set_bf16, set_card
from tests.support.image_requests import image_request, noise_picture
from tests.support.tiny_models import build_micro_maquette
from tools.backends.bases import BaseCatalog
from tools.backends.local.draw import LocalBackend
from tools.backends.local.trainer import LocalTrainer
from tools.compute import (
    bf16_ability,
    device_facts,
    drawing_compute,
    numbers_of,
    pretraining_compute,
    resolve_device,
    take_card,
    training_compute,
)
from tools.contracts.memory import Numbers
from tools.contracts.progress import ignore_progress
from tools.contracts.training import LoraConfig, TrainingImage
from tools.errors import BadInput
from tools.store.files import FileStore
from tools.training.pretrain.config import PretrainConfig
from tools.training.pretrain.latents import encode_pictures
from tools.training.pretrain.loop import pretrain
from tools.training.pretrain.muon import orthogonalise
from tools.training.pretrain.parts import load_base
from tools.training.pretrain.preview import draw_preview
from tools.training.pretrain.rows import read_rows

ROOT = Path(__file__).parents[2]
CPU, CUDA = torch.device("cpu"), torch.device("cuda")
FORMATS = {"bfloat16", "float16", "float32", "half", "autocast"}
"""Names by which code speaks of number formats; numpy's are no arithmetic of models."""


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> BaseCatalog:
    folder = build_micro_maquette(tmp_path_factory.mktemp("micro"))
    path = folder / "unet" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"sample_size": 16}))
    catalog = BaseCatalog(tmp_path_factory.mktemp("home"))
    catalog.add("micro", str(folder), like="maquette")
    return catalog


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    rows = []
    for seed in range(4):
        noise_picture(folder / f"{seed}.png", seed)
        rows.append({"file_name": f"{seed}.png", "text": "photo of a man", "kind": "single"})
    (folder / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    (folder / "faces.json").write_text("{}")
    return folder


def _draw(catalog: BaseCatalog, pictures: Path, out: Path) -> None:
    backend = LocalBackend(catalog, FileStore(out).path, device="cpu", threads=1)
    list(backend.draw([image_request("micro")]))


def _train(catalog: BaseCatalog, pictures: Path, out: Path) -> None:
    config = LoraConfig(steps=1, rank=4, alpha=4, batch_size=2, crop_share=0, resolution=64)
    images = [
        TrainingImage(path=path, caption="photo of Mara") for path in sorted(pictures.glob("*.png"))
    ]
    list(LocalTrainer(catalog, device="cpu", threads=1).train("micro", images, config, out))


def _pretrain(catalog: BaseCatalog, pictures: Path, out: Path) -> None:
    config = PretrainConfig(
        steps=1, batch=2, preview_prompts=("a man",), preview_steps=1, compile=False, device="cpu"
    )
    list(pretrain(catalog.folder("micro"), pictures, out, config, pictures / "faces.json"))


def _encode(catalog: BaseCatalog, pictures: Path, out: Path) -> None:
    base = load_base(catalog.folder("micro"), "cpu")
    encode_pictures(base, pictures, read_rows(pictures), out, ignore_progress)


def _preview(catalog: BaseCatalog, pictures: Path, out: Path) -> None:
    base = load_base(catalog.folder("micro"), "cpu")
    config = PretrainConfig(steps=1, preview_prompts=("a man",), preview_steps=1, device="cpu")
    draw_preview(base, base.parts.averaged_copy(), config, out / "preview.png")


@pytest.mark.parametrize("there", [True, False], ids=["bf16", "no bf16"])
@pytest.mark.parametrize("work", [_draw, _train, _pretrain, _encode, _preview])
def test_everything_computes_in_what_the_cpu_has(
    work: Callable[[BaseCatalog, Path, Path], None],
    there: bool,
    catalog: BaseCatalog,
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Emulated bf16 is a hundred times slower than fp32: one call of it makes a day of an hour."""
    set_bf16(monkeypatch, there=there)
    with Products() as products:
        work(catalog, pictures, tmp_path)
    assert (torch.bfloat16 in products.formats) == there
    assert products.formats <= {torch.float32, torch.bfloat16}


@pytest.mark.parametrize("there", [True, False], ids=["bf16", "no bf16"])
def test_muon_and_the_plain_side_of_the_bench_are_told_by_it(
    there: bool, catalog: BaseCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_bf16(monkeypatch, there=there)
    matrix = torch.ones(1, 4, 4)
    with Products() as products:
        orthogonalise(matrix, pretraining_compute(CPU).arithmetic)
        with plain_arithmetic(catalog.row("micro")):
            torch.mm(matrix[0], matrix[0])
    assert products.formats == ({torch.bfloat16} if there else {torch.float32})


def test_only_compute_names_a_number_format() -> None:
    named = []
    for path in sorted(
        each for room in ("tools", "agent", "ui", "bench") for each in (ROOT / room).rglob("*.py")
    ):
        if path == ROOT / "tools" / "compute.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in FORMATS:
                of_numpy = isinstance(node.value, ast.Name) and node.value.id == "np"
                of_compute = "compute" in ast.unparse(node.value)
                if not of_numpy and not of_compute:
                    named.append(f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)}")
    assert named == []


def test_older_kernels_make_a_new_cpu_an_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ATEN_CPU_CAPABILITY=avx2` leaves the abilities as they are; torch computes without them."""
    set_bf16(monkeypatch, there=True)
    assert bf16_ability(CPU) == "avx512_bf16"
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "AVX2")
    assert bf16_ability(CPU) is None
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"bf16": True})
    assert bf16_ability(CPU) == "bf16"


def test_a_row_and_a_run_may_ask_for_fp32(
    catalog: BaseCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_bf16(monkeypatch, there=True)
    set_card(monkeypatch, (9, 0))
    row = catalog.row("micro")
    exact = row.model_copy(update={"cpu_autocast_bf16": False})
    assert drawing_compute(row, CPU).mixed
    assert not drawing_compute(exact, CPU).mixed
    assert not training_compute(exact, CPU).mixed
    assert not training_compute(row, CPU, "fp32").mixed
    assert training_compute(exact, CUDA).arithmetic is torch.bfloat16
    assert not training_compute(row, CUDA, "fp32").mixed


def test_a_gpu_holds_half_weights_only_where_the_row_allows(
    catalog: BaseCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_card(monkeypatch, (8, 9))
    row = catalog.row("micro")
    half = drawing_compute(row, CUDA)
    assert (half.storage, half.mixed, half.exact) == (torch.bfloat16, False, False)
    assert drawing_compute(row.model_copy(update={"half_precision": None}), CUDA).exact
    finer = row.model_copy(update={"half_precision": "fp16"})
    drawn, learned = drawing_compute(finer, CUDA), training_compute(finer, CUDA)
    assert (drawn.storage, learned.storage) == (torch.float16, torch.bfloat16)
    assert (numbers_of(drawn).decoding, numbers_of(learned).decoding) == (4, 2)


def test_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    set_bf16(monkeypatch, there=False)
    assert pretraining_compute(CPU).why == "fp32: this CPU computes no bf16 in hardware"
    set_bf16(monkeypatch, there=True)
    assert pretraining_compute(CPU).why == "bf16 arithmetic on fp32 weights: avx512_bf16"


def test_attention_is_plain_only_under_bf16_on_a_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    set_bf16(monkeypatch, there=True)
    set_card(monkeypatch, (9, 0))
    assert pretraining_compute(CPU).plain_attention
    assert not pretraining_compute(CUDA).plain_attention
    set_bf16(monkeypatch, there=False)
    assert not pretraining_compute(CPU).plain_attention


def test_a_card_without_bf16_draws_and_learns_in_fp16(
    catalog: BaseCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turing emulates bf16; fp16 needs a scaled loss, whose small gradients vanish otherwise."""
    set_card(monkeypatch, (7, 5))
    row = catalog.row("micro")
    drawing, training = drawing_compute(row, CUDA), training_compute(row, CUDA)
    assert (drawing.storage, drawing.mixed, drawing.why) == (
        torch.float16,
        False,
        "fp16 weights on cuda",
    )
    assert (training.storage, training.mixed) == (torch.float16, True)
    assert training.scaler().is_enabled()
    assert not drawing.scaler().is_enabled()
    assert pretraining_compute(CUDA).why == "fp32: cuda computes no bf16 in hardware"
    set_card(monkeypatch, (8, 0))
    assert not training_compute(row, CUDA).scaler().is_enabled()


def test_an_adapter_is_cast_beside_half_weights_and_not_beside_full_ones(
    catalog: BaseCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its weights are fp32: without the cast each of its products would be."""
    set_card(monkeypatch, (9, 0))
    row = catalog.row("micro")
    half, full = training_compute(row, CUDA), training_compute(row, CUDA, "fp32")
    assert (half.storage, half.mixed) == (torch.bfloat16, True)
    assert (full.storage, full.mixed) == (torch.float32, False)


def test_an_apple_gpu_draws_in_fp16_and_learns_in_fp32(catalog: BaseCatalog) -> None:
    row, device = catalog.row("micro"), torch.device("mps")
    assert drawing_compute(row, device).storage is torch.float16
    assert training_compute(row, device).storage is torch.float32


def test_bytes_of_the_numbers_are_what_plans_count(monkeypatch: pytest.MonkeyPatch) -> None:
    set_bf16(monkeypatch, there=True)
    assert numbers_of(pretraining_compute(CPU)) == Numbers(storage=4, arithmetic=2, decoding=2)


def test_the_machine_says_what_it_holds() -> None:
    facts = device_facts(CPU)
    assert facts.kind == "cpu"
    assert 0 < facts.free <= facts.total
    assert not facts.is_card


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("gpu", "device 'gpu': give auto, cpu, mps, cuda or cuda:N"),
        ("cuda:3", "device cuda:3: there are 1 cards, counted from cuda:0"),
        ("mps", "device mps: no Apple GPU here; set SAMECAST_DEVICE=cpu"),
    ],
)
def test_a_device_that_is_not_there_is_refused(
    asked: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_card(monkeypatch, (9, 0))
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(BadInput, match=re.escape(said)):
        resolve_device(asked)
    assert resolve_device("cuda:0") == torch.device("cuda:0")


@pytest.mark.gpu
def test_a_card_says_what_it_holds_and_is_kept_within_it() -> None:
    facts = device_facts(torch.device("cuda"))
    assert facts.is_card
    assert 0 < facts.free <= facts.total
    take_card(torch.device("cuda"))
    with pytest.raises(torch.OutOfMemoryError):
        torch.empty(facts.total, dtype=torch.uint8, device="cuda")


def test_cuda_is_refused_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(BadInput, match="device cuda: no CUDA device here; set SAMECAST_DEVICE=cpu"):
        resolve_device("cuda")
    assert resolve_device("auto") == CPU
