"""Looks into weight files and diffusers folders without loading a tensor.

Knows the safetensors header and `model_index.json`; must not know what the weights draw. Pickled
files are refused by name and by content, because opening one runs code.
"""

from __future__ import annotations

import json
import struct
from math import prod
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError

from tools.contracts.memory import Footprint
from tools.contracts.model import Contract
from tools.errors import BadInput

PICKLES = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle"})
MAX_HEADER_BYTES = 100_000_000
_PICKLE_STARTS = (b"PK\x03\x04", *(bytes((0x80, protocol)) for protocol in range(2, 6)))
"""First bytes of torch's archives and of bare pickles."""
_DENOISERS = ("unet", "transformer")
_WEIGHTLESS = ("Scheduler", "Tokenizer", "TokenizerFast", "Processor", "FeatureExtractor")


class TensorEntry(Contract):
    """One tensor's line in a safetensors header."""

    dtype: str
    shape: tuple[int, ...]
    data_offsets: tuple[int, int]


class WeightHeader(Contract):
    """What a safetensors file says it holds."""

    tensors: dict[str, TensorEntry]
    metadata: dict[str, str] = Field(default_factory=dict)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape by tensor name."""
        return {name: entry.shape for name, entry in self.tensors.items()}


class ShardIndex(Contract):
    """An index of weights that are spread over several files."""

    metadata: dict[str, int | float | str] = Field(default_factory=dict)
    weight_map: dict[str, str]


def read_header(path: Path) -> WeightHeader:
    """Read a safetensors file's header and check it against the file's length.

    Raises:
        BadInput: a pickle, not a safetensors file, cut short, or a header over 100 MB.
    """
    if path.suffix.lower() in PICKLES:
        raise BadInput(
            f"{path.name}: pickled weights can run code and are never opened; "
            "give a .safetensors file"
        )
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = _header_length(file.read(8), size, path.name)
            text = file.read(length)
    except OSError as error:
        raise BadInput(f"{path.name}: cannot be read ({error.strerror})") from error
    header = _parse_header(text, path.name)
    end = max((entry.data_offsets[1] for entry in header.tensors.values()), default=0)
    if 8 + length + end != size:
        raise BadInput(f"{path.name}: {size} bytes where {8 + length + end} are due; copy it again")
    return header


def _header_length(prefix: bytes, size: int, name: str) -> int:
    length: int = struct.unpack("<Q", prefix)[0] if len(prefix) == 8 else 0
    if not 2 <= length <= min(size - 8, MAX_HEADER_BYTES):
        if prefix.startswith(_PICKLE_STARTS):
            raise BadInput(
                f"{name}: holds a pickle, whatever its name; pickled weights can run code and are "
                "never opened"
            )
        raise BadInput(f"{name}: not a whole safetensors file; export or download it again")
    return length


def _parse_header(text: bytes, name: str) -> WeightHeader:
    try:
        parsed = json.loads(text)
        metadata = parsed.pop("__metadata__", {})
        return WeightHeader(tensors=parsed, metadata=metadata)
    except (ValueError, AttributeError, TypeError, ValidationError) as error:
        raise BadInput(f"{name}: not a safetensors file (its header is not readable)") from error


def read_index(folder: Path) -> dict[str, str]:
    """Class name of each part of a diffusers folder; the pipeline's own under `_class_name`.

    Raises:
        BadInput: no folder, or no readable `model_index.json` in it.
    """
    path = folder / "model_index.json"
    try:
        parsed = json.loads(path.read_text())
    except OSError as error:
        raise BadInput(f"{folder}: no model_index.json; give a diffusers folder") from error
    except ValueError as error:
        raise BadInput(f"{path}: not readable as JSON; copy the folder again") from error
    if not isinstance(parsed, dict) or not isinstance(parsed.get("_class_name"), str):
        raise BadInput(f"{path}: names no pipeline class; give a diffusers folder")
    parts = {
        name: entry[1]
        for name, entry in parsed.items()
        if isinstance(entry, list) and len(entry) == 2 and isinstance(entry[1], str)
    }
    return {"_class_name": parsed["_class_name"], **parts}


def weighted_parts(index: dict[str, str]) -> list[str]:
    """Names of the parts that have weights (not schedulers, tokenizers, processors)."""
    return [
        name
        for name, kind in index.items()
        if name != "_class_name" and not kind.endswith(_WEIGHTLESS)
    ]


def part_files(part: Path) -> list[Path]:
    """The safetensors files of one part: a single file, or every shard of its index.

    Raises:
        BadInput: none there, only pickles there, or a shard missing.
    """
    indexes = sorted(part.glob("*.safetensors.index*.json"))
    if indexes:
        return _shards(indexes[0])
    files = sorted(part.glob("*.safetensors"))
    if files:
        return files[:1]
    pickled = [path.name for path in part.glob("*") if path.suffix.lower() in PICKLES]
    reason = f"only pickled weights ({pickled[0]})" if pickled else "no weight file"
    raise BadInput(f"{part.name}: {reason}; a .safetensors file is needed")


def _shards(index: Path) -> list[Path]:
    try:
        shards = TypeAdapter(ShardIndex).validate_json(index.read_bytes())
    except (OSError, ValidationError) as error:
        raise BadInput(f"{index.parent.name}/{index.name}: not a readable index") from error
    files = [index.parent / name for name in sorted(set(shards.weight_map.values()))]
    for file in files:
        if not file.is_file():
            raise BadInput(f"{index.parent.name}: shard {file.name} is missing; copy it again")
    return files


def check_folder(folder: Path, guide: str | None = None) -> None:
    """Check that every part that `model_index.json` names is there and whole, and the guide.

    Raises:
        BadInput: names the first part that is missing, pickled or cut short.
    """
    index = read_index(folder)
    for name in index.keys() - {"_class_name"}:
        if not (folder / name).is_dir():
            raise BadInput(f"{folder}: part {name} is missing; copy the whole folder")
    for name in [*weighted_parts(index), *([guide] if guide else [])]:
        for file in part_files(folder / name):
            read_header(file)


def weighed(need: Footprint, folder: Path) -> Footprint:
    """A footprint with the weights that a folder really has; what it works with stays as it was measured.

    Raises:
        BadInput: a part without readable weights.
    """
    parts = weighted_parts(read_index(folder))
    texts = [name for name in parts if name.startswith("text_encoder")]
    denoisers = [name for name in parts if name in _DENOISERS]
    denoiser = sum(_millions(folder / name) for name in denoisers)
    found = {
        "denoiser": denoiser,
        "block": need.block * min(1.0, denoiser / need.denoiser),
        "texts": tuple(_millions(folder / name) for name in texts),
        "autoencoder": _millions(folder / "vae"),
    }
    return need.model_copy(update=found)


def _millions(part: Path) -> float:
    headers = [read_header(file) for file in part_files(part)]
    return sum(prod(shape) for each in headers for shape in each.shapes.values()) / 1e6
