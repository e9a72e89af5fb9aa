"""Certification: what was proved of an adapter file, written beside it, and proved again when asked."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sigcheck.api import draft_pair
from sigcheck.encodings.confined import is_within
from sigcheck.encodings.files import LocalFiles
from sigcheck.encodings.json_bytes import check_json
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.encodings.source import Source
from sigcheck.encodings.whole_file import read_whole
from sigcheck.planning.chosen import choose_again
from sigcheck.planning.declaration import Declared
from sigcheck.schema.address import masked
from sigcheck.schema.budget import bounded
from sigcheck.schema.certificate import Certificate, CertifiedSide, Change, Recheck
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.junction import Bind
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.report import Failure, Verification
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.stages.draft import Draft
from sigcheck.stages.read import read_one_signature
from sigcheck.stages.runnable import add_models
from sigcheck.stages.verify import DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from sigcheck.verification.job import Job, WorkerLevel

SUFFIX = ".certificate.json"
COUNTEREXAMPLE_SUFFIX = ".counterexample.npz"
# An adapter is a few kilobytes, a certificate some more.
MAX_BYTES = 4 * 2**20
# For each value that is of no field pydantic keeps some kilobytes.
_STEPS = 40_000
# Said of an adapter that is no text of sigcheck's own.
_FOREIGN = "it is not what sigcheck writes for these models, but somebody's program"
# What results depend on, as their distributions are called.
_DISTRIBUTIONS = {
    "sigcheck": ("sigcheck",),
    "numpy": ("numpy",),
    "tensorflow": ("tensorflow", "tensorflow-cpu", "tf-nightly", "tensorflow-macos", "tensorflow-intel"),
    "keras": ("keras",),
}


# The producers and the consumer of an adapter, as they were named, or opened already.
Named = tuple[Sequence[str | Source], str | Source]


def certificate_path(adapter: Path) -> Path:
    """Where the certificate of an adapter file stands: `scale.certificate.json` beside `scale.py`."""
    return adapter.with_name(adapter.stem + SUFFIX)


@dataclass(frozen=True)
class Terms:
    """What a check was told besides its models: with it the same check can be made again."""

    policy: Policy = DEFAULT_POLICY
    facts: Mapping[str, Declared] = field(default_factory=dict)
    bind: Bind = field(default_factory=dict)
    # The steps to each input, where an example decided them.
    plans: Mapping[str, str] = field(default_factory=dict)
    load: bool = False
    infer: bool = True


def certify(proof: Verification, adapter: Path, text: str, sources: Named, terms: Terms) -> str:
    """The certificate, as JSON, of an adapter that was proved; `text` is what its file holds.

    `sources` are the producers and the consumer as they were named or opened, `terms` those of the check.
    """
    producers, consumer = sources
    folder = adapter.parent
    certificate = Certificate(
        adapter=adapter.name,
        sha256=_digest(text),
        producers=tuple(_certified_side(one, folder, load=terms.load) for one in producers),
        consumer=_certified_side(consumer, folder, load=terms.load),
        bind=terms.bind,
        facts=terms.facts,
        policy=terms.policy,
        plans=terms.plans,
        load=terms.load,
        infer=terms.infer,
        **_proved(proof),
        versions=_versions(),
    )
    return write_certificate(certificate)


def write_certificate(certificate: Certificate) -> str:
    """The JSON of a certificate: the same one gives the same bytes."""
    return json.dumps(certificate.model_dump(mode="json"), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


@dataclass(frozen=True)
class Allowed:
    """What a person lets a recheck run. A certificate is a file like any other: it turns on nothing."""

    # Load the models by TensorFlow, where they were for the certificate.
    load: bool = False
    # Run the models, where they were for the certificate.
    run_models: bool = False
    # Run an adapter that sigcheck did not write.
    run_adapter: bool = False
    # Open models by an address, or outside the folder of the project.
    permission: Permission = NO_PERMISSION
    # The folder of the project: unless given the current one, or that of the adapter where it lies elsewhere.
    root: Path | None = None

    def open(self, source: str, adapter: Path) -> Source:
        """The source that the certificate beside an adapter names. Raises SourceError where it may not be opened."""
        folder = adapter.parent
        root = self.root or (Path() if adapter.absolute().is_relative_to(Path.cwd()) else folder)
        return self.permission.source(folder, source, root)


NOTHING = Allowed()


def verify_adapter(
    adapter: Path, *, timeout: float = DEFAULT_TIMEOUT, allowed: Allowed = NOTHING
) -> tuple[Recheck, Certificate]:
    """Proves an adapter file again, as its certificate says, and finds what changed.

    Gives the answer and the certificate that would hold now; it is worth writing only where the
    proof has no failure. `timeout` is in seconds. An adapter that is not byte for byte what
    sigcheck writes for the models is not run unless that is allowed. Raises SourceError where the
    file, its certificate or a model cannot be read, and UsageError where the certificate wants
    models loaded or run and that is not allowed.
    """
    text, certificate = _read(adapter), _read_certificate(certificate_path(adapter))
    _require(certificate, adapter, allowed)
    draft = _plan(certificate, adapter, allowed)
    is_own = _is_written(draft, text)
    if is_own or allowed.run_adapter or not draft.has_adapter:
        proof = _prove(certificate, draft, text, timeout, is_own=is_own)
    else:
        proof = Verification(level="typed", reason=f"{_FOREIGN}, and was not run. Run it with --run-adapter")
    now = certificate.model_copy(
        update={
            "sha256": _digest(text),
            "producers": tuple(
                _read_again(side, adapter, allowed, load=certificate.load) for side in certificate.producers
            ),
            "consumer": _read_again(certificate.consumer, adapter, allowed, load=certificate.load),
            "versions": _versions(),
            **_proved(proof),
        }
    )
    changes = (*_changes(certificate, now, draft, proof), *_left_out(certificate, draft, adapter, allowed))
    if draft.has_adapter and not is_own and not any(change.what == "adapter" for change in changes):
        changes = (Change(what="adapter", level="note", message=_FOREIGN), *changes)
    recheck = Recheck(
        adapter=str(adapter),
        certified=certificate.level,
        certified_cases=certificate.cases,
        verification=proof,
        changes=changes,
    )
    return recheck, now


def verify_case(adapter: Path, case: Path, *, timeout: float = DEFAULT_TIMEOUT, allowed: Allowed = NOTHING) -> Recheck:
    """Runs an adapter file on the tensors of one counterexample.

    Raises as `verify_adapter` does, and UsageError for an adapter that is not to be run.
    """
    from sigcheck.verification.counterexample import unpack
    from sigcheck.verification.verify import verify

    text, certificate = _read(adapter), _read_certificate(certificate_path(adapter))
    packed = _read_bytes(case, "a counterexample")
    # No model is run on a case.
    _require(certificate, adapter, replace(allowed, run_models=True))
    draft = _plan(certificate.model_copy(update={"level": "executed"}), adapter, allowed)
    if not draft.has_adapter:
        raise UsageError(str(adapter), f"the models no longer fit: {draft.verdict}. See `sigcheck check`.")
    is_own = _is_written(draft, text)
    if not is_own and not allowed.run_adapter:
        raise UsageError(str(adapter), f"{_FOREIGN}. Run it with --run-adapter.")
    job = _job(draft, text, is_own=is_own, case=base64.b64encode(packed).decode("ascii"))
    # A wrong archive is told here, before a process is started for it.
    unpack(str(case), packed, job.used)
    (proof,) = verify([job], "executed", timeout)
    return Recheck(
        adapter=str(adapter),
        certified=certificate.level,
        certified_cases=certificate.cases,
        verification=proof,
        changes=tuple(_failed(failure) for failure in proof.failures),
    )


def counterexample_of(proof: Verification) -> bytes | None:
    """The archive of the first counterexample of a proof; None where it has none."""
    for failure in proof.failures:
        if failure.counterexample is not None and failure.counterexample.npz is not None:
            return base64.b64decode(failure.counterexample.npz)
    return None


def _require(certificate: Certificate, adapter: Path, allowed: Allowed) -> None:
    """Raises UsageError where the proof takes what the person did not allow."""
    place = str(certificate_path(adapter))
    if certificate.load and not allowed.load:
        raise UsageError(
            place, "its models were loaded by TensorFlow, which runs what is in them. Allow it with --load."
        )
    if certificate.level == "end_to_end" and not allowed.run_models:
        raise UsageError(place, "its models were run, and are programs. Allow it with --run-models.")


def _is_written(draft: Draft, text: str) -> bool:
    """Whether the file is what sigcheck writes for the models of today, byte for byte."""
    if not draft.has_adapter:
        return False
    from sigcheck.adapters.python_source import write_python
    from sigcheck.adapters.written import is_written

    return is_written(text, write_python(draft.producer, draft.consumer, draft.match.bindings))


def _left_out(certificate: Certificate, draft: Draft, adapter: Path, allowed: Allowed) -> Iterator[Change]:
    """What the graphs of the models would change, where the certificate was made without looking at them."""
    if certificate.infer:
        return
    seen = _plan(certificate.model_copy(update={"infer": True, "level": "typed"}), adapter, allowed)
    planned = {(one.provided, one.required, one.verdict, str(one.plan)) for one in draft.match.bindings}
    for one in seen.match.bindings:
        if (one.provided, one.required, one.verdict, str(one.plan)) not in planned:
            plan = "" if one.plan is None else f", {one.plan}"
            message = f"certified without what graphs show; with it: {one.verdict}{plan}"
            yield Change(what=one.required, level="note", message=message)


def _plan(certificate: Certificate, adapter: Path, allowed: Allowed) -> Draft:
    producers = [allowed.open(side.source, adapter) for side in certificate.producers]
    producer: object = producers if len(producers) > 1 else producers[0]
    consumer = allowed.open(certificate.consumer.source, adapter)
    draft = draft_pair(
        producer,
        consumer,
        names=certificate.bind,
        policy=certificate.policy,
        facts=certificate.facts,
        load=certificate.load,
        infer=certificate.infer,
    )
    if certificate.plans:
        draft = replace(draft, match=choose_again(draft.match, certificate.plans))
    if certificate.level == "end_to_end":
        draft = add_models(draft, producer, consumer, None, load=certificate.load)
    return draft


def _prove(certificate: Certificate, draft: Draft, text: str, timeout: float, *, is_own: bool) -> Verification:
    """What is proved of the file as it is now, against what its models need now."""
    if not draft.has_adapter:
        return Verification(level="typed", reason=f"the models no longer fit: {draft.verdict}")
    if certificate.level == "typed":
        return Verification(level="typed", reason="as certified")
    from sigcheck.verification.verify import verify

    level: WorkerLevel = "traced" if certificate.level == "traced" else "executed"
    (proof,) = verify([_job(draft, text, is_own=is_own)], level, timeout)
    return proof


def _job(draft: Draft, text: str, *, is_own: bool, case: str | None = None) -> Job:
    from sigcheck.verification.job import Job

    return Job(
        source=text,
        provided=draft.outputs,
        required=draft.inputs,
        bindings=draft.match.bindings,
        # Somebody's program may use what the plan did not.
        is_handwritten=not is_own,
        models=draft.models if case is None else None,
        case=case,
    )


def _changes(certificate: Certificate, now: Certificate, draft: Draft, proof: Verification) -> Iterator[Change]:
    if now.sha256 != certificate.sha256:
        yield Change(what="adapter", level="error", message="edited since it was certified")
    sides = zip((*certificate.producers, certificate.consumer), (*now.producers, now.consumer), strict=True)
    for old, new in sides:
        if old.sha256 != new.sha256:
            told = "; ".join(_differences(old.signature, new.signature)) or "its facts or parts changed"
            yield Change(what=old.source, level="error", message=f"other signature: {told}")
    yield from (_failed(failure) for failure in proof.failures)
    if not proof.failures and not proof.reaches(certificate.level):
        message = f"{proof.level} only, certified as {certificate.level}: {proof.reason or 'no reason is known'}"
        yield Change(what="level", level="error", message=message)
    elif not draft.has_adapter:
        yield Change(what="models", level="error", message=f"they no longer fit: {draft.verdict}")
    elif not proof.failures and proof.cases != certificate.cases:
        message = f"{proof.cases} cases, certified with {certificate.cases}"
        yield Change(what="cases", level="note", message=message)
    for name in sorted({*certificate.versions, *now.versions}):
        old_version, version = certificate.versions.get(name), now.versions.get(name)
        if old_version != version:
            message = f"{version or 'not installed'}, certified with {old_version or 'none'}"
            yield Change(what=name, level="note", message=message)


def _failed(failure: Failure) -> Change:
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


def _certified_side(source: str | Source, folder: Path, *, load: bool) -> CertifiedSide:
    reader, signature = read_one_signature(source, load=load)
    return _side(_relative(source, folder), reader, signature)


def _read_again(side: CertifiedSide, adapter: Path, allowed: Allowed, *, load: bool) -> CertifiedSide:
    reader, signature = read_one_signature(allowed.open(side.source, adapter), load=load)
    return _side(side.source, reader, signature)


def _side(source: str, reader: str, signature: Signature) -> CertifiedSide:
    written = json.dumps(signature.model_dump(mode="json"), sort_keys=True)
    return CertifiedSide(source=source, reader=reader, sha256=_digest(written), signature=signature)


def _relative(source: str | Source, folder: Path) -> str:
    """The source as it is found from the folder, on every machine that has both."""
    parsed = source if isinstance(source, Source) else Source.parse(source)
    if not isinstance(parsed.files, LocalFiles):
        return masked(parsed.text)
    try:
        path = Path(os.path.relpath(parsed.path, folder)).as_posix()
    except ValueError:
        # On Windows there is no way from one drive to another.
        path = Path(parsed.path).absolute().as_posix()
    return f"{path}#{parsed.selector}" if parsed.selector else path


def _proved(proof: Verification) -> dict[str, Any]:
    names = ("level", "cases", "reason", "max_abs_error", "max_rel_error", "sizes", "seeds")
    return {name: getattr(proof, name) for name in names}


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name, distributions in _DISTRIBUTIONS.items():
        for distribution in distributions:
            try:
                found[name] = version(distribution)
            except PackageNotFoundError:
                continue
            break
    return found


def _read_certificate(path: Path) -> Certificate:
    from pydantic import ValidationError

    if not os.path.exists(path):  # noqa: PTH110  # Path raises for names that are too long
        problem = "no certificate there, expected one beside the adapter. Write it with `sigcheck adapt ... -o FILE`."
        raise SourceError(str(path), problem)
    if not is_within(path.parent, path):
        raise SourceError(str(path), "a link out of its folder, expected a certificate. Put it there.")
    try:
        written = _read_bytes(path, "a certificate")
        with bounded(str(path), steps=_STEPS):
            check_json(written)
        certificate = Certificate.model_validate_json(written)
    except (ValidationError, RecursionError) as error:
        wrong = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "nested too deep"
        raise SourceError(str(path), f"no certificate: {wrong}. Write it again with `sigcheck adapt`.") from None
    if not certificate.producers:
        raise UsageError(str(path), "it names no producer, expected one. Write it again with `sigcheck adapt`.")
    return certificate


def _read(path: Path) -> str:
    try:
        # Git may check files out with CRLF, which is no edit.
        return _read_bytes(path, "an adapter").decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise SourceError(str(path), f"byte {error.start} is not UTF-8 text, expected Python. Check it.") from None


def _read_bytes(path: Path, what: str) -> bytes:
    try:
        return read_whole(path, MAX_BYTES, what)
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror}. Check the path.") from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
