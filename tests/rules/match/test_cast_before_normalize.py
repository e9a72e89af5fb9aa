from __future__ import annotations

from sigcheck.rules.match import cast_before_normalize


def test_the_safe_order_is_explained(match, step):
    steps = step("standardize", "float32[?]", loss="rounding"), step("cast", "float16[?]", loss="rounding")
    (finding,) = cast_before_normalize.find(match("float32[?]", "float16[?]", *steps))
    assert finding.level == "note"
    assert finding.message == (
        "standardize comes before the cast to float16: the other way round values would lose precision "
        "and overflow past 65504"
    )


def test_a_widening_cast_needs_no_note(match, step):
    steps = step("cast", "float32[?]"), step("scale", "float32[?]", loss="rounding")
    assert list(cast_before_normalize.find(match("uint8[?]", "float32[?]", *steps))) == []


def test_a_cast_alone_needs_no_note(match, step):
    assert list(cast_before_normalize.find(match("float32[?]", "float16[?]", step("cast", "float16[?]")))) == []
