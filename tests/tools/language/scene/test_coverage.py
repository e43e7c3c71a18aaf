"""The order of coverage, element by element: master, action, reaction, dialogue."""

from __future__ import annotations

from tools.contracts.photography import Expression, Framing
from tools.language.scene.coverage import ScenePlan
from tools.language.scene.screenplay import Element, ElementKind

KNOWN = ["Mara", "Jonah"]


def action(text: str) -> Element:
    return Element(ElementKind.ACTION, text)


def speech(name: str, words: str, **more: object) -> Element:
    return Element(ElementKind.DIALOGUE, words, speaker=name, **more)  # type: ignore[arg-type]


def plan(*elements: Element) -> ScenePlan:
    made = ScenePlan.of(elements, KNOWN, {"Mara": ["winter"]}, {"Mara": "woman", "Jonah": "man"})
    for element in elements:
        made.read(element)
    made.accounted()
    return made


def framings(made: ScenePlan) -> list[Framing]:
    return [setup.framing for setup in made.setups.made]


HEADING = Element(
    ElementKind.HEADING, "12. INT. BAR - NIGHT", number=12, place="bar", light="night"
)


def test_a_place_opens_with_a_master_of_the_first_one_who_acts() -> None:
    made = plan(HEADING, action("Mara pours the tea."), action("Jonah looks at her."))
    assert framings(made) == [Framing.WIDE, Framing.MEDIUM, Framing.CLOSE_UP]
    master = made.setups.made[0]
    assert (master.covers, master.cast[0].character) == (["12. INT. BAR - NIGHT"], "Mara")
    scene = made.finished([]).scene
    assert (scene.number, scene.place, scene.light) == (12, "bar", "night")


def test_a_new_heading_is_a_new_master_and_the_scene_keeps_its_first_place() -> None:
    car = Element(ElementKind.HEADING, "EXT. CAR - DAY", place="car", light="day")
    made = plan(HEADING, action("Mara runs."), car, action("Jonah drives."))
    wide = [setup for setup in made.setups.made if setup.framing is Framing.WIDE]
    assert [(setup.place, setup.light) for setup in wide] == [("bar", "night"), ("car", "day")]
    assert made.finished([]).scene.place == "bar"


def test_a_speech_is_a_close_up_with_its_manner() -> None:
    made = plan(
        speech("MARA", "Stay.", manner="smiling"), speech("JONAH", "No.", manner="whispering")
    )
    smiling, whispering = made.setups.made
    assert (smiling.expression, smiling.action) == (Expression.SMILING, None)
    assert (whispering.expression, whispering.action) == (None, "whispering")


def test_a_voice_from_elsewhere_and_a_stranger_wait_for_the_next_setup() -> None:
    made = plan(
        speech("JONAH", "Mara!", off_screen=True), speech("ZORAN", "Hm."), action("Mara turns.")
    )
    assert made.setups.made[0].covers == ["Mara!", "Hm.", "Mara turns."]
    assert made.finished([]).unknown == ("Zoran",)


def test_a_manner_may_put_a_look_on() -> None:
    made = plan(speech("MARA", "Cold.", manner="winter look"))
    assert made.setups.made[0].cast[0].look == "winter"


def test_listed_shots_are_honoured_and_no_others_are_made() -> None:
    made = plan(
        Element(ElementKind.ANNOUNCED, "Two shots:"),
        Element(ElementKind.LISTED, "a wide of Mara in the kitchen"),
        Element(ElementKind.LISTED, "close-up of her hands"),
        action("Mara leaves."),
    )
    assert framings(made) == [Framing.WIDE, Framing.CLOSE_UP]
    assert {setup.place for setup in made.setups.made} == {"kitchen"}
    assert "Two shots:" in made.accounted()


def test_a_listed_shot_of_nobody_gets_whoever_comes_first() -> None:
    made = plan(
        Element(ElementKind.LISTED, "wide of the pier"),
        Element(ElementKind.LISTED, "close on Mara"),
    )
    assert [setup.cast[0].character for setup in made.setups.made] == ["Mara", "Mara"]


def test_what_is_denied_is_covered_and_not_done() -> None:
    made = plan(action("Mara kneels."), action("She does not pray."))
    (kneels,) = made.setups.made
    assert (kneels.action, kneels.covers) == ("kneels", ["Mara kneels.", "She does not pray."])


def test_asides_styles_and_marks_are_kept_apart() -> None:
    made = plan(
        Element(ElementKind.STYLE, "Style: 16mm, grainy"),
        Element(ElementKind.ASIDE, "CUT TO:"),
        Element(ElementKind.CAST, "Cast: Mara, Zoran"),
        Element(ElementKind.READER, "# Act One"),
        action("Mara waits."),
    )
    finished = made.finished(["left"])
    assert finished.scene.style == ("16mm, grainy",)
    assert made.asides == ["CUT TO:"]
    assert finished.unknown == ("Zoran",)
    assert finished.uncovered == ("left",)
    assert "# Act One" in made.accounted()


def test_scenery_is_what_the_master_shows() -> None:
    made = plan(HEADING, action("Dust hangs over the tables."), action("Mara waits."))
    assert made.setups.made[0].free == ["Dust hangs over the tables."]
