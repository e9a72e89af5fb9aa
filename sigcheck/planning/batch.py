"""Batch: whether the inputs of one consumer get one batch, as far as names and sizes say.

Each input is planned by itself. Where one of them takes three times the examples of another, every
call of the consumer fails, or broadcasts, though each plan alone is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from sigcheck.planning.meaning import meaning_of
from sigcheck.planning.search import Outcome
from sigcheck.schema.plan import Atom, Plan, Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.layout import batch_axis

if TYPE_CHECKING:
    from sigcheck.planning.row_places import Misplaced


class Unshared(NamedTuple):
    """An input that gets another batch than others do: in words, its own, and that of the others.

    `guard` is the step that refuses it, where its batch may be that of the others.
    """

    required: str
    own: str
    other: str
    others: tuple[str, ...]
    guard: Step | None = None


class OneBatch(NamedTuple):
    """Bindings with the searches behind them, and the inputs among them that get another batch than the others.

    `misplaced` are those whose rows come to lie elsewhere than those of others, or boxes beside their picture.
    """

    bindings: tuple[Binding, ...]
    outcomes: tuple[Outcome, ...]
    unshared: tuple[Unshared, ...]
    misplaced: tuple[Misplaced, ...] = ()


class _Batch(NamedTuple):
    """The examples that an input gets: so many, or so many for each that its output has.

    `times` is None where examples are joined with an axis of unknown size, or come from another axis.
    `is_required` says that the consumer itself asks for so many: inputs that it gives other sizes share none.
    `is_planned` is False of a candidate, which may be no plan.
    `name` is what the producer calls the axis that they come from: within one producer, axes of two names are two.
    """

    required: str
    told: str
    size: int | None = None
    is_made: bool = False
    times: int | None = 1
    name: str | None = None
    is_required: bool = False
    is_planned: bool = True

    @property
    def rank(self) -> tuple[bool, bool, int, bool, str, str]:
        """Which of two that are as common is the usual one: in which order the signature has them decides of equals."""
        is_called = self.name not in {None, "batch"}
        own = self.required if self.times is None else ""
        return not self.is_planned, self.is_made, -(self.size or 0), is_called, self.name or "", own


def find_unshared(bindings: Sequence[Binding]) -> tuple[Unshared, ...]:
    """The inputs that get another batch than the others, in the order of the bindings."""
    batches = [one for binding in bindings if (one := _batch_of(binding)) is not None]
    if len(batches) <= 1:
        return ()
    # What is passed on as it is comes first: then what most inputs get.
    common = Counter((one.size, one.times) for one in batches)
    usual = min(
        batches, key=lambda one: (one.size is not None or one.times != 1, -common[one.size, one.times], *one.rank)
    )
    others = tuple(one.required for one in batches if not _is_other(one, usual))
    return tuple(Unshared(one.required, one.told, usual.told, others) for one in batches if _is_other(one, usual))


def keep_one_batch(bindings: Sequence[Binding], outcomes: Sequence[Outcome], policy: Policy) -> OneBatch:
    """The same, those undecided whose batch is another than the others have, or whose rows, or boxes, lie elsewhere.

    An open batch beside a lone example that the producer gives is guarded to be one, where the policy lets it.
    """
    # An input alone has its batch to itself.
    has_others = len(bindings) > 1
    guards = _beside_one_example(bindings) if has_others and policy.guard else ()
    added = {one.required: one.guard for one in guards}
    bindings = [_guarded(binding, added.get(binding.required)) for binding in bindings]
    unshared = find_unshared(bindings) if has_others else ()
    misplaced = _find_misplaced(bindings) if has_others else ()
    names = {one.required for one in unshared} | {one.required for one in misplaced if not one.is_told}
    pairs = [
        undecided(binding, outcome)
        if binding.required in names and binding.plan is not None
        else (binding, _planned_as(outcome, binding))
        for binding, outcome in zip(bindings, outcomes, strict=True)
    ]
    kept, searched = (tuple(one) for one in zip(*pairs, strict=True)) if pairs else ((), ())
    return OneBatch(kept, searched, (*unshared, *guards), misplaced)


def _planned_as(outcome: Outcome, binding: Binding) -> Outcome:
    """The outcome with the plan of a binding, which a guard may have changed."""
    is_same = outcome.plan is binding.plan and outcome.verdict == binding.verdict
    return outcome if is_same else replace(outcome, verdict=binding.verdict, plan=binding.plan)


def _find_misplaced(bindings: Sequence[Binding]) -> tuple[Misplaced, ...]:
    if not any(binding.plan is not None and binding.steps for binding in bindings):
        return ()
    from sigcheck.planning.box_places import find_moved_boxes
    from sigcheck.planning.row_places import find_misplaced

    return (*find_misplaced(bindings), *find_moved_boxes(bindings))


def _beside_one_example(bindings: Sequence[Binding]) -> tuple[Unshared, ...]:
    """The inputs whose batch may be of any size, where each size that is known is one example of the producer."""
    batches = [(binding, one) for binding in bindings if (one := _batch_of(binding)) is not None]
    known = [one for _, one in batches if one.size is not None]
    if not known or any(one.size != 1 or one.is_made or one.is_required for one in known):
        return ()
    others = tuple(one.required for one in known)
    return tuple(
        Unshared(one.required, one.told, known[0].told, others, guard)
        for binding, one in batches
        if one.size is None and one.times == 1 and (guard := _guard_of(binding)) is not None
    )


def _guard_of(binding: Binding) -> Step | None:
    """The guard that there is one example, for the end of a plan; None where there is no plan, or no such guard."""
    axis, plan = shared_axis(binding.required_spec), binding.plan
    if axis is None or plan is None:
        return None
    end = plan.steps[-1].result if plan.steps else binding.provided_spec
    if end.shape is None:
        return None
    from sigcheck.transforms import ensure_shape

    one = end.replace_if_valid(shape=(*end.shape[:axis], 1, *end.shape[axis + 1 :]))
    return None if one is None else next(ensure_shape.propose(end, one), None)


def _guarded(binding: Binding, guard: Step | None) -> Binding:
    if guard is None or binding.plan is None:
        return binding
    made = binding.model_copy(update={"plan": Plan(steps=(*binding.plan.steps, guard))})
    return made.model_copy(update={"verdict": Plan(steps=made.steps).verdict})


def undecided(binding: Binding, outcome: Outcome) -> tuple[Binding, Outcome]:
    """The same with the plan, where there is one, as the candidate that it is."""
    candidates = binding.candidates if binding.plan is None else (binding.plan,)
    changed: dict[str, Any] = {"verdict": "undecided", "plan": None, "candidates": candidates}
    return binding.model_copy(update=changed), replace(outcome, **changed)


def _is_other(one: _Batch, usual: _Batch) -> bool:
    if one.size is not None and usual.size is not None:
        return one.size != usual.size and not (one.is_required and usual.is_required)
    if one.name is not None and usual.name is not None and one.name != usual.name:
        return True
    if one.size is None and usual.size is None:
        return one.times != usual.times or (one.times is None and one.required != usual.required)
    if one.is_made or usual.is_made:
        return True
    # A batch of any size is none of so many, but where a guard sees to it, or the consumer itself asks for both.
    return one.is_planned and usual.is_planned and not (one.is_required or usual.is_required)


def _batch_of(binding: Binding) -> _Batch | None:
    """The examples that the input gets; None where it has no batch, or no plan."""
    found = _examples_of(binding)
    return None if found is None else found._replace(is_planned=binding.plan is not None)


def _examples_of(binding: Binding) -> _Batch | None:
    axis = shared_axis(binding.required_spec)
    plan = binding.plan or (binding.candidates[0] if len(binding.candidates) == 1 else None)
    if axis is None or plan is None:
        return None
    provided = binding.provided_spec
    end = plan.steps[-1].result if plan.steps else provided
    name, joined = binding.provided, _joined_along(binding)
    if end.shape is not None and len(end.shape) > axis and end.shape[axis] is not None:
        size = end.shape[axis] or 0
        is_made = size == 1 and (provided.shape or ())[:1] != (1,) and axis == 0
        wanted = binding.required_spec.shape
        is_required = wanted is not None and wanted[axis] is not None
        told = "one example" if size == 1 else f"{size} examples"
        return _Batch(binding.required, told, size, is_made, is_required=is_required)
    if joined:
        return _Batch(binding.required, f"the examples of {name}", times=len(binding.parts))
    meaning = meaning_of(plan.steps, provided)
    if meaning is None or len(meaning.layout) <= axis:
        return _Batch(binding.required, f"the batch of {name}")
    return _followed(binding, provided, meaning.layout[axis])


def _followed(binding: Binding, provided: TensorSpec, group: tuple[Atom, ...]) -> _Batch:
    """The examples that an axis made of these parts of the axes of an output stands for."""
    name, own = binding.provided, batch_axis(provided)
    axes = provided.facts.axes
    if own is None and axes is not None and len(group) == 1 and (called := axes[group[0].axis]) is not None:
        # What is known to be within an example is no batch, and shares none.
        return _Batch(binding.required, f"the axis {called} of {name}", name=called)
    if own is None or not group:
        return _Batch(binding.required, f"the batch of {name}")
    if Atom(own) not in group:
        return _Batch(binding.required, f"axis {group[0].axis} of {name}", times=None)
    sizes = [(provided.shape or ())[one.axis] if one.size is None else one.size for one in group if one != Atom(own)]
    if not sizes:
        called = provided.facts.axes[own] if provided.facts.axes is not None else None
        told = f"the batch of {name}" if called in {None, "batch"} else f"the axis {called} of {name}"
        return _Batch(binding.required, told, name=called)
    if None in sizes:
        return _Batch(binding.required, f"the batch of {name} joined with its axis {group[-1].axis}", times=None)
    times = prod(size or 0 for size in sizes)
    return _Batch(binding.required, f"{times} times the batch of {name}", times=times)


def _joined_along(binding: Binding) -> bool:
    """Whether outputs are joined along their first axis."""
    return binding.junction is not None and len(binding.parts) > 1 and binding.junction.arguments.get("axis") == 0


def shared_axis(required: TensorSpec) -> int | None:
    """The axis that an input shares with the others: the one named batch, else the first that is open and unnamed.

    >>> from sigcheck.schema.notation import parse_spec
    >>> shared_axis(parse_spec("float32[?, 3]")), shared_axis(parse_spec("float32[3]"))
    (0, None)
    """
    axes, shape = required.facts.axes, required.shape
    if axes is not None and "batch" in axes:
        return axes.index("batch")
    is_open = bool(shape) and shape is not None and shape[0] is None
    return 0 if is_open and (axes is None or axes[0] is None) else None
