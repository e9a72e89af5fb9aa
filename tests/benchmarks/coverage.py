"""What is found of what could be, in the published models of `tests.published`, as a table for docs/inference.md.

    python tests/benchmarks/coverage.py

Needs the package index once, and no TensorFlow. Every output of numbers could have a range, or the word
that it has no bound; every numeric input of rank 4 could have axes. How many softmaxes, ids and scalings
there are no one has counted: of these the found ones stand alone.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.signature import Endpoint, Signature
from tests.published import PACKAGES, fetch

CACHE = Path(__file__).parents[2] / ".pytest_cache" / "d" / "published"
_NUMBERS = frozenset({"float", "int", "uint"})
_PICTURE_RANK = 4


def main() -> int:
    CACHE.mkdir(parents=True, exist_ok=True)
    found: dict[str, Counter[str]] = {}
    models: Counter[str] = Counter()
    for package in PACKAGES:
        for path in fetch(package, CACHE):
            source = Source.parse(str(path))
            model = infer(source, read(str(path)))
            models[model.reader] += 1
            for signature in model.signatures:
                count(signature, found.setdefault(model.reader, Counter()))
    lines = [
        "| format | models | outputs bounded or linear | softmax | ids | axes of 4-D inputs | scaling |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for reader, counts in sorted(found.items()):
        cells = [f"{counts['told']} of {counts['outputs']}", *(str(counts[name] or "") for name in ("softmax", "ids"))]
        cells += [f"{counts['axes']} of {counts['pictures']}", str(counts["scaling"] or "")]
        lines.append(f"| {reader} | {models[reader]} | {' | '.join(cells)} |")
    print("\n".join(lines))  # noqa: T201  # a program that prints
    return 0


def count(signature: Signature, counts: Counter[str]) -> None:
    """Adds what one signature has and what is claimed of it."""
    for output in signature.outputs:
        claims = {claim.name for claim in output.inferred}
        counts["outputs"] += is_number(output)
        counts["told"] += is_number(output) and bool(claims & {"range", "linear"})
        counts["softmax"] += "meaning" in claims
        counts["ids"] += "id_count" in claims
    for one in signature.inputs:
        claims = {claim.name for claim in one.inferred}
        counts["pictures"] += is_number(one) and one.spec.rank == _PICTURE_RANK
        counts["axes"] += "axes" in claims
        counts["scaling"] += "range" in claims


def is_number(endpoint: Endpoint) -> bool:
    """Whether values of it have a range."""
    return endpoint.spec.dtype in DTYPES and DTYPES[endpoint.spec.dtype].kind in _NUMBERS


if __name__ == "__main__":
    sys.exit(main())
