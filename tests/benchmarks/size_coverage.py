"""What is said of the open sizes of the published models of `tests.published`, as a table for docs/inference.md.

    python tests/benchmarks/size_coverage.py

Needs the package index once, and no TensorFlow.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.sizes import walk as walking
from tests.published import PACKAGES, fetch
from tests.sizes.counted import Counted

CACHE = Path(__file__).parents[2] / ".pytest_cache" / "d" / "published"
_MOST_TOLD = 3


def open_axes(endpoints: tuple[Endpoint, ...]) -> tuple[int, int]:
    """How many axes are open, and how many of them are named or computed; one of unknown rank counts for one."""
    total = named = 0
    for one in endpoints:
        if one.spec.shape is None:
            total += 1
            named += one.sizes is not None and None not in one.sizes
            continue
        told = one.sizes or (None,) * len(one.spec.shape)
        total += sum(size is None for size in one.spec.shape)
        named += sum(size is None and said is not None for size, said in zip(one.spec.shape, told, strict=True))
    return total, named


def line(path: Path, signature: Signature) -> str:
    given, gives = open_axes(signature.inputs), open_axes(signature.outputs)
    constraints = [one.holds for one in signature.constraints]
    more = len(constraints) - _MOST_TOLD
    told = ", ".join(f"`{one}`" for one in constraints[:_MOST_TOLD]) + (f" and {more} more" if more > 0 else "")
    share = f"{100 * Counted.known / Counted.nodes:.0f} %" if Counted.nodes else ""
    lost = ", ".join(dict.fromkeys(one.partition(" at ")[0] for one in signature.unfollowed))
    return (
        f"| {path.name} | {signature.key} | {given[1]} of {given[0]} | {gives[1]} of {gives[0]} | {told} | "
        f"{share} | {lost} |"
    )


def main() -> int:
    CACHE.mkdir(parents=True, exist_ok=True)
    walking._Walk = Counted
    lines = [
        "| model | signature | inputs' open axes named | outputs' told | constraints | nodes known | lost at |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for package in PACKAGES:
        for path in fetch(package, CACHE):
            source, model = Source.parse(str(path)), read(str(path))
            for signature in model.signatures:
                Counted.nodes = Counted.known = 0
                (told,) = infer(source, model.model_copy(update={"signatures": (signature,)})).signatures
                if any(one.spec.shape is None or None in one.spec.shape for one in (*told.inputs, *told.outputs)):
                    lines.append(line(path, told))
    print("\n".join(lines))  # noqa: T201  # a program that prints
    return 0


if __name__ == "__main__":
    sys.exit(main())
