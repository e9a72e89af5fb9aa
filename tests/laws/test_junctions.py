"""Law 4 for what is joined and parted: no binding that passes fails when TensorFlow runs it."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from sigcheck.junctions import JUNCTIONS
from sigcheck.planning.matching import feed
from sigcheck.schema.agreement import conflicts
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.junction import CONSTANT, Junction
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.verification.job import Job
from tests.laws.law import IS_FULL, hold
from tests.laws.random_specs import SIZES, draw_dtype, draw_facts

# Proofs by execution take some ten times as long as traces.
EXECUTED = 500 if IS_FULL else 25


def varied(random, spec):
    """The spec with sizes forgotten, another dtype, or other facts, now and then."""
    shape = tuple(None if random.random() < 0.15 else size for size in spec.shape)
    dtype = spec.dtype if random.random() < 0.8 else draw_dtype(random)
    facts = spec.facts if random.random() < 0.5 and dtype == spec.dtype else draw_facts(random, dtype, len(shape))
    try:
        return spec.replace(shape=shape, dtype=dtype, facts=facts)
    except ValueError:
        return TensorSpec(dtype=dtype, shape=shape)


def cut(random, size):
    """Two or three sizes that sum to this one; any, where it is not known."""
    if size is None:
        return [random.choice(SIZES) for _ in range(random.randint(2, 3))]
    at = sorted(random.randint(0, size) for _ in range(random.randint(1, 2)))
    return [stop - start for start, stop in zip([0, *at], [*at, size], strict=True)]


def draw_row_splits(random, dtype, shape):
    """Values that stand behind one another, and splits."""
    rows = random.choice((None, 2, 5))
    splits = TensorSpec(dtype=random.choice(("int32", "int64")), shape=(None if rows is None else rows + 1,))
    wanted = TensorSpec(kind="ragged", dtype=dtype, shape=(rows, None, *shape[1:]), ragged_rank=1)
    return [varied(random, TensorSpec(dtype=dtype, shape=shape)), splits], [wanted]


def draw_value_rowids(random, dtype, shape):
    """Values, their rows, and how many rows there are, now and then."""
    rows = random.choice((None, None, 4))
    values = varied(random, TensorSpec(dtype=dtype, shape=(None, *shape[1:])))
    counts = [TensorSpec(dtype=random.choice(("int32", "int64")), shape=of) for of in ((None,), ())]
    wanted = TensorSpec(kind="ragged", dtype=dtype, shape=(rows, None, *shape[1:]), ragged_rank=1)
    return [values, *(counts if random.random() < 0.8 else counts[:1])], [wanted]


def draw_indices(random, dtype, shape):
    """Indices, values and a dense shape."""
    sizes = [None, random.choice((None, len(shape)))]
    places, size = (
        TensorSpec(dtype=random.choice(("int32", "int64")), shape=of) for of in (tuple(sizes), (len(shape),))
    )
    wanted = tuple(one if random.random() < 0.3 else None for one in shape)
    values = varied(random, TensorSpec(dtype=dtype, shape=(None,)))
    return [places, values, size], [TensorSpec(kind="sparse", dtype=dtype, shape=wanted)]


def draw_complex(random, dtype, shape):
    """Two parts of floats, mostly."""
    part, whole = random.choice((("float32", "complex64"), ("float64", "complex128")))
    parts = [varied(random, TensorSpec(dtype=part, shape=shape)) for _ in range(2)]
    return parts, [TensorSpec(dtype=whole, shape=shape)]


def draw_coordinates(random, dtype, shape):
    """Four numbers of each box."""
    return [varied(random, TensorSpec(dtype=dtype, shape=shape)) for _ in range(4)], [
        TensorSpec(dtype=dtype, shape=(*shape, 4))
    ]


def draw_features(random, dtype, shape):
    """Outputs that features are made of, and Examples that may be parsed for some of them."""
    parts = [varied(random, TensorSpec(dtype=dtype, shape=shape)) for _ in range(random.randint(1, 3))]
    held = Facts.model_validate({"features": {"a0": random.choice(HELD)}}) if random.random() < 0.5 else NO_FACTS
    return parts, [TensorSpec(dtype="string", shape=random.choice(((None,), (), (3,), (None, 1))), facts=held)]


def draw_examples(random, dtype, shape):
    """Examples that hold what an input takes, or nearly."""
    held = Facts.model_validate({"features": {"x0": random.choice(HELD)}})
    examples = TensorSpec(dtype="string", shape=random.choice(((None,), (), (3,))), facts=held)
    return [examples], [varied(random, TensorSpec(dtype=dtype, shape=shape))]


def draw_lines(random, dtype, shape):
    """Lines of CSV, or other strings, and inputs of several dtypes for their columns."""
    facts = Facts(meaning=random.choice((None, "csv", "csv", "wav")))
    lines = TensorSpec(dtype="string", shape=shape[:2], facts=facts)
    if random.random() < 0.2:
        lines = TensorSpec(dtype=dtype, shape=shape[:2])
    dtypes = [random.choice((dtype, "int64", "float32", "string")) for _ in range(random.randint(2, 4))]
    return [lines], [varied(random, TensorSpec(dtype=one, shape=shape[:2])) for one in dtypes]


def draw_broadcast(random, dtype, shape):
    """Values, and what has several entries for each of them."""
    many = (*shape, *(random.choice(SIZES) for _ in range(random.randint(1, 2))))
    like = varied(random, TensorSpec(dtype=draw_dtype(random), shape=many))
    return [varied(random, TensorSpec(dtype=dtype, shape=shape)), like], [TensorSpec(dtype=dtype, shape=many)]


def draw_scaled_boxes(random, dtype, shape):
    """Boxes in one unit, the image that they are of, and an input for boxes in another one."""
    units = random.sample(("normalized", "pixels"), 2) if random.random() < 0.9 else ["pixels"] * 2
    orders = [random.choice(("yxyx", "xyxy")) for _ in units]
    ours, theirs = (
        TensorSpec(
            dtype=random.choice(("float32", "float64")),
            shape=(*shape, 4),
            facts=Facts.model_validate({"boxes": {"order": order, "unit": unit}}),
        )
        for order, unit in zip(orders, units, strict=True)
    )
    axes = random.choice((None, ("batch", "height", "width", "channel"), ("batch", "channel", "height", "width")))
    facts = Facts(axes=axes) if axes else NO_FACTS
    return [ours, TensorSpec(dtype=dtype, shape=(None, random.choice(SIZES), None, 3), facts=facts)], [theirs]


# What a junction is there to mend itself.
MENDED = {"scale_boxes": ("boxes",)}
HELD = ("float32[3]", "int64[]", "int64[?]", "string[?]", "float32[2, 3]", "int64[?, 2]", "float32[?]")
NAMED = {
    "serialize_examples": draw_features,
    "parse_examples": draw_examples,
    "csv_columns": draw_lines,
    "boxes": draw_coordinates,
    "broadcast": draw_broadcast,
    "scale_boxes": draw_scaled_boxes,
    "ragged_by_row_splits": draw_row_splits,
    "ragged_by_value_rowids": draw_value_rowids,
    "sparse_by_indices": draw_indices,
    "complex": draw_complex,
}


def draw_fan(random: Random):
    """Outputs and inputs that nearly fit by one kind of junction, and the junction."""
    # A constant is told, and joins nothing.
    kind = random.choice([one for one in JUNCTIONS if one != CONSTANT])
    dtype = draw_dtype(random)
    shape = tuple(random.choice(SIZES) for _ in range(random.randint(1, 3)))
    whole = TensorSpec(dtype=dtype, shape=shape)
    if kind == "ragged_by_lengths":
        is_flat = random.random() < 0.5
        values = varied(random, TensorSpec(dtype=dtype, shape=shape if is_flat else (*shape[:1], *shape)))
        lengths = TensorSpec(dtype=random.choice(("int32", "int64")), shape=(None if is_flat else values.shape[0],))
        inner = values.shape[1:] if is_flat else values.shape[2:]
        wanted = TensorSpec(kind="ragged", dtype=dtype, shape=(None, None, *inner), ragged_rank=1)
        return [values, lengths], [wanted], kind, None
    if kind in NAMED:
        return (*NAMED[kind](random, dtype, shape), kind, None)
    axis = random.randrange(len(shape))
    if kind in {"concat", "split"}:
        pieces = [(*shape[:axis], size, *shape[axis + 1 :]) for size in cut(random, shape[axis])]
        many = [whole.replace(shape=piece) for piece in pieces]
    else:
        many = [whole.replace(shape=(*shape[:axis], *shape[axis + 1 :]))] * random.randint(2, 3)
        whole = whole.replace(shape=(*shape[:axis], len(many), *shape[axis + 1 :]))
    facts = draw_facts(random, dtype, None)
    many, one = [spec.replace(facts=facts) for spec in many], whole.replace(facts=facts)
    parts, wanted = (many, [one]) if kind in {"concat", "stack"} else ([one], many)
    return [varied(random, spec) for spec in parts], wanted, kind, axis


def bound(random):
    parts, wanted, kind, axis = draw_fan(random)
    outputs = tuple(Endpoint(name=f"a{at}", spec=spec) for at, spec in enumerate(parts))
    inputs = tuple(Endpoint(name=f"x{at}", spec=spec) for at, spec in enumerate(wanted))
    names = [one.name for one in inputs]
    told = {one.name: names for one in outputs}
    if random.random() < 0.5:
        told = {str(Junction(kind=kind, outputs=tuple(one.name for one in outputs), axis=axis)): names}
    return outputs, inputs, feed(outputs, inputs, told)


@pytest.mark.tensorflow
def test_what_is_joined_and_passes_runs(tmp_path, monkeypatch):
    import tensorflow as tf

    from sigcheck.adapters.python_source import write_python
    from sigcheck.transforms import BY_NAME
    from sigcheck.verification.prove import prove
    from sigcheck.verification.tensorflow_runner import TensorFlowRunner
    from sigcheck.verification.tensors import type_spec
    from tests.laws.tensorflow_judge import SIDE

    monkeypatch.chdir(tmp_path)
    seen: Counter[str] = Counter()

    def law(random):
        outputs, inputs, match = bound(random)
        passing = [one for one in match.bindings if one.verdict in {"fits", "adapts", "guarded"}]
        seen.update(one.verdict for one in (*match.bindings, *match.unjoined))
        if len(passing) < len(inputs) or not any(one.junction for one in passing):
            return
        told = f"{[*map(str, outputs)]} {[one.provided for one in passing]} {[*map(str, inputs)]}"
        source = write_python(SIDE, SIDE, passing)
        module: dict = {}
        exec(compile(source, "<adapter>", "exec"), module)
        specs = {one.name: type_spec(one.spec) for one in outputs}
        traced = tf.function(module["adapt"], autograph=False).get_concrete_function(specs).structured_outputs
        for one in inputs:
            given = tf.type_spec_from_value(traced[one.name])
            assert given.is_subtype_of(type_spec(one.spec)), f"{told} gives {given}"
        seen["traced"] += 1
        # What is known to be empty TensorFlow folds to a constant, and leaves its guards out.
        is_empty = any(0 in (end.spec.shape or ()) for end in (*outputs, *inputs))
        if seen["executed"] < EXECUTED and not is_empty:
            seen["executed"] += 1
            job = Job(source=source, provided=outputs, required=inputs, bindings=tuple(passing))
            failures = prove(job, "executed", BY_NAME, TensorFlowRunner()).failures
            assert failures == (), f"{told}: {failures[:1]}"

    hold(law, usual=300, full=20_000)
    assert all(seen[verdict] for verdict in ("adapts", "guarded", "blocked", "undecided", "traced", "executed")), seen


def test_what_passes_hides_no_disagreement_of_a_part():
    """Each value part, after its own plan, is at odds with the input in nothing that the plan behind does not mend."""
    seen: Counter[str] = Counter()

    def law(random):
        _, _, match = bound(random)
        for binding in match.bindings:
            if binding.junction is None or binding.plan is None:
                continue
            held = JUNCTIONS[binding.junction.transform].VALUE_PARTS
            for spec in (one for at, one in enumerate(binding.part_specs) if held is None or at in held):
                goal = binding.required_spec.facts.replace(axes=None, quantization=None)
                at_odds = set(conflicts(spec, binding.required_spec.model_copy(update={"facts": goal})))
                at_odds -= {"axes", "quantization", *MENDED.get(binding.junction.transform, ())}
                seen["looked at"] += 1
                # All parts agree in it, and the steps behind the junction are about it.
                known = set(conflicts(binding.provided_spec, binding.required_spec))
                assert at_odds <= known, f"{spec.facts} {binding.provided} {binding.required_spec.facts}"

    hold(law, usual=400, full=20_000)
    assert seen["looked at"]


def test_a_junction_that_is_chosen_is_the_only_one_that_the_shapes_show():
    """What is bound without a word on how is bound as one of the ways, and the ways do not depend on facts."""

    def law(random):
        parts, wanted, _, _ = draw_fan(random)
        if len(parts) == 1:
            return
        outputs, inputs = (
            [Endpoint(name=f"{letter}{at}", spec=spec) for at, spec in enumerate(side)]
            for letter, side in (("a", parts), ("x", wanted))
        )
        found = feed(outputs, inputs, {one.name: "x0" for one in outputs})
        bare = [one.model_copy(update={"spec": one.spec.model_copy(update={"facts": NO_FACTS})}) for one in outputs]
        again = feed(bare, inputs, {one.name: "x0" for one in outputs})
        names = [{binding.provided for binding in match.bindings} for match in (found, again)]
        assert not all(names) or names[0] == names[1]

    hold(law, usual=200, full=20_000)
