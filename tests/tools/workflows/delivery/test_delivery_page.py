from __future__ import annotations

from tests.support.filled_studio import PASSED, REJECTED
from tools.contracts.delivery import DeliveredTake, DeliveryReport
from tools.contracts.verdicts import Verdict
from tools.workflows.delivery.delivery_page import delivery_page

EVIL = '"><script>alert(1)</script>'


def delivered(verdict: Verdict = PASSED, **values: object) -> DeliveredTake:
    return DeliveredTake.model_validate(
        {
            "file": "takes/STUDIO_012A_T02.png",
            "take": "12A T2",
            "character": "Daro",
            "prompt": "Daro, close-up",
            "seed": 7,
            "base": "maquette",
            "lora_version": 3,
            "picture_size": (256, 256),
            "frame_size": (320, 256),
            "verdict": verdict,
            "judged_again": True,
            "verdict_before": verdict.outcome,
            "threshold": 0.05,
            "threshold_origin": "calibrated",
            "picked": True,
        }
        | values
    )


def page(*takes: DeliveredTake, **values: object) -> str:
    fields = {
        "production": "Harbour",
        "stamp": "2026-11-21_001",
        "aspect_ratio": "1:1",
        "style": "",
        "digital_source_type": "trainedAlgorithmicMedia",
        "takes": takes,
    }
    return delivery_page(DeliveryReport.model_validate(fields | values))


def test_a_take_has_its_picture_its_numbers_and_where_it_comes_from() -> None:
    text = page(delivered(), delivered(REJECTED, base=None, lora_version=None, picked=False))
    assert "<h1>Harbour, delivery 2026-11-21_001</h1>" in text
    assert "<p>2 takes. Frame 1:1. Style: none locked." in text
    picture = '<img src="takes/STUDIO_012A_T02.png" alt="12A T2: Daro" width="320" height="256">'
    assert text.count(picture) == 2
    assert "<dd>0.0310; threshold 0.0500 (calibrated)</dd>" in text
    assert "<dd>no single readable face; threshold 0.0500 (calibrated)</dd>" in text
    assert "<dd>maquette, LoRA v3, seed 7</dd>" in text
    assert "<dd>unknown base, without LoRA, seed 7</dd>" in text
    assert "<dd>pick</dd>" in text
    assert "<dd>QC</dd>" in text
    assert "<dt>Note</dt>" not in text
    assert page(delivered()).count("<p>1 take. ") == 1


def test_every_word_is_escaped() -> None:
    text = page(
        delivered(note=EVIL, prompt=EVIL, character=EVIL, base=EVIL, threshold_origin=EVIL),
        production=EVIL,
        style=EVIL,
    )
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 7
