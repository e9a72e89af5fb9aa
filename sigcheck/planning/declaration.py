"""Declaration: facts that the user states of outputs and inputs, put on their specs.

What is declared beats what was read or inferred of the same fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from sigcheck.planning.names import nearest
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import FACT_NAMES, Facts
from sigcheck.schema.signature import Endpoint

SIDES = ("producer", "consumer")

Declared = Mapping[str, Mapping[str, Any]]


def declare(endpoints: Sequence[Endpoint], side: str, facts: Declared) -> tuple[Endpoint, ...]:
    """The endpoints with these facts, `{name: {fact: value}}`, declared.

    Raises UsageError for a name or a fact that does not exist, and for a fact that contradicts
    itself, the dtype or the shape.
    """
    known = {endpoint.name: endpoint for endpoint in endpoints}
    for name in facts:
        if name not in known:
            kind = "output" if side == "producer" else "input"
            raise UsageError(f"{side}.{name}", f"the {side} has no {kind} {name!r}; {nearest(name, known)}")
    return tuple(_declared(endpoint, side, facts.get(endpoint.name, {})) for endpoint in endpoints)


def _declared(endpoint: Endpoint, side: str, facts: Mapping[str, Any]) -> Endpoint:
    if not facts:
        return endpoint
    place = f"{side}.{endpoint.name}"
    for fact in facts:
        if fact not in FACT_NAMES:
            raise UsageError(f"{place}.{fact}", f"no fact {fact!r}; {nearest(fact, FACT_NAMES)}")
    before = endpoint.spec.facts
    try:
        # Written as in a file: lists for tuples, dicts for values.
        new = Facts.model_validate({**facts, "origins": dict.fromkeys(facts, "declared")})
        merged = before.replace(
            **{fact: getattr(new, fact) for fact in facts}, origins={**before.origins, **new.origins}
        )
        return endpoint.model_copy(update={"spec": endpoint.spec.replace(facts=merged)})
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in (place, *problem["loc"]))
        said = problem["msg"].removeprefix("Value error, ").rstrip(".")
        raise UsageError(where, f"{said}, found {problem['input']!r:.80}. Correct the declaration.") from None
