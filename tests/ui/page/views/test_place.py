from __future__ import annotations

from tests.ui.page.conftest import Filled
from tools.store.conversation import list_conversations
from ui.page.views.place import place_view
from ui.viewer import local_director


def test_the_local_director_has_no_account_and_sees_the_conversations(filled: Filled) -> None:
    with filled.studio.services.database.reading() as session:
        view = place_view(session, local_director(), (), filled.production_id, "c")
        rows = list_conversations(session=session, production_id=filled.production_id)
    assert view.is_director
    assert not view.has_account
    assert [choice.id for choice in view.conversations] == [row.id for row in rows]
