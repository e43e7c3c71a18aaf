"""What a tab is sent every second: what changed, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event as Signal

from agent.events import Event, Token, TurnEnded
from tests.ui.page.conftest import Tab
from tools.store.conversation import MessageCreate, MessageRole, add_message
from tools.workflows.shots.decide import picks
from ui.page.last_sent import Followers, LastSent


def test_a_quiet_second_sends_nothing(tab: Tab) -> None:
    here = tab.here(tab="board")
    first = tab.updates.since(here, LastSent())
    assert first.tab is not None
    assert first.chat == []
    second = tab.updates.since(here, first.seen)
    assert (second.chat, second.desk, second.tab) == (None, None, None)
    assert second.seen == first.seen


def test_a_pick_elsewhere_is_news_for_chat_and_board(tab: Tab) -> None:
    here = tab.here(tab="board")
    seen = tab.updates.since(here, LastSent()).seen
    picks.pick(tab.filled.studio.services, "Harbour", ["12A T1"], "Ida", "")
    update = tab.updates.since(here, seen)
    assert update.chat is not None
    assert update.tab is not None
    assert "◯ picked" in update.tab[1]
    assert update.desk is None


def test_a_message_is_news_for_the_chat_alone(tab: Tab) -> None:
    here = tab.here(tab="board")
    seen = tab.updates.since(here, LastSent()).seen
    with tab.filled.studio.services.database.session() as session:
        add_message(
            session=session,
            message=MessageCreate.of(
                conversation_id=tab.filled.conversation_id,
                role=MessageRole.REPORT,
                author="assistant",
                text="It is done.",
            ),
        )
    update = tab.updates.since(here, seen)
    assert update.chat == [{"role": "assistant", "content": ["It is done."]}]
    assert (update.desk, update.tab) == (None, None)


def test_who_follows_word_by_word_is_not_sent_the_chat_twice(tab: Tab) -> None:
    here = tab.here()
    assert tab.updates.since(here, LastSent(), follows=True).chat is None


def test_a_turn_is_followed_and_then_as_it_is_stored(tab: Tab) -> None:
    here, go_on = tab.here(), Signal()

    def begin() -> Iterator[Event]:
        yield Token(text="Drawing")
        go_on.wait(20)
        yield TurnEnded(reply="Drawing is done.")

    tab.turns.start(here.conversation_id, begin)
    shown = []
    for messages in tab.talking.follow(here, "Draw it", 0):
        shown.append(messages)
        go_on.set()
    assert shown[0][0] == {"role": "user", "content": "Draw it"}
    assert tab.talking.messages(here) == []


def test_a_tab_opened_just_now_is_not_sent_again(tab: Tab) -> None:
    here = tab.here(tab="quality")
    opened = tab.updates.tab(here, LastSent(), "quality")
    assert opened.tab is not None
    assert tab.updates.since(here, opened.seen).tab is None


def test_an_address_of_nowhere_leads_to_the_newest_production(tab: Tab) -> None:
    here = tab.here(production="0" * 32, conversation="1" * 32)
    assert here.production is not None
    assert here.conversation_id != "1" * 32


def test_a_follower_is_counted_while_it_follows() -> None:
    followers = Followers()
    with followers.following("tab"):
        assert followers.follows("tab")
        assert not followers.follows("other")
    assert not followers.follows("tab")
