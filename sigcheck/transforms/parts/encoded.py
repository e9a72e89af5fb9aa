"""Encoded: strings that hold bytes, or text for bytes; a picture among them has three axes once it is decoded."""

from __future__ import annotations

from sigcheck.schema.meaning import RAW
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec

# Meanings of a string that is a text for bytes, and of one that is the bytes.
FORMS = frozenset({"base64", "base64_url"})
BYTES = frozenset(
    {"bytes", "encoded_image", "serialized_example", "serialized_sequence_example", "serialized_tensor", "wav", *RAW}
)
# Meanings of strings that pictures are decoded from, some after a step more.
FILES = frozenset({"encoded_image", *FORMS})
# What the axes of one picture are.
PICTURE_NAMES = ("height", "width", "channel")
PICTURE_RANK = len(PICTURE_NAMES)


def axes_before_decoding(spec: TensorSpec, required: Shape, dtype: str | None) -> Shape:
    """The required axes that a spec may have by now: files of pictures have no height, width and channels yet.

    >>> from sigcheck.schema.facts import Facts
    >>> files = TensorSpec(dtype="string", shape=(None, 1), facts=Facts(meaning="encoded_image"))
    >>> axes_before_decoding(files, (None, 8, 8, 3), "float32"), axes_before_decoding(files, (None,), "string")
    ((None,), (None,))
    """
    is_file = spec.dtype == "string" and spec.facts.meaning in FILES and dtype != "string"
    return required[:-PICTURE_RANK] if is_file and len(required) >= PICTURE_RANK else required
