"""The maquette that ships inside the package: where it is, and how better weights take its place.

Knows the folder's layout; nothing here or elsewhere may depend on this copy's bytes.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tools.backends.weights import part_files, read_header, read_index, weighted_parts
from tools.contracts.bases import GUIDE_FOLDER
from tools.errors import BadInput, StorageFailed

CARD = "MODEL.md"
FACES = "faces.json"
_FILE_NAMES = {
    "unet": "diffusion_pytorch_model.safetensors",
    GUIDE_FOLDER: "diffusion_pytorch_model.safetensors",
    "vae": "diffusion_pytorch_model.safetensors",
    "text_encoder": "model.safetensors",
    "text_encoder_2": "model.safetensors",
}
_NOT_ARCHITECTURE = frozenset(
    {"architectures", "dtype", "torch_dtype", "transformers_version", "scaling_factor"}
)
"""Keys that may differ: notes, number format, and the latents' scale, measured from weights."""
_GUIDED = "unet"
"""The part that a guide is a weaker copy of."""


def shipped_folder() -> Path:
    """The diffusers folder of the embedded base."""
    return Path(__file__).parent / "maquette"


def replace_shipped(source: Path, target: Path | None = None) -> Path:
    """Put other weights of the same architecture in the maquette's place.

    The copy is fp16 safetensors without shards, with the source's model card; the exchange is one
    rename, so that no reader sees half a folder. A source without a guide takes the old one over.

    Args:
        source: a `StableDiffusionXLPipeline` folder with `MODEL.md`, in any float format; its guide
            in `guide/`.
        target: the folder to replace; the shipped one by default.

    Returns:
        The folder replaced.

    Raises:
        BadInput: another architecture, a missing file, weights that fp16 cannot hold.
        StorageFailed: the disk did not take it; the old folder is as it was.
    """
    target = target or shipped_folder()
    check_same_architecture(source, target)
    if not (source / CARD).is_file():
        raise BadInput(f"{source}: no {CARD}; `samecast pretrain --measure` writes the model card")
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    retired = target.with_name(f".{target.name}.{os.getpid()}.old")
    try:
        _copy(source, target, partial)
        target.rename(retired)
        partial.rename(target)
    except OSError as error:
        if retired.exists() and not target.exists():
            retired.rename(target)
        raise StorageFailed(f"cannot replace {target}: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(retired, ignore_errors=True)
    return target


def check_same_architecture(source: Path, target: Path) -> None:
    """Check that two folders differ in their weights only.

    Raises:
        BadInput: names the part and what differs.
    """
    index = read_index(source)
    if index["_class_name"] != "StableDiffusionXLPipeline":
        raise BadInput(f"{source}: a {index['_class_name']}, not a StableDiffusionXLPipeline")
    for part in weighted_parts(read_index(target)):
        _check_part(source, part, target / part)
    if (source / GUIDE_FOLDER).is_dir():
        _check_part(source, GUIDE_FOLDER, target / _GUIDED)


def _check_part(source: Path, part: str, ours: Path) -> None:
    mine, theirs = _architecture(ours), _architecture(source / part)
    different = sorted(
        key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)
    )
    if different:
        raise BadInput(
            f"{source}: {part} is of another architecture than the maquette "
            f"({', '.join(different[:4])} differ)"
        )
    if _shapes(source / part) != _shapes(ours):
        raise BadInput(f"{source}: {part} holds other tensors than the maquette's")


def _architecture(part: Path) -> Mapping[str, object]:
    path = part / "config.json"
    try:
        config = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: missing or not readable as JSON") from error
    return {
        key: value
        for key, value in config.items()
        if not key.startswith("_") and key not in _NOT_ARCHITECTURE and value is not None
    }


def _shapes(part: Path) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for file in part_files(part):
        shapes |= read_header(file).shapes
    return shapes


def _copy(source: Path, target: Path, partial: Path) -> None:
    """Write the new folder in full beside the old one."""
    weighted = weighted_parts(read_index(target))
    parts = {name: source / name for name in read_index(target).keys() - {"_class_name"}}
    guide = next((d / GUIDE_FOLDER for d in (source, target) if (d / GUIDE_FOLDER).is_dir()), None)
    if guide is not None:
        parts[GUIDE_FOLDER] = guide
        weighted.append(GUIDE_FOLDER)
    for name, part in parts.items():
        (partial / name).mkdir(parents=True)
        for file in sorted(part.glob("*")):
            if file.suffix in {".json", ".txt"} and ".index" not in file.name:
                shutil.copyfile(file, partial / name / file.name)
    for name in weighted:
        _write_half(parts[name], partial / name / _FILE_NAMES[name])
    shutil.copyfile(target / "model_index.json", partial / "model_index.json")
    shutil.copyfile(source / CARD, partial / CARD)
    faces = source / FACES if (source / FACES).is_file() else target / FACES
    if faces.is_file():
        shutil.copyfile(faces, partial / FACES)


def _write_half(part: Path, file: Path) -> None:
    """Convert one part's weights to fp16 in a single file."""
    from safetensors.torch import load_file, save_file

    from tools.compute import FILE_NUMBERS

    halves = {
        name: tensor.to(FILE_NUMBERS).contiguous() if tensor.is_floating_point() else tensor
        for shard in part_files(part)
        for name, tensor in load_file(shard).items()
    }
    for name, tensor in halves.items():
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise BadInput(f"{part.name}: {name} is not finite in fp16; the training diverged")
    save_file(halves, file, metadata={"format": "pt"})
    config = part / "config.json"
    text = json.loads(config.read_text())
    if "dtype" in text:
        text["dtype"] = str(FILE_NUMBERS).removeprefix("torch.")
    (file.parent / "config.json").write_text(json.dumps(text, indent=2) + "\n")
