"""The signature of a model against the one that a test writes down."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sigcheck import api
from sigcheck.readers.live.notation import read_specs
from sigcheck.reports.parts.page import printable
from sigcheck.schema.errors import UsageError
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.testing.failure_text import mark_difference

_SIDES = ("inputs", "outputs")


def assert_signature(model: object, expected: Mapping[str, Mapping[str, Any]], *, key: str | None = None) -> None:
    """Asserts that a model takes and gives exactly what is written down.

        assert_signature("encoder", {"inputs": {"x": "float32[?, 224, 224, 3]"}, "outputs": {...}})

    A side that is left out is not compared, and of facts only those that are written down are.
    Specs are compared as they stand: an unknown size is not a known one. The order of names
    does not count.

    Raises AssertionError with each difference, and the signature as it is to paste; UsageError
    where `expected` is no signature; SourceError where the model cannot be read.
    """
    __tracebackhide__ = True
    if not isinstance(expected, Mapping) or not expected or set(expected) - set(_SIDES):
        raise UsageError("expected", f"found {expected!r}, expected 'inputs' or 'outputs' or both. Name them.")
    read = api.read(model, key=key)
    signature = select_signature(read)
    differences: list[str] = []
    for side in _SIDES:
        if side in expected:
            lines = list(_differences(read_specs(expected[side]), getattr(signature, side)))
            differences += [side, *(f"  {line}" for line in lines)] if lines else []
    if not differences:
        return
    headline = f"{printable(read.source)}#{printable(signature.key)} has another signature than expected"
    actual = _pasted({side: getattr(signature, side) for side in _SIDES if side in expected})
    raise AssertionError("\n".join([headline, "", *differences, "", "as it is, to paste:", "", *actual]))


def _differences(expected: Sequence[Endpoint], found: Sequence[Endpoint]) -> Iterator[str]:
    ours = {endpoint.name: endpoint.spec for endpoint in found}
    wanted = {endpoint.name: endpoint.spec for endpoint in expected}
    for name, spec in wanted.items():
        if name not in ours:
            yield f"missing     {printable(name)}: {spec}"
            continue
        # Of facts, those that are written down are compared.
        facts, head = spec.facts.known(), printable(name)
        wanted_text, found_text = spec_text(spec, facts), spec_text(ours[name], facts)
        if wanted_text != found_text:
            yield from mark_difference(f"expected    {head}: ", wanted_text, f"found       {head}: ", found_text)
    for name, spec in ours.items():
        if name not in wanted:
            yield f"unexpected  {printable(name)}: {spec}"


def spec_text(spec: TensorSpec, facts: Iterable[str]) -> str:
    """The spec with these of its facts, and with the row splits where they are not int64, as is usual."""
    known = spec.facts.model_dump(mode="json")
    told = [f"{name}={json.dumps(known.get(name), ensure_ascii=False)}" for name in facts]
    splits = [f"row_splits={spec.row_splits_dtype}"] if spec.row_splits_dtype == "int32" else []
    return " ".join([str(spec), *splits, *told])


def _pasted(sides: Mapping[str, Sequence[Endpoint]]) -> Iterator[str]:
    yield "    {"
    for side, endpoints in sides.items():
        yield f'        "{side}": {{'
        yield from (f'            {_literal(one.name)}: "{one.spec}",' for one in endpoints)
        yield "        },"
    yield "    }"


def _literal(name: str) -> str:
    return f'"{name}"' if name.isprintable() and '"' not in name and "\\" not in name else ascii(name)
