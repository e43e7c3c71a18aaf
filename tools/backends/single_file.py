"""Checkpoints in one file, as people have them: says what one is, and unpacks it into a diffusers folder.

Knows tensor names, and the configurations that ship in `data/`; must not know bases nor rows. What a
file is, is read from its header: nothing heavy is loaded before that.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection
from fnmatch import fnmatchcase
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import TypeAdapter

from tools.backends.room import check_room
from tools.backends.weights import WeightHeader, read_header, read_index
from tools.contracts.model import Contract
from tools.errors import BadInput, StorageFailed

if TYPE_CHECKING:
    from transformers import CLIPTokenizer

CONFIGURATIONS = Path(__file__).parent / "data"
"""One folder an architecture: a diffusers folder without weights."""
_LIKENESSES = CONFIGURATIONS / "checkpoints.yaml"
_CLIP_MERGES = CONFIGURATIONS / "clip" / "merges.txt"
_FIRST_CONVOLUTION = "model.diffusion_model.input_blocks.0.0.weight"
_START, _END = "<|startoftext|>", "<|endoftext|>"
_CHUNK = 1 << 24
_BYTES = 2
"""Of a number in fp16."""


class Likeness(Contract):
    """By which tensors a kind of checkpoint is known: a row of `data/checkpoints.yaml`."""

    title: str
    """With its article, for a message."""
    architecture: str | None = None
    """What it is unpacked as; None is refused."""
    keys: tuple[str, ...]
    """Patterns, each of which fits a tensor's name."""
    lacks: tuple[str, ...] = ()
    """Patterns that fit none."""
    inputs: int | None = None
    """Channels that the first convolution takes; None asks for nothing."""

    def fits(self, header: WeightHeader) -> bool:
        """Whether a file with this header is of this kind."""
        names = header.tensors.keys()
        if self.inputs is not None and header.shapes.get(_FIRST_CONVOLUTION, ())[1:2] != (
            self.inputs,
        ):
            return False
        held = all(_holds(names, pattern) for pattern in self.keys)
        return held and not any(_holds(names, pattern) for pattern in self.lacks)


def _holds(names: Collection[str], pattern: str) -> bool:
    return pattern in names or any(fnmatchcase(name, pattern) for name in names)


def recognise(file: Path) -> str:
    """The architecture that a checkpoint is unpacked as, from its header alone.

    Raises:
        BadInput: a pickle, a file cut short, or a checkpoint of another kind, which is named.
    """
    header = read_header(file)
    rows = TypeAdapter(list[Likeness]).validate_python(yaml.safe_load(_LIKENESSES.read_text()))
    found = next((row for row in rows if row.fits(header)), None)
    if found is None:
        raise BadInput(
            f"{file.name}: its tensors are of no known checkpoint; give an SDXL checkpoint, a "
            "diffusers folder or a hub id"
        )
    if found.architecture is None:
        raise BadInput(
            f"{file.name}: {found.title}; of single files only whole SDXL checkpoints are unpacked, "
            "of other bases give the diffusers folder or its hub id"
        )
    return found.architecture


def unpack(file: Path, folder: Path, configurations: Path | None = None) -> Path:
    """Write a checkpoint's parts as an fp16 diffusers folder; the folder is there in full or not at all.

    Args:
        file: the checkpoint; it is read, never changed.
        folder: what is made; one of that name is replaced. What a killed run left is removed first.
        configurations: folder with one configuration an architecture; None are those that ship.

    Returns:
        The folder.

    Raises:
        BadInput: as `recognise`; weights are missing, of another shape, or not finite in fp16.
        StorageFailed: the disk has no room for it.
    """
    architecture = recognise(file)
    numbers = sum(prod(entry.shape) for entry in read_header(file).tensors.values())
    check_room(folder.parent, _BYTES * numbers, f"unpacking {file.name}")
    partial = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        _convert(file, architecture, (configurations or CONFIGURATIONS) / architecture, partial)
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
    except OSError as error:
        reason = error.strerror or str(error).splitlines()[0]
        raise StorageFailed(f"{file.name} cannot be unpacked to {folder}: {reason}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def content_digest(file: Path) -> str:
    """`sha256:` and the digest of a file's bytes: what a file has for a revision."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"


def clip_tokenizer(pad: str = _END) -> CLIPTokenizer:
    """CLIP's tokenizer: 49,408 pieces in the order of its merges, which ship with their licence.

    Args:
        pad: piece that fills a window; of SDXL's second tokenizer it is `!`.
    """
    from transformers import CLIPTokenizer

    lines = _CLIP_MERGES.read_text(encoding="utf-8").splitlines()[1:]
    merges = [(first, second) for first, _, second in (line.partition(" ") for line in lines)]
    letters = _byte_letters()
    pieces = [*letters, *(f"{letter}</w>" for letter in letters)]
    pieces += ["".join(merge) for merge in merges] + [_START, _END]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, pad_token=pad, model_max_length=77)


def _byte_letters() -> list[str]:
    """The printable stand-ins of the 256 bytes in byte-level BPE; source: GPT-2."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    return [chr(code) for code in (*printable, *range(256, 512 - len(printable)))]


def _convert(file: Path, architecture: str, configuration: Path, folder: Path) -> None:
    """Load and save; diffusers says by many errors that a file does not fit its configuration."""
    from safetensors import SafetensorError

    from tools.architectures.architecture import Mode
    from tools.architectures.registry import load_architecture
    from tools.backends.local.pipelines import quiet_libraries
    from tools.compute import FILE_NUMBERS

    drawing = load_architecture(architecture).draw
    try:
        with quiet_libraries():
            pipeline = drawing.pipelines[Mode.TEXT].from_single_file(
                str(file),
                config=str(configuration),
                local_files_only=True,
                dtype=FILE_NUMBERS,
                **tokenizers_of(configuration),
                **drawing.options,
            )
            _check_numbers(pipeline, file.name)
            pipeline.scheduler.register_to_config(**_marked(read_header(file)))
            pipeline.save_pretrained(folder, safe_serialization=True)
    except NotImplementedError as error:  # torch: a tensor that nothing was loaded into
        raise BadInput(
            f"{file.name}: weights are missing that a whole {architecture} checkpoint has"
        ) from error
    except (ValueError, RuntimeError, KeyError, AttributeError, SafetensorError) as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise BadInput(
            f"{file.name}: not the tensors of a whole {architecture} checkpoint ({first})"
        ) from error


def _marked(header: WeightHeader) -> dict[str, object]:
    """What trainers of SDXL with v-prediction say by empty tensors; without them it predicts noise."""
    said: dict[str, object] = {}
    if "v_pred" in header.tensors:
        said["prediction_type"] = "v_prediction"
    if "ztsnr" in header.tensors:
        said["rescale_betas_zero_snr"] = True
    return said


def tokenizers_of(configuration: Path) -> dict[str, CLIPTokenizer]:
    """CLIP's, for the parts whose configuration says only how they are padded."""
    made: dict[str, CLIPTokenizer] = {}
    for part, kind in read_index(configuration).items():
        place = configuration / part
        if kind == "CLIPTokenizer" and not any(place.glob("tokenizer.json")):
            settings = json.loads((place / "tokenizer_config.json").read_text())
            made[part] = clip_tokenizer(settings["pad_token"])
    return made


def _check_numbers(pipeline: Any, name: str) -> None:
    """No weight is too large for fp16."""
    for part, module in pipeline.components.items():
        for key, tensor in module.state_dict().items() if hasattr(module, "state_dict") else ():
            if not bool(tensor.isfinite().all()):
                raise BadInput(f"{name}: {part}'s {key} is not finite in fp16")
