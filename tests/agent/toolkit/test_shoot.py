from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlmodel import select

from agent.answer import MOST_JOBS, Answer
from agent.context import ChatContext
from agent.toolkit.shoot import ShootArguments, describe_shoot, shoot
from tests.agent.toolkit.conftest import Linked
from tests.support.filled_studio import plan, shot, trained
from tools.contracts.briefs import CharacterBrief, LookBrief
from tools.contracts.learning import LearnRequest
from tools.contracts.photography import Framing
from tools.contracts.progress import ignore_progress
from tools.contracts.shooting import ShootRequest
from tools.contracts.training import LoraConfig
from tools.errors import BadInput, UnknownName
from tools.services import Services
from tools.store.job import Job, JobState, get_job
from tools.store.scene import get_scene, omit_scene
from tools.store.shot import get_shot, omit_shot
from tools.workflows.digest import production_row, studio_digest
from tools.workflows.kinds import Kind
from tools.workflows.people.create import CreateRequest, create

LIRIEN = CharacterBrief(
    name="Lirien",
    person="woman",
    hair="red hair",
    looks=(LookBrief(name="without the scarf", without=("scarf",)),),
)


@pytest.fixture
def cast(services: Services, daro: str) -> tuple[str, str]:
    """Daro and Lirien, each with a LoRA for `micro`."""
    create(services, CreateRequest(brief=LIRIEN, production="studio", base="micro"))
    trained(services, "Daro")
    trained(services, "Lirien")
    return daro, "Lirien"


def ask(context: ChatContext, **arguments: object) -> Answer:
    return shoot(ShootArguments.model_validate(arguments), context, ignore_progress)


def described(*characters: str, **slots: object) -> dict[str, object]:
    cast = [{"character": name} for name in characters or ("Daro",)]
    return {"characters": cast, **slots}


def requests(context: ChatContext, jobs: Sequence[str]) -> list[ShootRequest]:
    return [ShootRequest.model_validate_json(job.payload) for job in context.jobs.jobs(list(jobs))]


def slates(context: ChatContext) -> list[str]:
    digest = studio_digest(context.services, context.production)
    return [each.slate for scene in digest.scenes for each in scene.shots]


def test_one_job_a_character_with_the_version_in_use(
    context: ChatContext, cast: tuple[str, str], linked: Linked
) -> None:
    plan(context.services, shot("12A"), shot("12B", "Lirien"), shot("12C"))
    answer = ask(context, slates=["12C", "12B", "12A"])
    assert list(answer.jobs) == linked.ids
    first, second = requests(context, answer.jobs)
    assert [each.slate for each in first.shots] == ["12C", "12A"]
    assert [each.slate for each in second.shots] == ["12B"]
    assert (first.adapter.character, second.adapter.character) == ("Daro", "Lirien")
    assert first.adapter.lora_version_id is not None
    assert (first.base, first.max_tries, first.planned) == ("micro", 3, True)
    assert answer.text.endswith(
        "Drawing 12C and 12A of Daro; 12B of Lirien was started. "
        "The takes are shown here when they are done."
    )
    assert "SAME Daro: " in answer.text


def test_wanted_takes_are_jobs_with_seeds_of_their_own(
    context: ChatContext, cast: tuple[str, str]
) -> None:
    plan(context.services, shot("12A"))
    jobs = ask(context, slates=["12A"], takes=3).jobs
    asked = requests(context, jobs)
    assert len({each.seed for each in asked}) == 3
    assert {each.max_tries for each in asked} == {1}


def test_a_shoot_that_is_open_is_not_started_twice_and_a_later_one_has_another_seed(
    context: ChatContext, cast: tuple[str, str]
) -> None:
    plan(context.services, shot("12A"), shot("12B"))
    (first,) = ask(context, slates=["12A"]).jobs
    assert ask(context, slates=["12A"]).jobs == (first,)
    assert ask(context, slates=["12B"]).jobs != (first,)
    with context.services.database.session() as session:
        get_job(session=session, job_id=first).state = JobState.DONE
    (again,) = ask(context, slates=["12A"]).jobs
    (both,) = ask(context, slates=["12A", "12B"]).jobs
    assert len({each.seed for each in requests(context, [first, again, both])}) == 3


def test_seeds_are_the_same_in_another_studio_after_the_same_shoots(
    context: ChatContext, cast: tuple[str, str]
) -> None:
    plan(context.services, shot("12A"))
    (job,) = ask(context, slates=["12A"]).jobs
    (request,) = requests(context, [job])
    assert request.seed == 4_273_217_401


def test_described_shots_get_slates_in_a_new_scene(
    context: ChatContext, cast: tuple[str, str], services: Services
) -> None:
    ask(
        context,
        shots=[
            described("Daro", place="desert", light="dusk", framing="wide shot"),
            described("Lirien", expression="smiling"),
        ],
    )
    assert slates(context) == ["1A", "1B"]
    (scene,) = studio_digest(services, "studio").scenes
    assert (scene.number, scene.place, scene.light) == (1, "desert", "dusk")
    assert scene.shots[0].framing is Framing.WIDE


def test_described_shots_follow_in_the_newest_scene_and_take_its_place_and_light(
    context: ChatContext, cast: tuple[str, str]
) -> None:
    plan(context.services, shot("20A"), shot("3A"))
    (job,) = ask(context, shots=[described(place="roof")]).jobs
    (request,) = requests(context, [job])
    assert request.shots[0].slate == "3B", "scene 3 was opened last"
    assert (request.shots[0].place, request.shots[0].light) == ("roof", "soft window light")
    ask(context, scene=20, shots=[described()])
    ask(context, scene=14, shots=[described(place="harbour")])
    assert slates(context) == ["3A", "3B", "14A", "20A", "20B"]


def test_planned_and_described_shots_are_shot_together(
    context: ChatContext, cast: tuple[str, str]
) -> None:
    plan(context.services, shot("12A"))
    (job,) = ask(context, slates=["12A"], shots=[described()]).jobs
    assert [each.slate for each in requests(context, [job])[0].shots] == ["12A", "12B"]


def test_an_omitted_scene_or_shot_is_not_drawn(
    context: ChatContext, cast: tuple[str, str], services: Services
) -> None:
    plan(services, shot("12A"), shot("13A"))
    owner = production_row(services, "studio").id
    with services.database.session() as session:
        omit_shot(
            session=session,
            shot_id=get_shot(session=session, production_id=owner, slate="12A").id,
        )
        omit_scene(
            session=session,
            scene_id=get_scene(session=session, production_id=owner, number=13).id,
        )
    with pytest.raises(BadInput, match="shot 12A was omitted; plan a new one"):
        ask(context, slates=["12A"])
    with pytest.raises(BadInput, match="scene 13 was omitted and keeps its number"):
        ask(context, scene=13, shots=[described()])
    with pytest.raises(UnknownName, match="no shot 99A"):
        ask(context, slates=["99A"])


def test_two_people_in_a_frame_are_refused_and_nothing_is_stored(
    context: ChatContext, cast: tuple[str, str]
) -> None:
    with pytest.raises(BadInput, match="the shot has Lirien and Daro in frame; this studio draws"):
        ask(context, shots=[described("Lirien", "Daro")])
    plan(context.services, shot("12A", "Lirien", "Daro"), shot("12B"))
    with pytest.raises(BadInput, match="12A has Lirien and Daro in frame; this studio draws one p"):
        ask(context, slates=["12A", "12B"])
    assert slates(context) == ["12A", "12B"]


def test_who_is_not_in_the_cast_or_has_no_such_look(
    context: ChatContext, cast: tuple[str, str]
) -> None:
    with pytest.raises(UnknownName, match="Mara is not in the cast; there are: Daro, Lirien"):
        ask(context, shots=[described("Mara")])
    wanted = {"characters": [{"character": "Lirien", "look": "gala"}]}
    with pytest.raises(UnknownName, match="Lirien has no look 'gala'; there are default, without"):
        ask(context, shots=[wanted])
    assert slates(context) == []


def test_without_a_lora_it_is_said_what_comes_first(
    context: ChatContext, services: Services, daro: str
) -> None:
    plan(services, shot("12A"))
    with pytest.raises(BadInput, match="Daro has no LoRA for micro yet, and no reference set"):
        ask(context, slates=["12A"], drawn_as="take")
    trained(services, "Daro", base="sdxl")
    with pytest.raises(BadInput, match="Daro has no LoRA for micro yet; train Daro first"):
        ask(context, shots=[described()], drawn_as="take")
    assert slates(context) == ["12A"], "a shot that cannot be drawn yet is not stored"


def test_while_training_runs_the_shoot_waits(
    context: ChatContext, services: Services, daro: str
) -> None:
    plan(services, shot("12A"))
    learn = LearnRequest(
        production="studio",
        character="Daro",
        base="micro",
        reference_set_id="a",
        config=LoraConfig(steps=3),
    )
    owner = production_row(services, "studio").id
    job_id = context.jobs.enqueue(kind=Kind.TRAIN, payload=learn, production_id=owner)
    with pytest.raises(BadInput, match="its training waits; shoot when it has ended"):
        ask(context, slates=["12A"], drawn_as="take")
    context.jobs.claim(job_id)
    with pytest.raises(BadInput, match="its training is running; shoot when it has ended"):
        ask(context, slates=["12A"], drawn_as="take")


def test_without_a_lora_a_described_shot_is_planned_and_sketched_and_that_is_said(
    context: ChatContext, daro: str
) -> None:
    answer = ask(context, shots=[described(framing="close-up", light="candlelight")])
    assert "a sketch without a LoRA, up to 3 sketches a shot" in answer.text
    assert (
        "Daro has no LoRA for micro yet, so what is drawn is a sketch: to look at, never delivered."
        in answer.text
    )
    assert "say: draw the sketches for real." in answer.text
    assert answer.text.endswith(
        "Drawing 1A of Daro as a sketch was started. The pictures are shown here when they are done."
    )
    (job,) = context.jobs.jobs(list(answer.jobs))
    assert job.kind == Kind.SKETCH
    assert requests(context, answer.jobs)[0].is_sketch
    assert slates(context) == ["1A"]


def test_a_sketch_that_is_asked_for_is_one_even_with_a_lora(
    context: ChatContext, cast: tuple[str, str], services: Services
) -> None:
    plan(services, shot("12A"))
    sketch = ask(context, slates=["12A"], drawn_as="sketch")
    assert "as a sketch was started" in sketch.text
    assert "has no LoRA" not in sketch.text
    take = ask(context, slates=["12A"])
    assert "sketch" not in take.text
    kinds = [job.kind for job in context.jobs.jobs([*sketch.jobs, *take.jobs])]
    assert kinds == [Kind.SKETCH, Kind.SHOOT]
    made_real = ask(context, slates=["12A"], drawn_as="take", takes=1)
    assert not requests(context, made_real.jobs)[0].is_sketch


def test_the_card_of_a_sketch_says_so_before_it_is_approved(
    context: ChatContext, daro: str
) -> None:
    wanted = ShootArguments.model_validate({"shots": [described()]})
    text = describe_shoot(wanted, context)
    assert "a sketch without a LoRA" in text
    assert "never delivered" in text


def test_a_proposed_shoot_is_described_and_nothing_is_stored(
    context: ChatContext, cast: tuple[str, str], services: Services
) -> None:
    plan(services, shot("12A"))
    wanted = ShootArguments.model_validate({"slates": ["12A"], "shots": [described("Lirien")]})
    text = describe_shoot(wanted, context)
    assert "12A: close-up, Daro, soft window light\n" in text
    assert "12B: medium shot, Lirien, a cafe, soft window light\n" in text
    assert text.count("micro, LoRA v1, up to 3 takes a shot, time unknown until") == 2
    assert "SAME Daro: " in text
    assert "SAME Lirien: " in text
    assert slates(context) == ["12A"]
    with services.database.reading() as session:
        assert session.exec(select(Job)).all() == []


def test_more_jobs_than_an_answer_names_are_all_started_and_linked(
    context: ChatContext, cast: tuple[str, str], linked: Linked
) -> None:
    names = [*cast, "Ada", "Bea", "Cleo", "Dora", "Edda"]
    for name in names[2:]:
        brief = LIRIEN.model_copy(update={"name": name})
        create(context.services, CreateRequest(brief=brief, production="studio", base="micro"))
        trained(context.services, name)
    answer = ask(context, shots=[described(name) for name in names], takes=10)
    assert len(answer.jobs) == MOST_JOBS
    assert len(linked.ids) == 10 * len(names)
    assert set(answer.jobs) < set(linked.ids)
