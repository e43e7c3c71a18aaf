from __future__ import annotations

import pytest
from sqlmodel import select

from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes
from tools.contracts.briefs import ProductionStyle
from tools.contracts.verdicts import Outcome
from tools.errors import BadInput, Refused, UnknownName
from tools.services import Services
from tools.store.production import ProductionCreate, add_production
from tools.store.review import Choice, list_comments, list_votes
from tools.store.take import Take, TakeCreate, add_take, take_of_slate
from tools.store.user import Role, UserCreate, add_user, disable_user
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.decide.best_take import best_take
from tools.workflows.shots.decide.picks import Decided, comment, pick, reject, unpick, vote

FARTHER = PASSED.model_copy(update={"csfd_own": 0.045})


@pytest.fixture
def filmed(services: Services, daro: LoadedCharacter) -> LoadedCharacter:
    """12A has three takes, 12B one."""
    plan(services, shot("12A"), shot("12B"))
    takes(services, shot("12A"), [FARTHER, REJECTED, PASSED])
    takes(services, shot("12B"), [PASSED])
    return daro


def account(services: Services, name: str, role: Role, production_id: str | None = None) -> str:
    with services.database.session() as session:
        user = UserCreate(name=name, role=role, password_hash="scrypt", production_id=production_id)
        return add_user(session=session, user=user).id


def take(services: Services, production_id: str, slate: str) -> Take:
    with services.database.reading() as session:
        return take_of_slate(session=session, production_id=production_id, slate=slate)


def picked(services: Services) -> set[str]:
    with services.database.reading() as session:
        return {row.slate for row in session.exec(select(Take)) if row.picked_at is not None}


def test_takes_of_several_shots_are_picked_at_once(
    services: Services, filmed: LoadedCharacter
) -> None:
    found = pick(services, "studio", ["12A T1", "12B T1"], "director", "for the eyes")
    assert found == Decided(takes=("12A T1", "12B T1"))
    assert picked(services) == {"12A T1", "12B T1"}
    assert take(services, filmed.production_id, "12A T1").note == "for the eyes"


def test_another_take_of_the_shot_loses_the_pick(
    services: Services, filmed: LoadedCharacter
) -> None:
    pick(services, "studio", ["12A T1"], "director")
    assert pick(services, "studio", ["12A T3"], "director").lost == ("12A T1",)
    assert pick(services, "studio", ["12A T3"], "director").lost == ()
    assert picked(services) == {"12A T3"}


def test_of_two_takes_of_one_shot_the_better_is_picked(
    services: Services, filmed: LoadedCharacter
) -> None:
    found = pick(services, "studio", ["12A T1", "12A T3"], "director")
    assert found == Decided(takes=("12A T3",), kept=("12A T1",))
    assert picked(services) == {"12A T3"}
    assert take(services, filmed.production_id, "12A T1").rejected_at is None


def test_the_pick_of_a_sketch_is_a_wish_beside_the_pick_of_a_take(
    services: Services, filmed: LoadedCharacter
) -> None:
    takes(services, shot("12A"), [PASSED, PASSED], sketch=True)
    pick(services, "studio", ["12A T1"], "director")
    found = pick(services, "studio", ["12A T4"], "director")
    assert found == Decided(takes=("12A T4",), sketches=("12A T4",))
    assert pick(services, "studio", ["12A T5"], "director").lost == ("12A T4",)
    assert picked(services) == {"12A T1", "12A T5"}
    both = pick(services, "studio", ["12A T3", "12A T4"], "director")
    assert (both.takes, both.sketches, both.kept) == (("12A T3", "12A T4"), ("12A T4",), ())


def test_a_sketch_comes_after_every_take(services: Services, filmed: LoadedCharacter) -> None:
    (sketch,) = takes(services, shot("12B"), [PASSED], sketch=True)
    (bad,) = takes(services, shot("12A"), [REJECTED])
    assert best_take([sketch, bad]).slate == bad.slate


def test_the_best_take_has_the_best_outcome_then_the_least_distance() -> None:
    def row(number: int, verdict: Outcome | None, own: float | None) -> Take:
        return Take(
            shot_id="a",
            key=str(number),
            prompt="x",
            seed=1,
            request="{}",
            number=number,
            verdict=verdict,
            csfd_own=own,
            slate=f"1A T{number}",
        )

    worse = row(1, Outcome.REVIEW, 0.01)
    unread = row(2, Outcome.PASS, None)
    far, near = row(3, Outcome.PASS, 0.04), row(4, Outcome.PASS, 0.03)
    assert best_take([worse, unread, far, near]) is near
    assert best_take([row(5, None, None), worse]) is worse
    assert best_take([worse, unread]) is unread


def test_all_or_none_is_picked(services: Services, filmed: LoadedCharacter) -> None:
    with pytest.raises(UnknownName, match="no take 12B T9; there are: 12B T1"):
        pick(services, "studio", ["12A T1", "12B T9"], "director")
    with services.database.session() as session:
        known = take_of_slate(session=session, production_id=filmed.production_id, slate="12B T1")
        blank = TakeCreate(shot_id=known.shot_id, key="blank", prompt="x", seed=1, request="{}")
        add_take(session=session, take=blank)
    with pytest.raises(BadInput, match="12B T2 has no picture yet; choose another take"):
        pick(services, "studio", ["12A T1", "12B T2"], "director")
    assert picked(services) == set()


def test_a_rejected_take_loses_its_pick_and_can_be_picked_again(
    services: Services, filmed: LoadedCharacter
) -> None:
    pick(services, "studio", ["12A T1"], "director")
    found = reject(services, "studio", ["12A T1", "12B T1"], "director", "too dark")
    assert found == Decided(takes=("12A T1", "12B T1"), lost=("12A T1",))
    refused = take(services, filmed.production_id, "12A T1")
    assert (refused.note, refused.picked_at) == ("too dark", None)
    assert refused.rejected_at is not None
    pick(services, "studio", ["12A T1"], "director")
    assert take(services, filmed.production_id, "12A T1").rejected_at is None


def test_a_pick_is_taken_back(services: Services, filmed: LoadedCharacter) -> None:
    pick(services, "studio", ["12A T1"], "director")
    found = unpick(services, "studio", ["12A T1", "12A T2"], "director")
    assert found == Decided(takes=("12A T1", "12A T2"), lost=("12A T1",))
    assert picked(services) == set()


@pytest.mark.parametrize("decide", [pick, reject, unpick])
def test_a_reviewer_decides_nothing(
    services: Services, filmed: LoadedCharacter, decide: object
) -> None:
    account(services, "Ines", Role.REVIEWER, filmed.production_id)
    assert callable(decide)
    with pytest.raises(Refused, match="Ines is a reviewer: reviewers vote, the director decides"):
        decide(services, "studio", ["12A T1"], "Ines")
    assert picked(services) == set()


def test_a_reviewer_votes_and_comments_and_picks_nothing(
    services: Services, filmed: LoadedCharacter
) -> None:
    account(services, "Ines", Role.REVIEWER, filmed.production_id)
    vote(services, "studio", "12A T1", "Ines", Choice.PICK)
    vote(services, "studio", "12A T1", "Ines", Choice.REJECT)
    comment(services, "studio", "12A T1", "Ines", "  the scarf <b>hides</b> her  ")
    ids = [take(services, filmed.production_id, "12A T1").id]
    with services.database.reading() as session:
        ((cast, name),) = list_votes(session=session, take_ids=ids)
        (said,) = list_comments(session=session, take_ids=ids)
    assert (cast.vote, name) == (Choice.REJECT, "Ines")
    assert (said.author, said.text) == ("Ines", "the scarf <b>hides</b> her")
    assert picked(services) == set()


def test_nobody_votes_without_an_account_or_elsewhere(
    services: Services, filmed: LoadedCharacter
) -> None:
    with services.database.session() as session:
        other = ProductionCreate.of(name="Salt", style=ProductionStyle())
        salt = add_production(session=session, production=other).id
    account(services, "Ines", Role.REVIEWER, salt)
    account(services, "Udo", Role.REVIEWER, filmed.production_id)
    with services.database.session() as session:
        disable_user(session=session, name="Udo")
    for name in ("nobody", "Udo"):
        with pytest.raises(UnknownName, match=f"no account named '{name}'; `samecast user add`"):
            vote(services, "studio", "12A T1", name, Choice.PICK)
    with pytest.raises(Refused, match="Ines reviews another production"):
        comment(services, "studio", "12A T1", "Ines", "hello")


def test_the_one_person_of_a_studio_without_accounts_comments_too(
    services: Services, filmed: LoadedCharacter
) -> None:
    comment(services, "studio", "12A T1", "director", "too dark at the left")
    ids = [take(services, filmed.production_id, "12A T1").id]
    with services.database.reading() as session:
        (said,) = list_comments(session=session, take_ids=ids)
    assert (said.author, said.user_id, said.text) == ("director", None, "too dark at the left")
    account(services, "Ines", Role.REVIEWER, filmed.production_id)
    with pytest.raises(UnknownName, match="no account named 'director'"):
        comment(services, "studio", "12A T1", "director", "and at the right")


def test_a_comment_has_words(services: Services, filmed: LoadedCharacter) -> None:
    for text in ("   ", "x" * 2001):
        with pytest.raises(BadInput, match="a comment takes 1 to 2000 characters"):
            comment(services, "studio", "12A T1", "director", text)
