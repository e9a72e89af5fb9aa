"""What every transform must have and be: the spec it declares, its code and its reference agree."""

from __future__ import annotations

import doctest
import inspect
import json
import re
from math import isnan, prod
from random import Random

import pytest

from sigcheck.schema.cost import LOSSES
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import NO_FACTS, Padding
from sigcheck.schema.plan import Step
from sigcheck.transforms import BY_NAME, BY_PERMISSION, CATALOG, REDUCING
from sigcheck.transforms.parts.coordinates import READINGS
from tests.laws.perturbed_specs import PARTS, is_read, perturb, proposed
from tests.transforms.changed import changed

HEADINGS = ["## What it does", "## Example", "## What it loses or assumes"]

# Of the cases of any dtype there are many.
MOST_PERTURBED = 40

# A trace of this many steps is made in about a second.
STEPS_PER_TRACE = 64
GUARDED_STEPS_PER_TRACE = 4
# Each of them is traced once for every guard that is left out.
MOST_GUARDED_STEPS = 6


def test_steps_are_proposed_in_an_order_of_their_own():
    orders = [one.ORDER for one in CATALOG]
    assert orders == sorted(set(orders))


@pytest.mark.parametrize("name", BY_NAME)
def test_a_transform_is_named_as_its_file_and_has_its_cases(found, name):
    assert BY_NAME[name].__name__ == f"sigcheck.transforms.{name}"
    assert found(name)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_help_page_has_a_summary_its_headings_and_an_example_of_specs(name):
    page = inspect.getdoc(BY_NAME[name])
    assert page.lower().startswith(f"{name.replace('_', ' ')}: ")
    assert re.findall(r"^## .*$", page, re.MULTILINE) == HEADINGS
    example = page.partition("## Example\n")[2].partition("##")[0]
    assert re.search(r"\w\[.*\].* -> .*\w\[.*\]", example)
    assert example.startswith("    ")


@pytest.mark.parametrize("name", BY_NAME)
def test_the_examples_run(name):
    result = doctest.testmod(BY_NAME[name])
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", BY_NAME)
def test_a_cost_says_what_the_step_says(found, name):
    for _, _, step in found(name):
        cost = step.cost
        assert cost.steps == 1
        worst = "irreversible" if cost.irreversible else "truncating" if cost.truncating else "rounding"
        lost = worst if any((cost.irreversible, cost.truncating, cost.rounding)) else "exact"
        # What is permitted by name may lose what it says: nothing is charged for it.
        assert step.loss == lost or (name in BY_PERMISSION and LOSSES.index(step.loss) > LOSSES.index(lost)), step
        assert (step.assumption is None) == (cost.assumptions == 0), step
        assert (step.guard is None) == (cost.guards == 0), step
        assert cost.inventions == 0 or step.assumption is not None, step
        assert step.layout is None or step.loss == "exact", step


# What these make more of they compute from all values of the picture, or read from a file.
COMPUTED = {"decode_image", "resize"}


@pytest.mark.parametrize("name", BY_NAME)
def test_what_becomes_more_without_a_fact_is_made_up(found, name):
    for spec, required, _ in found(name):
        bare = spec.replace(facts=NO_FACTS), required.replace(facts=NO_FACTS)
        for step in BY_NAME[name].propose(*bare):
            is_more = prod(size or 1 for size in step.result.shape or ()) > prod(size or 1 for size in spec.shape or ())
            assert not is_more or step.is_inventing or name in COMPUTED or step.guard is not None, step


@pytest.mark.parametrize("name", BY_NAME)
def test_what_fills_rows_is_not_lost_where_both_sides_say_it(found, name):
    for spec, required, _ in found(name):
        # Rows of values; what adds them up has used their filling.
        if spec.kind != "dense" or (spec.rank or 0) <= 1 or name in REDUCING:
            continue
        ours, theirs = (
            one.replace(facts=one.facts.replace(padding=Padding(value="" if one.dtype == "string" else 0)))
            for one in (spec, required)
        )
        for step in BY_NAME[name].propose(ours, theirs):
            facts = step.result.facts
            is_of_rows = facts.meaning in {"lengths", "mask"} or step.result.rank != spec.rank
            assert is_of_rows or step.result.kind != "dense" or facts.padding is not None, step


@pytest.mark.parametrize("name", BY_NAME)
def test_a_result_is_a_valid_spec_and_no_step_stands_still(found, name):
    for spec, _, step in found(name):
        read = type(spec).model_validate(step.result.model_dump())
        # Equal values may still be written otherwise, as 0 and 0.0.
        assert (read, read.model_dump_json()) == (step.result, step.result.model_dump_json())
        assert step.result != spec, step


@pytest.mark.parametrize("name", BY_NAME)
def test_it_changes_what_it_says_and_reads_what_it_says(found, name):
    """The law of coordinates draws pairs of any kind: of a transform that few of them need, these are the pairs."""
    transform, random = BY_NAME[name], Random(name)
    steps = found(name)
    for spec, required, step in random.sample(steps, min(len(steps), MOST_PERTURBED)):
        assert changed(spec, step.result) - {*PARTS} <= transform.WRITES, step
        before = proposed(transform, spec, required)
        for coordinate in (one for one in READINGS if not is_read(transform, one)):
            other, aim = (perturb(random, one, coordinate) or one for one in (spec, required))
            for pair in ((other, required), (spec, aim), (other, aim)):
                assert proposed(transform, *pair) == before, f"{coordinate}: {spec} -> {required}; {pair}"


@pytest.mark.parametrize("name", BY_NAME)
def test_what_fits_is_left_alone(found, name):
    for _, required, _ in found(name):
        if required.dtype is not None and name not in BY_PERMISSION:
            assert list(BY_NAME[name].propose(required, required)) == [], required


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", BY_NAME)
def test_the_code_gives_the_declared_spec_and_the_values_of_the_reference(found, make_job, name, tmp_path, monkeypatch):
    from sigcheck.verification.prove import prove
    from sigcheck.verification.tensorflow_runner import TensorFlowRunner

    monkeypatch.chdir(tmp_path)
    steps = found(name)
    # Examples that are joined are other examples than those of the steps beside them.
    alone = [one for one in steps if one.step.is_inventing]
    guarded, free = (
        [one for one in steps if one not in alone and bool(one.step.guard) is has_guard] for has_guard in (True, False)
    )
    # A guard that refuses stops all that run with it: few share a trace.
    for part, size in ((free, STEPS_PER_TRACE), (guarded, GUARDED_STEPS_PER_TRACE), (alone, 1)):
        can_run = [one for one in part if has_values(one.spec)]
        for jobs, level in (([one for one in part if one not in can_run], "traced"), (can_run, "executed")):
            for start in range(0, len(jobs), size):
                batch = jobs[start : start + size]
                proof = prove(make_job(batch), level, BY_NAME, TensorFlowRunner())
                assert [(failure, *map(str, batch)) for failure in proof.failures] == []
                assert (proof.level, proof.reason) == (level, None)


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", BY_NAME)
def test_no_guard_of_the_code_can_be_left_out_unseen(found, make_job, name, tmp_path, monkeypatch):
    from sigcheck.verification.prove import prove
    from sigcheck.verification.tensorflow_runner import TensorFlowRunner

    monkeypatch.chdir(tmp_path)
    # One step of each kind: what a guard compares with differs by these.
    kinds = {
        (one.spec.kind, one.spec.dtype, one.step.result.dtype, one.spec.rank): one
        for one in found(name)
        if one.step.guard is not None and has_values(one.spec)
    }
    unseen = []
    for one in list(kinds.values())[:MOST_GUARDED_STEPS]:
        job = make_job([one])
        for left_out, source in without_one_guard(job.source, one.spec):
            proof = prove(job.model_copy(update={"source": source}), "executed", BY_NAME, TensorFlowRunner())
            if not proof.failures:
                unseen.append(f"{one.spec} {one.step}: {left_out}")
    assert unseen == []


def without_one_guard(source, spec):
    """The source without one of its assertions, or with one size of a guard left open that the spec does not know."""
    lines = source.split("\n")
    dtype = DTYPES[spec.dtype]
    for at, line in enumerate(lines):
        limit = re.search(r"assert_(greater|less)_equal\(.*tf.constant\((-?[0-9]+),", line)
        if limit and dtype.kind in {"int", "uint"} and int(limit[2]) in {dtype.lowest, dtype.highest}:
            # No value of the type can be beyond.
            continue
        if limit and limit[1] == "less" and "tf.cast(tf.cast(" in "".join(lines[at + 1 : at + 2]):
            # Where the cast back overflows, the processor decides whether the next assertion sees it.
            continue
        if "assert_non_negative(" in line and dtype.kind == "uint":
            continue
        if "tf.image.resize(" in line:
            # The size is made, and the guard is of what is known.
            continue
        if line.strip().startswith("tf.debugging.assert"):
            yield line.strip(), "\n".join([*lines[:at], *lines[at + 1 :]])
        for guard in re.finditer(r"tf\.ensure_shape\(.*, \[([^\]]*)\]\)", line):
            sizes = guard[1].split(", ")
            known = spec.shape if spec.shape is not None and len(spec.shape) == len(sizes) else [None] * len(sizes)
            for axis, size in enumerate(sizes):
                if size not in {"None", str(known[axis])}:
                    loose = ", ".join([*sizes[:axis], "None", *sizes[axis + 1 :]])
                    changed = f"{line[: guard.start(1)]}{loose}{line[guard.end(1) :]}"
                    yield f"axis {axis} of {line.strip()}", "\n".join([*lines[:at], changed, *lines[at + 1 :]])


def has_values(spec):
    from sigcheck.verification.element_values import value_kinds

    return bool(value_kinds(spec))


@pytest.mark.parametrize("name", BY_NAME)
def test_a_step_that_comes_back_from_the_cache_says_the_same(name, found):
    """As JSON has them its arguments are lists, which no key of a dict may be."""
    entry = BY_NAME[name]
    for spec, _, step in found(name):
        held = json.loads(json.dumps(step.model_dump(mode="json")))
        fillings = {name: value for name, value in step.arguments.items() if isinstance(value, float) and isnan(value)}
        apart = {"result": step.result, "layout": step.layout, "reach": step.reach}
        kept = Step.model_validate(held).model_copy(update=apart)
        kept.arguments.update(fillings)
        assert entry.emit(spec, kept, "x") == entry.emit(spec, step, "x")
        says = getattr(entry, "line_of", None)
        assert says is None or says(spec, kept) == says(spec, step)
