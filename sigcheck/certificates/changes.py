"""Changes between what a certificate says and what holds now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sigcheck.schema.certificate import Certificate, Change
from sigcheck.schema.report import Failure, Verification
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.stages.draft import Draft


def find_changes(certificate: Certificate, now: Certificate, draft: Draft, proof: Verification) -> Iterator[Change]:
    """Yields what differs from the certificate: the file, the models, the proof, the versions."""
    if now.sha256 != certificate.sha256:
        yield Change(what="adapter", level="error", message="edited since it was certified")
    for old, new in zip(certificate.sides, now.sides, strict=True):
        if old.sha256 != new.sha256:
            told = "; ".join(_differences(old.signature, new.signature)) or "its facts or parts changed"
            yield Change(what=old.source, level="error", message=f"other signature: {told}")
    yield from (tell_failure(failure) for failure in proof.failures)
    if not proof.failures and not proof.reaches(certificate.level):
        message = f"{proof.level} only, certified as {certificate.level}: {proof.reason or 'no reason is known'}"
        yield Change(what="level", level="error", message=message)
    elif not draft.has_adapter:
        yield Change(what="models", level="error", message=f"they no longer fit: {draft.verdict}")
    elif not proof.failures and proof.cases != certificate.cases:
        message = f"{proof.cases} cases, certified with {certificate.cases}"
        yield Change(what="cases", level="note", message=message)
    yield from _sizes(certificate.holds_where, now.holds_where)
    for name in sorted({*certificate.versions, *now.versions}):
        old_version, version = certificate.versions.get(name), now.versions.get(name)
        if old_version != version:
            message = f"{version or 'not installed'}, certified with {old_version or 'none'}"
            yield Change(what=name, level="note", message=message)


def _sizes(before: Sequence[str] | None, after: Sequence[str] | None) -> Iterator[Change]:
    """What is demanded of sizes that was not, and what is not any more; nothing where it was not looked at."""
    if before is None:
        return
    for one in after or ():
        if one not in before:
            yield Change(what="sizes", level="error", message=f"it holds where {one}, which was not certified")
    for one in before:
        if one not in (after or ()):
            yield Change(what="sizes", level="note", message=f"it holds whether {one} or not, as certified it did not")


def tell_failure(failure: Failure) -> Change:
    """A failure of the proof, in the words of a change."""
    tensors = failure.counterexample.tensors if failure.counterexample is not None else {}
    smallest = ", ".join(f"{name} = {text}" for name, text in tensors.items())
    message = f"{failure.case}: {failure.message}{f'; smallest: {smallest}' if smallest else ''}"
    return Change(what=failure.binding, level="error", message=message)


def _differences(old: Signature, new: Signature) -> Iterator[str]:
    if old.key != new.key:
        yield f"key {new.key!r}, was {old.key!r}"
    for side, before, after in (("input", old.inputs, new.inputs), ("output", old.outputs, new.outputs)):
        yield from _endpoint_differences(side, before, after)


def _endpoint_differences(side: str, before: Sequence[Endpoint], after: Sequence[Endpoint]) -> Iterator[str]:
    olds, news = ({one.name: one for one in side} for side in (before, after))
    yield from (f"no {side} {name!r} any more" for name in olds.keys() - news.keys())
    yield from (f"new {side} {news[name]}" for name in news.keys() - olds.keys())
    for name in olds.keys() & news.keys():
        if str(olds[name]) != str(news[name]):
            yield f"{side} {news[name]}, was {olds[name].spec}"
