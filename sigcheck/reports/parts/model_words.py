"""Model words: what is known of a tensor of a model, as people read it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.inferred import CLUES
from sigcheck.schema.printable import printable
from sigcheck.schema.signature import Endpoint

# Below it every whole float prints all its digits.
_WHOLE_BELOW = 1e15


def tell_claims(endpoint: Endpoint) -> Iterator[tuple[str, str, str, str]]:
    """A row for each claim of the graph: the tensor, what is claimed, how sure, and why."""
    for claim in endpoint.inferred:
        value = "" if claim.value is True else f" {_told(claim.name, claim.model_dump(mode='json')['value'])}"
        name = claim.name.replace("_", " ") if claim.name in CLUES else claim.name
        yield printable(endpoint.name), printable(f"{name}{value}"), claim.tier, printable(claim.reason)


def tell_facts(facts: Facts) -> str:
    """`range [0, 1] (declared), meaning pixels`: each fact, and its origin where it is known."""
    if facts is NO_FACTS:
        return ""
    words = []
    for name, value in facts.model_dump(mode="json").items():
        if name != "origins":
            origin = f" ({facts.origins[name]})" if name in facts.origins else ""
            words.append(f"{name} {_told(name, value)}{origin}")
    return printable(", ".join(words))


def _told(name: str, value: object) -> str:
    """The value of a fact as messages write it; of features each has words of its own."""
    if name == "features" and isinstance(value, dict):
        return ", ".join(f"{feature} {words}" for feature, words in value.items())
    return _plain(value)


def _plain(value: object) -> str:
    """The value as messages write it: whole numbers whole, texts in lists quoted."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return " ".join(f"{name} {_plain(one)}" for name, one in value.items() if one is not None)
    if isinstance(value, list):
        # An axis without a name, as facts are declared; a size of which none is the least.
        gap = '"?"' if any(isinstance(one, str) for one in value) else "any"
        return f"[{', '.join(gap if one is None else _item(one) for one in value)}]"
    return _item(value)


def _item(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE_BELOW:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
