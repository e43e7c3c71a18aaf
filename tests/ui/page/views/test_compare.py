from __future__ import annotations

import json

import pytest

from tests.ui.page.conftest import Filled, link
from tools.errors import UnknownName
from tools.store.take import take_of_slate
from ui.page.views.compare import compare_view


def test_two_takes_compare_by_their_numbers_and_prompts(filled: Filled) -> None:
    with filled.studio.services.database.reading() as session:
        view = compare_view(session, filled.production_id, ("12A T1", "12A T2"), link)
        assert view is not None
        with pytest.raises(UnknownName, match="12A T9"):
            compare_view(session, filled.production_id, ("12A T1", "12A T9"), link)
    rows = {row.label: row for row in view.rows}
    assert rows["seed"].differs
    assert not rows["prompt"].differs
    assert (rows["distance to the character"].left, rows["distance to the character"].right) == (
        "0.031",
        "–",
    )


def test_a_take_that_was_stored_when_requests_held_paths_is_still_compared(filled: Filled) -> None:
    services = filled.studio.services
    with services.database.session() as session:
        owner = filled.production_id
        take = take_of_slate(session=session, production_id=owner, slate="12A T1")
        old = json.loads(take.request)
        stored = f"/home/ida/.samecast/objects/aa/aa/{'a' * 64}.safetensors"
        take.request = json.dumps(old | {"loras": [{"path": stored, "weight": 0.7}]})
        session.add(take)
    with services.database.reading() as session:
        view = compare_view(session, filled.production_id, ("12A T1", "12A T2"), link)
    assert view is not None
    adapters = next(row for row in view.rows if row.label == "adapters")
    assert (adapters.left, adapters.right) == ("0.7", "none")
