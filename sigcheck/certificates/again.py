"""Again: the check of a certificate, made with the models of today."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

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


class ModelsNow(NamedTuple):
    """The models of a certificate as they are today, each read once; those before the producer by name."""

    producers: list[ReadSource]
    consumer: ReadSource
    earlier: dict[str, ReadSource]


def read_again(certificate: Certificate, adapter: Path, allowed: Allowed) -> ModelsNow:
    """Reads what the certificate names. Raises as reading a source does."""
    producers = [_read(side, certificate, adapter, allowed) for side in certificate.producers]
    consumer = _read(certificate.consumer, certificate, adapter, allowed)
    earlier = {name: _read(side, certificate, adapter, allowed) for name, side in certificate.earlier.items()}
    return ModelsNow(producers, consumer, earlier)


def plan_again(certificate: Certificate, models: ModelsNow) -> Draft:
    """What fits today, planned as it was for the certificate."""
    producers = models.producers
    producer: object = producers if len(producers) > 1 else producers[0]
    draft = draft_pair(
        producer,
        models.consumer,
        names=certificate.bind,
        policy=certificate.policy,
        facts=certificate.facts,
        infer=certificate.infer,
        earlier=_passed(models.earlier, producer),
        mapped=certificate.map,
    )
    return draft.choosing(choose_again(draft.match, certificate.plans)) if certificate.plans else draft


def _passed(earlier: Mapping[str, ReadSource], producer: object) -> tuple[Passed, ...]:
    """What may be taken of models before the producer; their sizes are of calls that nobody makes here."""
    if not earlier:
        return ()
    given = producer.signature if isinstance(producer, ReadSource) else Signature()
    before = [(name, read.signature) for name, read in earlier.items()]
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
