"""Law 2: subtyping is reflexive and transitive, and is TensorFlow's own."""

from __future__ import annotations

import pytest

from tests.laws.law import hold
from tests.laws.random_specs import CHANGES, draw_spec


def draw_relative(random, spec):
    """The spec with some sizes forgotten or changed: often above or below it, sometimes beside."""
    if spec.shape is None or spec.kind == "ragged" or random.random() < 0.1:
        return draw_spec(random)
    shape = random.choice((CHANGES[-1], CHANGES[-1], random.choice(CHANGES)))(random, spec.shape)
    is_lost = len(shape) != len(spec.shape)
    if spec.kind == "sparse" and not shape:
        return spec
    return spec.replace(shape=shape, facts=spec.facts.replace(axes=None)) if is_lost else spec.replace(shape=shape)


def test_every_spec_is_its_own_subtype():
    def law(random):
        spec = draw_spec(random)
        assert spec.is_subtype_of(spec)

    hold(law, usual=200, full=100_000)


def test_subtyping_is_transitive():
    def law(random):
        low = draw_spec(random)
        middle = draw_relative(random, low)
        high = draw_relative(random, middle)
        if low.is_subtype_of(middle) and middle.is_subtype_of(high):
            assert low.is_subtype_of(high)

    hold(law, usual=300, full=100_000)


@pytest.mark.tensorflow
def test_subtyping_is_that_of_tensorflow():
    from tests.laws.tensorflow_judge import is_subtype

    seen = {True: 0, False: 0}

    def law(random):
        spec = draw_spec(random)
        other = draw_relative(random, spec)
        answer = spec.is_subtype_of(other)
        assert answer == is_subtype(spec, other), f"{spec} -> {other}"
        seen[answer] += 1

    hold(law, usual=300, full=100_000)
    assert min(seen.values()) > 20
