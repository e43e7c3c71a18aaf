"""A base table with one endpoint beside the shipped rows; none is shipped."""

from __future__ import annotations

from pathlib import Path

from tools.backends.bases import TABLE

LOCAL = (
    "maquette",
    "sdxl",
    "flux-schnell",
    "sdxl-base",
    "flux-dev",
    "flux2-klein-4b",
    "flux2-klein-base-4b",
)
"""The shipped rows, in order."""
ENDPOINT = """
- kind: endpoint
  name: nano-banana-2
  title: Nano Banana 2
  endpoint: fal-ai/nano-banana-2
  licence: the provider's terms
  sizes: [{width: 1024, height: 1024}]
  abilities: [text, image, references]
  price: 0.08
  priced_on: 2026-08-02
  vocabulary: flux-schnell
"""


def write_table(folder: Path, endpoint: str = ENDPOINT) -> Path:
    """Write the table and return its path."""
    path = folder / "bases.yaml"
    path.write_text(TABLE.read_text() + endpoint)
    return path
