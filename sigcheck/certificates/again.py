"""Again: the check of a certificate, made with the models of today."""

from __future__ import annotations

from pathlib import Path

from sigcheck.api import draft_pair
from sigcheck.certificates.allowed import Allowed
from sigcheck.planning.chosen import choose_again
from sigcheck.schema.certificate import Certificate, CertifiedSide
from sigcheck.schema.loading import Loading
from sigcheck.schema.passed import Passed, in_scope, of_own_sizes
from sigcheck.schema.signature import Signature
from sigcheck.stages.draft import Draft
from sigcheck.stages.read_source import ReadSource, read_source

# Said of an adapter that is no text of sigcheck's own.
FOREIGN = "it is not what sigcheck writes for these models, but somebody's program"


def plan_again(certificate: Certificate, adapter: Path, allowed: Allowed) -> Draft:
    """What fits today, planned as it was for the certificate."""
    producers = [_read(side, certificate, adapter, allowed) for side in certificate.producers]
    producer: object = producers if len(producers) > 1 else producers[0]
    consumer = _read(certificate.consumer, certificate, adapter, allowed)
    draft = draft_pair(
        producer,
        consumer,
        names=certificate.bind,
        policy=certificate.policy,
        facts=certificate.facts,
        infer=certificate.infer,
        earlier=_passed(certificate, adapter, allowed, producer),
        mapped=certificate.map,
    )
    return draft.choosing(choose_again(draft.match, certificate.plans)) if certificate.plans else draft


def read_earlier(certificate: Certificate, adapter: Path, allowed: Allowed) -> dict[str, ReadSource]:
    """The models before the producer as they are today, by name. Raises as reading a source does."""
    return {name: _read(side, certificate, adapter, allowed) for name, side in certificate.earlier.items()}


def _passed(certificate: Certificate, adapter: Path, allowed: Allowed, producer: object) -> tuple[Passed, ...]:
    """What may be taken of models before the producer; their sizes are of calls that nobody makes here."""
    if not certificate.earlier:
        return ()
    given = producer.signature if isinstance(producer, ReadSource) else Signature()
    before = [(name, read.signature) for name, read in read_earlier(certificate, adapter, allowed).items()]
    return of_own_sizes(in_scope([*before, ("", given)]), len(before))


def _read(side: CertifiedSide, certificate: Certificate, adapter: Path, allowed: Allowed) -> ReadSource:
    """A model, loaded where it was for the certificate: modules are looked for in the folder of the project."""
    # Earlier ones say it of all models together.
    is_told = any(one.load for one in certificate.sides)
    written = side.load if is_told else certificate.load
    load = (
        written.model_copy(update={"root": str(allowed.folder(adapter))}) if isinstance(written, Loading) else written
    )
    return read_source(allowed.open(side.source, adapter), load=load)


def is_written_for(draft: Draft, text: str) -> bool:
    """Whether the file is what sigcheck writes for the models of today, byte for byte."""
    if not draft.has_adapter:
        return False
    from sigcheck.adapters.python_source import write_python
    from sigcheck.adapters.written import is_written

    return is_written(text, write_python(draft.producer, draft.consumer, draft.match.bindings, rows=draft.rows))
