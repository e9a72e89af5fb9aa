"""What a transform says that it reads, changes and is asked for is what it reads, changes and proposes something for.

The planner rests on it: orders of steps that touch none of each other's coordinates are not searched, and what
settles no difference is not asked.
"""

from __future__ import annotations

from collections import Counter

from sigcheck.planning.postponed import is_separable, keeping_kind, parted
from sigcheck.planning.proposals import Proposals
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Atom
from sigcheck.schema.policy import Policy
from sigcheck.transforms import BY_NAME, BY_PERMISSION, CATALOG
from sigcheck.transforms.parts.channels import axes_of_numbers
from sigcheck.transforms.parts.coordinates import READINGS, differences, forms_of
from sigcheck.transforms.parts.kernels import ORDERED
from tests.laws.latent_pairs import draw, forget
from tests.laws.law import hold
from tests.laws.named_pairs import draw_odd_names
from tests.laws.perturbed_specs import PARTS, is_read, perturb, proposed
from tests.laws.random_specs import draw_pair
from tests.transforms.changed import changed

MOST_STEPS = 4
# What moves axes of one entry though each stands where it is required: the planner does not ask it then.
RESTLESS = {"transpose"}


def draw_any(random):
    pair = forget(random, draw(random))
    return random.choice(((pair.provided, pair.required), draw_pair(random), draw_odd_names(random)))


def specs_on_the_way(random):
    """Specs that steps lead to toward a required one, with what is proposed for each."""
    spec, required = draw_any(random)
    for _ in range(MOST_STEPS):
        if None in (spec.dtype, required.dtype):
            return
        steps = [step for one in BY_NAME.values() for step in one.propose(spec, required)]
        yield spec, required, steps
        if not steps:
            return
        spec = random.choice(steps).result


def test_a_step_changes_what_its_transform_writes_and_settles_a_difference():
    seen: Counter[str] = Counter()

    def law(random):
        for spec, required, steps in specs_on_the_way(random):
            differing = differences(spec, required)
            for step in steps:
                one = BY_NAME[step.transform]
                seen[step.transform] += 1
                told = f"{spec} {spec.facts.known()} -> {required} {required.facts.known()}: {step}"
                # What follows from other coordinates is theirs.
                assert changed(spec, step.result) - {*PARTS} <= one.WRITES, told
                assert getattr(one, "TAKES", frozenset()) <= forms_of(spec), told
                assert getattr(one, "MEETS", frozenset()) <= forms_of(required), told
                is_needed = bool(differing & one.SETTLES) or step.transform in BY_PERMISSION
                assert is_needed or step.transform in RESTLESS, told

    hold(law, usual=400, full=40_000)
    assert len(seen) > len(BY_NAME) / 2


def test_nothing_changes_the_kind_of_a_pair_whose_layout_and_values_are_two_questions():
    seen: Counter[bool] = Counter()

    def law(random):
        is_apart = None
        for spec, required, steps in specs_on_the_way(random):
            is_apart = is_separable(spec, required) if is_apart is None else is_apart
            seen[is_apart] += 1
            kept = {one.NAME for one in keeping_kind(CATALOG)}
            told = f"{spec} {spec.facts.known()} -> {required} {required.facts.known()}"
            assert not is_apart or {step.transform for step in steps} <= kept, told

    hold(law, usual=400, full=40_000)
    assert len(seen) == len({True, False})


def as_converted(spec):
    """The layout of a spec of numbers of which nothing is known."""
    facts = spec.facts
    return spec.replace(
        dtype="float32", facts=Facts(axes=facts.axes, channel_order=facts.channel_order, meaning=facts.meaning)
    )


def test_what_waits_for_no_value_proposes_the_same_once_values_are_converted():
    seen: Counter[str] = Counter()
    layout = parted(keeping_kind(CATALOG))

    def law(random):
        is_apart = None
        for spec, required, _ in specs_on_the_way(random):
            is_apart = is_separable(spec, required) if is_apart is None else is_apart
            # What an axis may be once it is converted, and what is read of text, is another question.
            if not is_apart or spec.kind != "dense" or spec.facts.padding is not None or spec.dtype not in ORDERED:
                return
            waiting = layout.reading_numbers if axes_of_numbers(spec) else layout.reading
            for one in layout.layout:
                if one in waiting or one.NAME in BY_PERMISSION:
                    continue
                now, then = one.propose(spec, required), one.propose(as_converted(spec), as_converted(required))
                told = f"{one.NAME}: {spec} {spec.facts.known()} -> {required} {required.facts.known()}"
                assert [str(step) for step in now] == [str(step) for step in then], told
                seen[one.NAME] += 1

    hold(law, usual=400, full=10_000)
    assert {"transpose", "expand_dims", "reshape"} <= seen.keys()


def test_what_keeps_axes_keeps_each_whole():
    seen: Counter[str] = Counter()

    def law(random):
        for spec, required, steps in specs_on_the_way(random):
            for step in steps:
                if getattr(BY_NAME[step.transform], "KEEPS_AXES", False):
                    seen[step.transform] += 1
                    kept = {group[0] for group in step.layout if len(group) == 1}
                    assert kept == {Atom(axis) for axis in range(spec.rank)}, f"{spec} -> {required}: {step}"

    hold(law, usual=200, full=20_000)
    assert len(seen) > 1


def test_what_proposes_nothing_does_so_where_a_step_touches_nothing_that_it_reads():
    seen: Counter[str] = Counter()

    def law(random):
        for spec, required, steps in specs_on_the_way(random):
            for step in steps:
                if {spec.facts.boxes, required.facts.boxes} != {None}:
                    continue
                proposals = Proposals(required)
                list(proposals.of(spec, CATALOG, Policy()))
                proposals.follow(spec, step)
                for one in proposals.silent(step.result):
                    seen[one.NAME] += 1
                    what = f"{spec} {spec.facts.known()} -> {required} {required.facts.known()}: {step}, {one.NAME}"
                    assert proposed(one, step.result, required) == [], what

    hold(law, usual=200, full=40_000)
    # Those of which nothing is known to begin with are asked first.
    assert len(seen) > len(BY_NAME) / 4


def test_what_a_transform_does_not_read_changes_none_of_its_proposals():
    seen: Counter[str] = Counter()

    def law(random):
        for spec, required, _ in specs_on_the_way(random):
            coordinate = random.choice(list(READINGS))
            other = perturb(random, spec, coordinate) if random.random() < 0.7 else spec
            aim = perturb(random, required, coordinate) if random.random() < 0.7 else required
            if other is None or aim is None:
                continue
            for name, one in BY_NAME.items():
                if is_read(one, coordinate):
                    continue
                seen[coordinate] += 1
                told = f"{name} reads {coordinate}: {spec} {spec.facts.known()} -> {required} {required.facts.known()}"
                assert proposed(one, spec, required) == proposed(one, other, aim), f"{told}; {other} -> {aim}"

    hold(law, usual=400, full=40_000)
    assert len(seen) > len(READINGS) / 2
