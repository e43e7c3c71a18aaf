"""What a bundle holds: one zip that opens on another machine.

manifest.json            every other file with its SHA-256
character.json           brief, style, looks, identity blocks, LoRA settings
references/              pictures and metadata.jsonl with captions
lora/                    the adapter, diffusers and kohya format
takes/                   every take with its JSON
contact_sheet.png, report.json
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from tools.contracts.briefs import CharacterBrief, ProductionStyle
from tools.contracts.limits import LONGEST_BLOCK
from tools.contracts.model import Contract, Digest, Seed
from tools.contracts.shooting import Taken
from tools.contracts.shots import ShotRequest
from tools.contracts.training import LoraConfig
from tools.contracts.verdicts import GateReport

BUNDLE_VERSION: Final = 1
MANIFEST = "manifest.json"
CHARACTER = "character.json"

MemberPath = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9_-][A-Za-z0-9 ._-]*(/[A-Za-z0-9_-][A-Za-z0-9 ._-]*){0,4}$"
    ),
]
"""A relative path inside the bundle, without parent folders."""


class BundleFile(Contract):
    """One file of a bundle."""

    path: MemberPath
    sha256: Digest
    bytes: int = Field(ge=0)


class Manifest(Contract):
    """All files of a bundle but the manifest itself."""

    version: Literal[1] = BUNDLE_VERSION
    files: tuple[BundleFile, ...] = Field(max_length=5000)


class BundleLook(Contract):
    """A look with its locked block."""

    name: str = Field(min_length=1, max_length=60)
    vocabulary: str
    identity_block: str = Field(min_length=1, max_length=LONGEST_BLOCK)


class BundleLora(Contract):
    """The adapter and how it was made."""

    file: MemberPath
    kohya: MemberPath | None
    base: str
    architecture: str | None = None
    """None in bundles that were written before it was."""
    config: LoraConfig
    seed: Seed
    steps: int = Field(ge=0)
    seconds: float = Field(ge=0)
    delta_rms: float | None
    score: float | None


class BundleCharacter(Contract):
    """Everything of a character that is no picture and no weight."""

    brief: CharacterBrief
    style: ProductionStyle
    looks: tuple[BundleLook, ...]
    way: Literal["layers", "photos"]
    gate: GateReport
    lora: BundleLora


class BundleTake(Contract):
    """A take's JSON beside its picture."""

    shot: ShotRequest
    taken: Taken
    file: MemberPath
