"""Kept match: what feeds what, as the cache holds it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sigcheck.planning.batch import Unshared
from sigcheck.planning.fans import Unjoined
from sigcheck.planning.matching import Match
from sigcheck.planning.row_places import Misplaced
from sigcheck.schema.junction import Junction
from sigcheck.schema.plan import Atom, Plan, Step
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint

# Costs are computed from steps, and specs are those of the endpoints: neither is kept.
_PLAN = {"cost"}
_PLANS = {"__all__": _PLAN}
_NOT_KEPT: Any = {
    "provided_spec": True,
    "required_spec": True,
    "plan": _PLAN,
    "nearest": _PLAN,
    "candidates": _PLANS,
    "alternatives": _PLANS,
}
_NOT_KEPT["parts"] = {"__all__": {name: kept for name, kept in _NOT_KEPT.items() if name != "required_spec"}}


def keep(match: Match) -> dict[str, Any]:
    """What JSON can hold of a match, and `restore` takes."""
    return {
        "bindings": [binding.model_dump(mode="json", exclude=_NOT_KEPT) for binding in match.bindings],
        # No report has them, but sizes are followed by them: without, what is demanded of sizes would be lost.
        "courses": [
            [(step.layout, step.reach, _unwritten(step)) for step in _all_steps(binding)] for binding in match.bindings
        ],
        "missing": [endpoint.name for endpoint in match.missing],
        "unused": [endpoint.name for endpoint in match.unused],
        "ambiguous": match.ambiguous,
        "contested": match.contested,
        "unjoined": [
            {
                "outputs": [endpoint.name for endpoint in one.outputs],
                "inputs": [endpoint.name for endpoint in one.inputs],
                "ways": [way.model_dump(mode="json") for way in one.ways],
                "problem": one.problem,
                "cure": one.cure,
            }
            for one in match.unjoined
        ],
        "unshared": [
            {**one._asdict(), "guard": None if one.guard is None else one.guard.model_dump(mode="json")}
            for one in match.unshared
        ],
        "misplaced": [one._asdict() for one in match.misplaced],
    }


def restore(kept: Any, outputs: tuple[Endpoint, ...], inputs: tuple[Endpoint, ...]) -> Match:
    """The match that was kept, of these endpoints.

    Raises ValidationError, KeyError, TypeError or ValueError where it is broken, or of others.
    """
    by_output, by_input = ({one.name: one for one in side} for side in (outputs, inputs))
    return Match(
        bindings=tuple(
            _with_courses(_binding(one, by_output, by_input), courses)
            for one, courses in zip(kept["bindings"], kept["courses"], strict=True)
        ),
        missing=tuple(by_input[name] for name in kept["missing"]),
        unused=tuple(by_output[name] for name in kept["unused"]),
        ambiguous=tuple((name, tuple(names)) for name, names in kept["ambiguous"]),
        contested=tuple((name, tuple(names)) for name, names in kept["contested"]),
        unjoined=tuple(
            Unjoined(
                outputs=tuple(by_output[name] for name in one["outputs"]),
                inputs=tuple(by_input[name] for name in one["inputs"]),
                ways=tuple(Junction.model_validate(way) for way in one["ways"]),
                problem=one["problem"],
                cure=one["cure"],
            )
            for one in kept["unjoined"]
        ),
        unshared=tuple(
            Unshared(**_beside_others(one, by_input))._replace(
                guard=None if one["guard"] is None else Step.model_validate(one["guard"])
            )
            for one in kept["unshared"]
        ),
        misplaced=tuple(Misplaced(**_beside_others(one, by_input)) for one in kept["misplaced"]),
    )


def _beside_others(kept: Any, by_input: Mapping[str, Endpoint]) -> dict[str, Any]:
    """The fields of what is told of an input beside others, whose lists JSON has for tuples."""
    return {**kept, "required": by_input[kept["required"]].name, "others": tuple(kept["others"])}


def _unwritten(step: Step) -> dict[str, str]:
    """The arguments that JSON has no number for, as of rows that are filled with NaN."""
    return {
        name: str(value)
        for name, value in step.arguments.items()
        if isinstance(value, float) and not math.isfinite(value)
    }


def _all_steps(binding: Binding) -> list[Step]:
    """Every step of it, of plans that nobody chose, too: what is told of a binding is told by their layouts as well."""
    plans = (binding.plan, binding.nearest, *binding.candidates, *binding.alternatives)
    return [
        *(step for part in binding.parts for step in _all_steps(part)),
        *(() if binding.junction is None else (binding.junction,)),
        *(step for plan in plans if plan is not None for step in plan.steps),
    ]


def _with_courses(binding: Binding, courses: Sequence[Any]) -> Binding:
    """The binding with what JSON has not of each of its steps, in the order of `_all_steps`."""
    if len(_all_steps(binding)) != len(courses):
        raise ValueError(f"{len(courses)} courses of other steps")
    return _courses_taken(binding, iter(courses))


def _courses_taken(binding: Binding, left: Iterator[Any]) -> Binding:
    def plan(one: Plan | None) -> Plan | None:
        return None if one is None else Plan(steps=tuple(map(step, one.steps)))

    def step(one: Step) -> Step:
        layout, reach, unwritten = next(left)
        found = None if layout is None else tuple(tuple(Atom(*atom) for atom in axis) for axis in layout)
        arguments = {**one.arguments, **{name: float(value) for name, value in unwritten.items()}}
        return one.model_copy(update={"layout": found, "reach": reach, "arguments": arguments})

    return binding.model_copy(
        update={
            "parts": tuple(_courses_taken(part, left) for part in binding.parts),
            "junction": None if binding.junction is None else step(binding.junction),
            "plan": plan(binding.plan),
            "nearest": plan(binding.nearest),
            "candidates": tuple(map(plan, binding.candidates)),
            "alternatives": tuple(map(plan, binding.alternatives)),
        }
    )


def _binding(kept: Any, by_output: Mapping[str, Endpoint], by_input: Mapping[str, Endpoint]) -> Binding:
    joined = kept.get("junction")
    parts = [{**part, "provided_spec": by_output[part["provided"]].spec} for part in kept.get("parts", ())]
    return Binding.model_validate(
        {
            **kept,
            "parts": parts,
            "provided_spec": by_output[kept["provided"]].spec if joined is None else joined["result"],
            "required_spec": by_input[kept["required"]].spec,
        }
    )
