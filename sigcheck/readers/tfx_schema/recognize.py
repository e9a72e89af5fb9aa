"""What is a schema of TFX: a text or a binary file that begins with a feature and says its type."""

from __future__ import annotations

import re

from sigcheck.encodings.content import Content
from sigcheck.encodings.source import Source
from sigcheck.encodings.wire import Span, scan

NAME = "tfx_schema"
# Before Triton, which looks for words in .pbtxt files, and the frozen graph, which takes all of them.
ORDER = 11
ACCEPTS = "a schema of TFX (schema.pbtxt)"

_TEXT = ".pbtxt"
_LOOKED_AT = 1 << 16
# The fields of a schema that hold messages; comments may stand before the first.
_BEGIN = (
    rb"(?:\s*#[^\n]*\n)*\s*(?:feature|sparse_feature|weighted_feature|string_domain|float_domain|int_domain|"
    rb"tensor_representation_group|default_environment|represent_variable_length_as_ragged)\s*[:{<\[]"
)
_FEATURE_TAG = 1 << 3 | 2
_NAME, _TYPE = 1, 6
_HIGHEST_TYPE = 4
# Of schema.proto: the fields of a schema, and of a feature.
_FIELDS = frozenset({1, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14})
_FEATURE_FIELDS = frozenset({*range(1, 12), *range(13, 39)} - {3, 4, 8})
_MOST_FIELDS = 10_000


def recognizes(source: Source) -> bool:
    """By its name, or by what its first feature has."""
    if source.is_directory:
        return False
    if source.path.name == "schema.pbtxt":
        return True
    if source.path.suffix == _TEXT:
        with source.content() as content:
            return re.match(_BEGIN, bytes(content[:_LOOKED_AT])) is not None
    if source.head[:1] != bytes([_FEATURE_TAG]):
        return False
    with source.content() as content:
        return _is_schema(content)


def is_text(source: Source) -> bool:
    """Whether it is a text, by its name: no byte tells one apart from a binary schema."""
    return source.path.suffix == _TEXT


def _is_schema(content: Content) -> bool:
    """Whether the first feature is one, and all that stands beside it may stand in a schema."""
    try:
        fields = scan(content)
        first = next(fields, None)
        if first is None or not isinstance(first.value, Span) or not _is_feature(content, first.value):
            return False
        return all(field.number in _FIELDS and count < _MOST_FIELDS for count, field in enumerate(fields))
    except ValueError:
        return False


def _is_feature(content: Content, span: Span) -> bool:
    fields = scan(content, span.start, span.end)
    name = next(fields, None)
    if name is None or name.number != _NAME or not isinstance(name.value, Span):
        return False
    has_type = False
    for count, field in enumerate(fields):
        if field.number not in _FEATURE_FIELDS or count > _MOST_FIELDS:
            return False
        if field.number == _TYPE:
            if not isinstance(field.value, int) or field.value > _HIGHEST_TYPE:
                return False
            has_type = True
    return has_type
