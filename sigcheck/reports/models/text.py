"""Text: the signatures of sources as tables, for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sigcheck.reports.parts.model_words import tell_claims, tell_facts
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.reports.parts.table import table
from sigcheck.schema.printable import printable, without_commands
from sigcheck.schema.signature import Endpoint, Model, Signature

NAME = "text"


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
    shown = [row for endpoint in (*signature.inputs, *signature.outputs) for row in tell_claims(endpoint)]
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


def _rows(side: str, endpoints: Iterable[Endpoint]) -> list[tuple[str, str, str, str]]:
    return [
        (
            f"{side}?" if endpoint.optional else side,
            printable(endpoint.name),
            printable(endpoint.sized_spec),
            tell_facts(endpoint.spec.facts),
        )
        for endpoint in endpoints
    ]
