"""TFDS: what an example of a data set holds, as `tfds.load` gives it: one example, without a batch.

Names are those that a `tf.data.Dataset` of it has: the last key of each tensor.
"""

from __future__ import annotations

from sigcheck.encodings.json_message import parse_json_message
from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.readers.tfds.feature import read_feature
from sigcheck.readers.tfds.messages import TFDS
from sigcheck.readers.tfds.recognize import FEATURES, INFO, NAME
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.signature import Endpoint, Model, Note, Signature


def read(source: Source) -> Model:
    """The signature under the key `default`, without inputs. Raises ValueError or KeyError where a file is broken."""
    leaves = list(read_feature(_features(source)))
    if not leaves:
        raise ValueError("no features")
    names = distinct_names(leaf.path[-1] if leaf.path else "output_0" for leaf in leaves)
    ends = tuple(Endpoint(name=name, spec=leaf.spec) for name, leaf in zip(names, leaves, strict=True))
    notes = tuple(
        Note(place=name, message=leaf.problem)
        for name, leaf in zip(names, leaves, strict=True)
        if leaf.problem is not None
    )
    return Model(source=source.text, reader=NAME, signatures=(Signature(outputs=ends),), notes=notes)


def _features(source: Source) -> Message:
    """The features that the source says, or the file beside it does."""
    if source.path.name == INFO and not source.is_directory:
        with source.content() as content:
            written = parse_json_message("DatasetInfo", content, TFDS)
        own: Message | None = written.get("features")
        if own:
            return own
    folder = source if source.is_directory else source.folder()
    beside = source.path.name == INFO or source.is_directory
    file = source if not beside else folder.child(FEATURES) if folder is not None else None
    if file is None:
        raise ValueError(f"no {FEATURES} beside it")
    with file.content() as content:
        return parse_json_message("Feature", content, TFDS)
