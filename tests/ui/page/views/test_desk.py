from __future__ import annotations

from agent.events import Proposal
from tests.ui.page.conftest import Filled, link
from tools.store.conversation import UploadCreate, add_upload
from tools.store.delivery import DeliveryCreate, add_delivery
from ui.page.views.desk import desk_view


def test_the_desk_has_what_waits_what_is_attached_and_what_was_delivered(filled: Filled) -> None:
    proposal = Proposal(interrupt_id="i", call_id="c", tool="add_base", arguments={}, card="Big")
    with filled.studio.services.database.session() as session:
        conversation = filled.conversation_id
        upload = UploadCreate(conversation_id=conversation, digest="a" * 64, file_name="one.png")
        add_upload(session=session, upload=upload)
        made = add_delivery(
            session=session,
            delivery=DeliveryCreate(
                production_id=filled.production_id, folder="d", zip="d.zip", manifest="b" * 64
            ),
        )
        desk = desk_view(session, filled.production_id, conversation, [proposal], link)
    assert [(each.title, each.card) for each in desk.proposals] == [("add base", "Big")]
    assert [each.name for each in desk.attached] == ["one.png"]
    assert [each.url for each in desk.deliveries] == [f"/deliveries/{made.id}.zip"]
