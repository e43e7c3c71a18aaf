"""A plan of shots while a scene is read, element by element.

Knows the order of coverage: master, action, reaction, dialogue; must not know how text is cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tools.contracts.briefs import Person, SceneBrief, SceneCast
from tools.contracts.limits import MOST_FREE_WORDS, MOST_IN_CAST
from tools.contracts.photography import Framing
from tools.contracts.planning import PlannedScene
from tools.language.picture.camera import expression_of, implied_framing
from tools.language.picture.picture import read_picture
from tools.language.scene.beats import Beat, beats_of, before_stranger, predicate_of, quoted_speech
from tools.language.scene.followed import Followed
from tools.language.scene.rules import coverage_rules
from tools.language.scene.screenplay import Element, ElementKind
from tools.language.scene.setups import SetupDraft, Setups
from tools.language.scene.shot_list import shown_in
from tools.language.scene.strangers import label_of, strangers_in
from tools.language.scene.whereabouts import (
    action_phrase,
    clipped,
    light_in,
    opening_place,
    place_in,
)
from tools.language.text import read_text, small


@dataclass
class ScenePlan:
    """Where the reading of a scene stands."""

    people: Followed
    setups: Setups
    number: int | None = None
    place: str | None = None
    light: str | None = None
    first_place: str | None = None
    first_light: str | None = None
    place_is_given: bool = False
    """By a slugline or a label; then prose does not move the scene."""
    opening: list[str] = field(default_factory=list)
    """Words that the next master covers."""
    scenery: list[str] = field(default_factory=list)
    """Words of the opening that say what is seen."""
    master: SetupDraft | None = None
    free: list[str] = field(default_factory=list)
    style: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    """Words for the reader of a script and not for the camera: numbers, casts, announcements."""
    asides: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        elements: Sequence[Element],
        known: Sequence[str],
        looks: Mapping[str, Sequence[str]],
        persons: Mapping[str, Person],
    ) -> ScenePlan:
        """Start a plan; a place and a light that the prose says anywhere hold from its beginning."""
        listed = [each.text for each in elements if each.kind is ElementKind.LISTED]
        announced = any(each.kind is ElementKind.ANNOUNCED for each in elements)
        plan = cls(
            people=Followed(known=known, looks=looks, persons=persons),
            setups=Setups(listed_only=announced or len(listed) > 1),
        )
        given = [each for each in elements if each.kind is ElementKind.HEADING]
        prose = [each.text for each in elements if each.kind is ElementKind.ACTION]
        plan.place_is_given = any(each.place for each in given)
        if not plan.place_is_given:
            places = (place_in(text) for text in prose)
            shown = (read_picture(read_text(text, known), ()).place for text in listed)
            plan.place = next(filter(None, (*places, *shown)), None)
        if not any(each.light for each in given):
            plan.light = next(filter(None, (light_in(text) for text in (*prose, *listed))), None)
        plan.first_place, plan.first_light = plan.place, plan.light
        return plan

    def read(self, element: Element) -> None:
        """Read the next element."""
        match element.kind:
            case ElementKind.HEADING:
                self._heading(element)
            case ElementKind.CAST | ElementKind.STYLE | ElementKind.ANNOUNCED | ElementKind.READER:
                self._mark(element)
            case ElementKind.ASIDE:
                self.asides.append(element.text)
            case ElementKind.LISTED:
                self._listed(element)
            case ElementKind.DIALOGUE:
                self._dialogue(element)
            case ElementKind.ACTION:
                self._action(element.text)

    def accounted(self) -> list[str]:
        """Return all words that a shot covers or that are none of the camera's."""
        met = self.people.met
        self.setups.settle(self.people.member(met[0]) if met else None)
        covered = [words for setup in self.setups.made for words in setup.covers]
        return [*covered, *self.marks]

    def finished(self, uncovered: Sequence[str]) -> PlannedScene:
        """Return the plan."""
        shots = tuple(setup.planned() for setup in self.setups.made)
        cast = [
            SceneCast(character=name, look=self.people.member(name).look)
            for name in self.people.met[:MOST_IN_CAST]
        ]
        free = [words for each in self.free if (words := clipped(each))]
        brief = SceneBrief(
            number=self.number,
            place=clipped(self.first_place or "") or None,
            light=clipped(self.first_light or "") or None,
            action=next((shot.action for shot in shots if shot.action), None),
            cast=tuple(cast),
            style=tuple(words for each in self.style[:24] if (words := clipped(each))),
            free_words=tuple(free[:MOST_FREE_WORDS]),
        )
        return PlannedScene(
            scene=brief,
            shots=shots,
            unknown=tuple(self.people.strangers),
            unknown_looks=tuple(self.people.unknown_looks),
            uncovered=tuple(uncovered),
        )

    def _heading(self, element: Element) -> None:
        self.number = self.number or element.number
        if element.number and not (element.place or element.light):
            self.marks.append(element.text)
            return
        if element.place:
            self.place, self.master = element.place, None
            self.first_place = self.first_place or element.place
        if element.light:
            self.light = element.light
            self.first_light = self.first_light or element.light
        self.opening.append(element.text)

    def _mark(self, element: Element) -> None:
        self.marks.append(element.text)
        if element.kind is ElementKind.STYLE:
            self.style.append(element.text.partition(":")[2].strip())
        if element.kind is ElementKind.CAST:
            self.people.read_cast(element.text.partition(":")[2])

    def _action(self, sentence: str) -> None:
        quoted = quoted_speech(sentence)
        pieces = quoted.pieces if quoted else (sentence,)
        spoken = quoted is None
        self._move(sentence)
        beats = [beat for piece in pieces for beat in beats_of(piece, self.people)]
        if quoted and not any(beat.speaks for beat in beats):
            speaker = next((beat.actors[0] for beat in beats if beat.actors), None)
            self._speech(speaker or self.people.last_actor(), quoted.speech, None, quoted.outside)
            spoken = True
        for beat in beats:
            if beat.speaks and not spoken:
                actor = beat.actors[0] if beat.actors else None
                self._speech(None if beat.stranger else actor, sentence, None, beat.text)
                spoken = True
            else:
                self._beat(beat)

    def _move(self, sentence: str) -> None:
        """Take a place that a sentence opens with, and any light that it names."""
        place = None if self.place_is_given else opening_place(sentence)
        if place and self.setups.made and place != self.place:
            self.place, self.master = place, None
        self.light = light_in(sentence) or self.light

    def _beat(self, beat: Beat) -> None:
        if beat.stranger:
            self.setups.waiting.append(beat.text)
        elif not beat.actors:
            self._without_people(beat.text)
        elif self.setups.listed_only:
            self.opening.append(beat.text)
        else:
            self._covered(beat)

    def _without_people(self, text: str) -> None:
        stranger = bool(strangers_in(text, self.people.known))
        if self.master is None and not (self.setups.made and not self.opening):
            self.opening.append(text)
            if not stranger and not (place_in(text) or light_in(text)):
                self.scenery.append(text)
            return
        self.setups.cover_here(text)
        if not stranger:
            self.free.append(text)

    def _covered(self, beat: Beat) -> None:
        """Cover what somebody of the cast does."""
        rules = coverage_rules()
        self._master(beat.actors[0])
        action = None if beat.denied else self._action_of(beat)
        expression = None if beat.denied else expression_of(small(beat.text))
        if action is None and expression is None and self.setups.made:
            is_state = self.master is not None and not beat.denied
            target = self.master if is_state and self.master else self.setups.made[-1]
            target.covers.append(beat.text)
            return
        framing = rules.framing.reaction if beat.reaction else rules.framing.action
        faces = [(name,) for name in beat.leads or beat.actors[:1]]
        for actors in faces if beat.reaction else [beat.actors]:
            setup = self.setups.add(self._setup(framing, actors, [beat.text]))
            setup.action, setup.expression = action, expression

    def _setup(self, framing: Framing, names: Sequence[str], covers: list[str]) -> SetupDraft:
        """Return a setup in the place and light that hold now."""
        cast = tuple(self.people.member(name) for name in names)
        return SetupDraft(framing, cast, place=self.place, light=self.light, covers=covers)

    def _action_of(self, beat: Beat) -> str | None:
        words = beat.text if beat.cut_at is None else before_stranger(beat.text, beat.cut_at)
        return action_phrase(predicate_of(words, self.people.known, elided=beat.elided))

    def _master(self, first: str) -> None:
        """Open the place with a shot of the first one who acts there."""
        if self.master is not None or not (self.place or self.opening):
            return
        covers = list(self.opening) or [str(self.place)]
        self.master = self.setups.add(self._setup(coverage_rules().framing.master, [first], covers))
        self.master.free = list(self.scenery)
        self.opening, self.scenery = [], []

    def _dialogue(self, element: Element) -> None:
        name = element.speaker or ""
        if element.off_screen:
            self.setups.waiting.append(element.text)
            return
        speaker = self.people.speaker(name)
        if speaker is None:
            self.people.ask_about(label_of(name))
            self.setups.waiting.append(element.text)
            return
        if element.manner:
            self.people.wear(speaker, element.manner)
        self._speech(speaker, element.text, element.manner, element.manner or "")

    def _speech(self, speaker: str | None, words: str, manner: str | None, said: str) -> None:
        """Cover a speech: a close-up of the speaker, the manner as expression or else as action."""
        if speaker is None or self.setups.listed_only:
            self.setups.waiting.append(words)
            return
        self._master(speaker)
        expression = expression_of(small(said))
        acts = (
            manner if manner and not expression and not manner.lower().startswith("to ") else None
        )
        setup = self._setup(coverage_rules().framing.dialogue, [speaker], [words])
        setup.action, setup.expression, setup.is_speech = acts, expression, True
        self.setups.speech(setup)

    def _listed(self, element: Element) -> None:
        """Take a shot as the text asks for it; what it shows is read as any picture is."""
        shown = shown_in(element.text)
        acting = self.people.acting(shown, elided=False)
        actors = acting.actors or self.people.somebody(acting.stranger)
        words = shown if acting.cut_at is None else before_stranger(shown, acting.cut_at)
        picture = read_picture(read_text(element.text, self.people.known), self.people.members())
        self._move(shown)
        self.place = self.place or picture.place
        covers = [*self.opening, element.text]
        self.opening = []
        framing = picture.framing or implied_framing(small(element.text))
        setup = self.setups.add(
            self._setup(framing or coverage_rules().framing.action, actors, covers)
        )
        light, *more = (picture.light or self.light or "").split(", ")
        setup.place, setup.light = picture.place or self.place, light or None
        setup.free = [*more, *picture.left]
        setup.action = _action_shown(picture.action, words, self.people.known)
        setup.expression, setup.view = picture.expression, picture.view
        setup.angle, setup.lens = picture.angle, picture.lens
        setup.is_open = not acting.stranger


def _action_shown(action: str | None, words: str, known: Sequence[str]) -> str | None:
    """Return what a listed shot shows being done, in one piece of its own words."""
    pieces = [] if action is None else [action, *sorted(action.split(", "), key=len, reverse=True)]
    said = next((piece for piece in pieces if piece in words), None)
    return action_phrase(predicate_of(said, known, elided=False)) if said else None
