from __future__ import annotations

from docs.licences import TABLE, UNSAID, required, rows


def test_every_dependency_is_in_the_committed_table() -> None:
    lines = TABLE.read_text().splitlines()
    written = {line.split("|")[1].strip() for line in lines if line.startswith("| ")}
    assert required().keys() <= written


def test_a_licence_comes_from_the_metadata() -> None:
    found = {row.name: row for row in rows()}
    assert found["pydantic"].licence == "MIT"
    assert found["pytest"].use == "development"
    assert found["torch"].use == "direct"
    assert "Apache" in found["diffusers"].licence
    assert sum(row.licence == UNSAID for row in found.values()) < len(found) / 10
