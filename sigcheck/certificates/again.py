"""Again: the check of a certificate, made with the models of today."""

from __future__ import annotations

from pathlib import Path

from sigcheck.api import draft_pair
from sigcheck.certificates.allowed import Allowed
from sigcheck.planning.chosen import choose_again
from sigcheck.schema.certificate import Certificate
from sigcheck.stages.draft import Draft

# Said of an adapter that is no text of sigcheck's own.
FOREIGN = "it is not what sigcheck writes for these models, but somebody's program"


def plan_again(certificate: Certificate, adapter: Path, allowed: Allowed) -> Draft:
    """What fits today, planned as it was for the certificate."""
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
        mapped=certificate.map,
    )
    return draft.choosing(choose_again(draft.match, certificate.plans)) if certificate.plans else draft


def is_written_for(draft: Draft, text: str) -> bool:
    """Whether the file is what sigcheck writes for the models of today, byte for byte."""
    if not draft.has_adapter:
        return False
    from sigcheck.adapters.python_source import write_python
    from sigcheck.adapters.written import is_written

    return is_written(text, write_python(draft.producer, draft.consumer, draft.match.bindings, rows=draft.rows))
