"""Text: the signatures of sources as tables, for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.reports.parts.table import table
from sigcheck.schema.facts import Facts
from sigcheck.schema.inferred import CLUES
from sigcheck.schema.printable import printable, without_commands
from sigcheck.schema.signature import Endpoint, Model, Signature

NAME = "text"

# Below it every whole float prints all its digits.
_WHOLE_BELOW = 1e15


def render_models(models: Sequence[Model], page: Page = DEFAULT_PAGE) -> str:
    """A table for each signature of each source."""
    return without_commands("\n\n".join(_model(model, page) for model in models))


def _model(model: Model, page: Page) -> str:
    """The source and its reader, a table for each signature, and the reader's notes."""
    count = len(model.signatures)
    signatures = f"{count} signature{'' if count == 1 else 's'}"
    blocks = [
        page.wrap(f"{printable(model.source)} ({printable(model.reader)}, {signatures})", rest="  "),
        *(_signature(signature, page) for signature in model.signatures),
    ]
    if model.contradictions:
        found = (
            line
            for one in model.contradictions
            for line in page.wrap(printable(f"{one.place}: {one.message}"), first="  - ", rest="    ")
        )
        blocks.append([page.paint("contradicts the model that it speaks for", "bold"), *found])
    if model.notes:
        notes = (
            line
            for note in model.notes
            for line in page.wrap(printable(f"{note.place}: {note.message}"), first="  - ", rest="    ")
        )
        blocks.append([page.paint("notes", "bold"), *notes])
    return "\n\n".join("\n".join(block) for block in blocks)


def _signature(signature: Signature, page: Page) -> list[str]:
    tags = f" (tags {', '.join(map(printable, signature.tags))})" if signature.tags else ""
    head = f"{page.paint(printable(signature.key), 'bold')}{tags}"
    rows = [*_rows("input", signature.inputs), *_rows("output", signature.outputs)]
    if not rows:
        return [head, "  neither inputs nor outputs"]
    has_facts = any(row[3] for row in rows)
    header = ("", "name", "spec", "facts") if has_facts else ("", "name", "spec")
    listed = [head, *table(page, header, [row[: len(header)] for row in rows], indent="  ")]
    listed += _constraints(signature, page)
    shown = [row for endpoint in (*signature.inputs, *signature.outputs) for row in _inferred(endpoint)]
    return [*listed, "", *table(page, ("name", "inferred", "tier", "because"), shown, indent="  ")] if shown else listed


def _constraints(signature: Signature, page: Page) -> list[str]:
    """What must hold of the sizes, and below it where the graph demands it; last where they are followed no more."""
    behind = ", ".join(signature.unfollowed)
    lost = page.wrap(f"sizes are not followed behind {printable(behind)}", first="  ", rest="    ") if behind else []
    if not signature.constraints:
        return lost
    told = ", ".join(one.holds for one in signature.constraints)
    rows = [
        (one.holds if not at else "", one.tier if not at else "", printable(reason))
        for one in signature.constraints
        for at, reason in enumerate(one.because or ("",))
    ]
    where = page.wrap(f"where {printable(told)}", first="  ", rest="    ")
    if not any(one.because for one in signature.constraints):
        return [*where, *lost]
    return [
        *where,
        "",
        *table(page, ("holds", "tier", "because"), rows, indent="  "),
        *lost,
    ]


def _inferred(endpoint: Endpoint) -> Iterator[tuple[str, str, str, str]]:
    """A row for each claim of the graph."""
    for claim in endpoint.inferred:
        value = "" if claim.value is True else f" {_told(claim.name, claim.model_dump(mode='json')['value'])}"
        name = claim.name.replace("_", " ") if claim.name in CLUES else claim.name
        yield printable(endpoint.name), printable(f"{name}{value}"), claim.tier, printable(claim.reason)


def _rows(side: str, endpoints: Iterable[Endpoint]) -> list[tuple[str, str, str, str]]:
    return [
        (
            f"{side}?" if endpoint.optional else side,
            printable(endpoint.name),
            printable(endpoint.sized_spec),
            _facts(endpoint.spec.facts),
        )
        for endpoint in endpoints
    ]


def _facts(facts: Facts) -> str:
    """`range [0, 1] (declared), meaning pixels`: each fact, and its origin where it is known."""
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
