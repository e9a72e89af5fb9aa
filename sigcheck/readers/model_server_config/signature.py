"""Model server config: of several models the signature of each that a request without one gets, under its name.

A model that is named, as in `models.config#encoder`, is read as the SavedModel that it is.
"""

from __future__ import annotations

from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.readers.model_server_config.models import find, located, read_configs
from sigcheck.readers.model_server_config.recognize import NAME
from sigcheck.schema.errors import SigcheckError
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Model, Note, Signature


def read(source: Source) -> Model:
    """The signatures by the names of the models. Raises ValueError or KeyError where the file is broken."""
    from sigcheck.readers import read_source

    meant = located(source)
    if meant is not None:
        return read_source(meant)
    signatures: list[Signature] = []
    notes: list[Note] = []
    for name, config in read_configs(source).items():
        found = _of_model(source, name, config)
        if isinstance(found, Note):
            notes.append(found)
        else:
            signatures.append(found)
    return Model(source=source.text, reader=NAME, signatures=tuple(signatures), notes=tuple(notes))


def _of_model(source: Source, name: str, config: Message) -> Signature | Note:
    from sigcheck.readers import read_source

    try:
        version = find(source, config).version(None)
        return select_signature(read_source(version)).model_copy(update={"key": name, "tags": ()})
    except (SigcheckError, ValueError) as error:
        return Note(place=name, message=f"not read: {error}")
