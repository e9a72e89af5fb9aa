"""Writing: what was proved of an adapter file, for the file beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from sigcheck.certificates.content import certified_side, digest, proved
from sigcheck.certificates.terms import Terms
from sigcheck.certificates.versions import versions_now
from sigcheck.encodings.files import LocalFiles
from sigcheck.schema.address import masked
from sigcheck.schema.certificate import Certificate
from sigcheck.schema.report import Verification
from sigcheck.stages.read_source import ReadSource


def certify(proof: Verification, adapter: Path, text: str, sources: Sequence[ReadSource], terms: Terms) -> str:
    """The certificate, as JSON, of an adapter that was proved; `text` is what its file holds.

    `sources` are the producers and, last, the consumer that it stands between, `terms` those of the check.
    """
    *producers, consumer = sources
    folder = adapter.parent
    certificate = Certificate(
        adapter=adapter.name,
        sha256=digest(text),
        producers=tuple(certified_side(_relative(one, folder), one) for one in producers),
        consumer=certified_side(_relative(consumer, folder), consumer),
        earlier={name: certified_side(_relative(one, folder), one) for name, one in terms.earlier.items()},
        bind=terms.bind,
        facts=terms.facts,
        policy=terms.policy,
        plans=terms.plans,
        holds_where=terms.holds_where,
        map=terms.mapped,
        load=any(one.loading is not None for one in (*sources, *terms.earlier.values())),
        infer=terms.infer,
        **proved(proof),
        versions=versions_now(),
    )
    return write_certificate(certificate)


def write_certificate(certificate: Certificate) -> str:
    """The JSON of a certificate: the same one gives the same bytes."""
    return json.dumps(certificate.model_dump(mode="json"), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _relative(read: ReadSource, folder: Path) -> str:
    """The source as it is found from the folder, on every machine that has both."""
    file = read.file
    if file is None:
        return read.model.source
    if not isinstance(file.files, LocalFiles):
        return masked(file.text)
    try:
        path = Path(os.path.relpath(file.path, folder)).as_posix()
    except ValueError:
        # On Windows there is no way from one drive to another.
        path = Path(file.path).absolute().as_posix()
    return f"{path}#{file.selector}" if file.selector else path
