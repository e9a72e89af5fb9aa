"""One look at each function for what it is given shows what a look at each of its calls shows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from sigcheck.readers.graph_def import flatten
from sigcheck.schema.signature import Model, Signature
from tests.laws.function_graphs import write
from tests.laws.law import hold

# Calls of one function that are put in its place: all of them, or none.
_ALL, _NONE = 1_000_000, 0


def _told(path: str, most: int) -> Model:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flatten, "_MOST_CALLS_OF_ONE", most)
        return infer(Source.parse(path), read(path))


def _demanded(signature: Signature) -> set[frozenset[frozenset[str]]]:
    """What must hold, whichever of two sizes is named first."""
    clauses = (one.holds.split(" or ") for one in signature.constraints)
    return {frozenset(frozenset(clause.split(" == ")) for clause in each) for each in clauses}


def _law(random: Random, found: Counter[str]) -> None:
    with TemporaryDirectory() as folder:
        path = write(Path(folder), random)
        apart, shared = (_told(path, most) for most in (_ALL, _NONE))
    assert shared.notes == apart.notes == ()
    (one,), (other,) = shared.signatures, apart.signatures
    for ours, theirs in zip((*one.inputs, *one.outputs), (*other.inputs, *other.outputs), strict=True):
        assert (ours.name, ours.inferred, ours.sizes) == (theirs.name, theirs.inferred, theirs.sizes)
        found.update(claim.name for claim in ours.inferred)
    assert _demanded(one) == _demanded(other)
    found["constraints"] += len(one.constraints)


def test_a_function_is_looked_at_once_for_what_it_is_given():
    found: Counter[str] = Counter()
    hold(lambda random: _law(random, found), usual=200, full=20_000)
    # What is compared is there.
    assert min(found[name] for name in ("range", "meaning", "id_count", "constraints")) > 0
