"""Build a reference set stage by stage: from photos, or from a face through the paper's layers.

Knows the order of stages and where a person may step in; each stage is a job, so that it is never
drawn twice. What one layer does stands in `tools.workflows.sets.layers`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.contracts.casting import (
    Candidates,
    CastingRequest,
    CutSheetRequest,
    LayeredSetRequest,
    LayerMade,
    LayerRequest,
)
from tools.contracts.outfits import Wardrobe
from tools.contracts.photography import Layer
from tools.contracts.references import LayerSpec, ReferencePlan
from tools.contracts.sets import PhotoSetRequest, ReferenceSetMade
from tools.errors import Refused
from tools.imaging.pictures import load_picture
from tools.references.layers import layer_graph, parents_for
from tools.references.plan import extend_plan, make_plan
from tools.services import Services
from tools.workflows.kinds import Kind
from tools.workflows.people.face_choice import choose_face
from tools.workflows.sets.build.handing_over import refused_images
from tools.workflows.sets.build.made_layers import joined, kept_of, without
from tools.workflows.sets.layers import sheet_parents
from tools.workflows.sets.photos.take_photos import store_photos
from tools.workflows.stages import StageRunner

SUBSTITUTE_ROUNDS = 2
"""How often other images of a layer are drawn in place of those that were given up."""
GATE_ROUNDS = 2
"""How often others of their layer are drawn in place of images that the gate would refuse."""
NEARER_ROUNDS = 6
"""How often, after that, what is still missing is drawn in the layer that theirs is drawn from: its heads are
larger, and a base that cannot give a framing a readable one can give it there."""


@dataclass(frozen=True)
class SetOptions:
    """What set is built."""

    production: str
    character: str
    base: str
    size: int
    """Images; fewest photos, or images of the plan."""
    seed: int
    candidates: int
    calibration: str
    steps: int | None = None
    wardrobe: Wardrobe = Wardrobe.LOCKED


@dataclass(frozen=True)
class Layering:
    """How far a layered set has come."""

    made: tuple[LayerMade, ...]
    finished: ReferenceSetMade | None
    """None while there are layers to draw."""


@dataclass(frozen=True)
class SetBuilder:
    """Builds one set."""

    services: Services
    stages: StageRunner
    options: SetOptions

    def from_photos(self, folder: Path) -> ReferenceSetMade:
        """Take a folder of photos in.

        Raises:
            BadInput: a folder or file that cannot be read.
            Refused: too few or too small photos, or not exactly one person in each.
        """
        options = self.options
        stored = store_photos(self.services, folder)
        request = PhotoSetRequest(
            production=options.production,
            character=options.character,
            base=options.base,
            photos=stored.photos,
            left_out=stored.left_out,
            least_images=options.size,
        )
        return self.stages.call(Kind.PHOTOS, request, ReferenceSetMade)

    def cast(self) -> Candidates:
        """Draw candidate faces."""
        options = self.options
        request = CastingRequest(
            production=options.production,
            character=options.character,
            base=options.base,
            candidates=options.candidates,
            seed=options.seed,
            steps=options.steps,
            calibration=options.calibration,
        )
        return self.stages.call(Kind.CAST, request, Candidates)

    def cut(self, sheet: Path, rows: int | None, columns: int | None) -> Candidates:
        """Take a sheet made elsewhere as the only candidate.

        Raises:
            BadPicture: the sheet cannot be read.
        """
        load_picture(sheet)
        request = CutSheetRequest(
            production=self.options.production,
            character=self.options.character,
            sheet=self.services.files.put_file(sheet).digest,
            rows=rows,
            columns=columns,
            calibration=self.options.calibration,
        )
        return self.stages.call(Kind.CUT_SHEET, request, Candidates)

    def layers(
        self,
        found: Candidates,
        face: int | None = None,
        *,
        drop: Collection[int] = (),
        one_layer: bool = False,
    ) -> Layering:
        """Draw the layers from a chosen face, all of them or one more than are done.

        Args:
            found: the candidates.
            face: the chosen one's number; None takes the one whose portraits agree best.
            drop: plan positions of images that a person has taken out.
            one_layer: stop after the first layer that was not drawn before.
        """
        return self.layers_of(choose_face(found, face).portraits, drop=drop, one_layer=one_layer)

    def layers_of(
        self,
        portraits: Sequence[str],
        *,
        drop: Collection[int] = (),
        one_layer: bool = False,
        most: int | None = None,
    ) -> Layering:
        """Draw the layers from the portraits of a chosen face.

        Args:
            portraits: digests of the stored pictures.
            drop: plan positions of images that a person has taken out.
            one_layer: stop after the first layer that was not drawn before.
            most: stop after so many layers; None stores the set after the last.
        """
        plan = self._plan()
        asked: list[LayerRequest] = []
        made: list[LayerMade] = []
        while (request := self._next_layer(portraits, made, drop)) is not None:
            if most is not None and len(made) >= most:
                return Layering(tuple(made), None)
            fresh = not self.stages.is_done(Kind.LAYER, request)
            layer, plan = self._draw(request, plan, drop)
            asked.append(request)
            made.append(layer)
            if one_layer and fresh:
                return Layering(tuple(made), None)
        if most is not None:
            return Layering(tuple(made), None)
        made = self._through_gate(asked, made, plan, drop)
        return Layering(tuple(made), self._store(made, drop))

    def _through_gate(
        self,
        asked: Sequence[LayerRequest],
        made: Sequence[LayerMade],
        plan: ReferencePlan,
        drop: Collection[int],
    ) -> list[LayerMade]:
        """Draw others in place of images that the gate would refuse; the last round's are given up."""
        layers = list(made)
        for done in range(GATE_ROUNDS + NEARER_ROUNDS):
            layers = self._without_refused(layers, drop)
            if sum(len(kept_of(layer, drop)) for layer in layers) >= self.options.size:
                return layers
            layers, plan = self._filled(asked, layers, plan, drop, nearer=done >= GATE_ROUNDS)
        return self._without_refused(layers, drop)

    def _without_refused(
        self, layers: Sequence[LayerMade], drop: Collection[int]
    ) -> list[LayerMade]:
        images = [image for layer in layers for image in kept_of(layer, drop)]
        refused = refused_images(self.services, images, self.options.calibration)
        return [without(layer, refused) for layer in layers]

    def _filled(
        self,
        asked: Sequence[LayerRequest],
        made: Sequence[LayerMade],
        plan: ReferencePlan,
        drop: Collection[int],
        *,
        nearer: bool,
    ) -> tuple[list[LayerMade], ReferencePlan]:
        """Draw what is missing, the furthest layer first; what one cannot bring is asked of the one before.

        Args:
            asked: the layers' requests.
            made: the layers.
            plan: with what was drawn so far.
            drop: plan positions of images that a person has taken out.
            nearer: whether every layer but the first leaves what it misses to the one before.
        """
        layers, handed_on = list(made), 0
        for at in reversed(range(len(asked))):
            own = len(asked[at].planned) - len(kept_of(layers[at], drop))
            left = max(0, own) if nearer and at else 0
            due = max(0, handed_on + own - left)
            before = len(plan.images)
            layers[at], plan = self._more(asked[at], layers[at], plan, due)
            handed_on = left + due - (len(plan.images) - before)
        return layers, plan

    def _draw(
        self, request: LayerRequest, plan: ReferencePlan, drop: Collection[int]
    ) -> tuple[LayerMade, ReferencePlan]:
        """Draw a layer, and other images of it in place of those given up or dropped.

        A dropped image's substitute is drawn by itself, so that dropping another later asks for the same
        pictures again and only one more.

        Returns:
            The layer with its substitutes, and the plan with theirs.
        """
        made = self.stages.call(Kind.LAYER, request, LayerMade, label=f"layer {request.layer}")
        wanted = len(request.planned)
        for _ in range(SUBSTITUTE_ROUNDS):
            made, plan = self._more(request, made, plan, wanted - len(made.images))
        full, poses_left = len(made.images), True
        while poses_left and len(kept_of(made, drop)) < full:
            made, longer = self._more(request, made, plan, 1)
            plan, poses_left = longer, len(longer.images) > len(plan.images)
        return made, plan

    def _more(
        self, request: LayerRequest, made: LayerMade, plan: ReferencePlan, missing: int
    ) -> tuple[LayerMade, ReferencePlan]:
        """Draw further images of a layer, as many as the catalogue has."""
        profiles = self._profiles
        longer = (
            extend_plan(plan, request.layer, missing, profiles=profiles) if missing > 0 else plan
        )
        planned = tuple(image for image in longer.images if image not in plan.images)
        if not planned:
            return made, plan
        more = self.stages.call(
            Kind.LAYER,
            request.model_copy(update={"planned": planned}),
            LayerMade,
            label=f"layer {request.layer}, substitutes",
        )
        return joined(made, more), longer

    def _next_layer(
        self, portraits: Sequence[str], made: Sequence[LayerMade], drop: Collection[int]
    ) -> LayerRequest | None:
        options, plan = self.options, self._plan()
        layers = planned_layers(options.size)
        if len(made) == len(layers):
            return None
        spec = layers[len(made)]
        accepted = {each.layer: kept_of(each, drop) for each in made}
        accepted[Layer.SHEET] = sheet_parents(portraits)
        return LayerRequest(
            production=options.production,
            character=options.character,
            base=options.base,
            layer=spec.layer,
            planned=plan.of_layer(spec.layer),
            parents=parents_for(spec, accepted) or accepted[Layer.SHEET],
            anchors=tuple(portraits),
            seed=options.seed,
            steps=options.steps,
            calibration=options.calibration,
        )

    @property
    def _profiles(self) -> bool:
        return self.services.catalog.row(self.options.base).draws_profiles

    def _plan(self) -> ReferencePlan:
        options = self.options
        return make_plan(options.size, profiles=self._profiles, wardrobe=options.wardrobe)

    def _store(self, made: Sequence[LayerMade], drop: Collection[int]) -> ReferenceSetMade:
        images = tuple(image for layer in made for image in kept_of(layer, drop))
        if not images:
            raise Refused("no layer kept an image; cast another face")
        request = LayeredSetRequest(
            production=self.options.production, character=self.options.character, images=images
        )
        return self.stages.call(Kind.LAYERED_SET, request, ReferenceSetMade)


def planned_layers(size: int) -> list[LayerSpec]:
    """Return the layers that a set of this many images is drawn in, first first."""
    plan = make_plan(size)
    return [spec for spec in layer_graph().layers if plan.of_layer(spec.layer)]
