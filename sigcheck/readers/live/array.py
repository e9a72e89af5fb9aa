"""Arrays: a NumPy array or number, or nested dicts and lists of these.

They are what a model is fed, or what it gave, with every size as it is: the same endpoints stand on both sides.
"""

from __future__ import annotations

import sys
from typing import Any

from sigcheck.readers.live.parts.specs import find_leaves, read_endpoints
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.signature import DEFAULT_KEY, Model, Signature
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "numpy_array"
ORDER = 70
ACCEPTS = "NumPy arrays"

# Texts of a fixed length, in NumPy's one letter for the kind of a dtype; TensorFlow has one dtype for all.
_TEXTS = frozenset({"S", "U"})


def recognizes(value: object) -> bool:
    """Whether all leaves of the structure are arrays or numbers of NumPy, and there is one."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not hasattr(numpy, "ndarray") or not hasattr(numpy, "generic"):
        return False
    try:
        leaves = list(find_leaves(value))
    except ValueError:
        return False
    return bool(leaves) and all(isinstance(leaf.type_spec, numpy.ndarray | numpy.generic) for leaf in leaves)


def read(value: object) -> Model:
    """One signature under the key `default` with the same endpoints on both sides."""
    leaves = list(find_leaves(value))
    taken, given = read_endpoints(leaves, "args", _spec), read_endpoints(leaves, "output", _spec)
    signature = Signature(key=DEFAULT_KEY, inputs=taken.endpoints, outputs=given.endpoints)
    return Model(source=type(value).__name__, reader=NAME, signatures=(signature,), notes=given.notes)


def _spec(array: Any) -> TensorSpec | None:
    """The spec of an array; None of one of dates, records or objects that are no texts."""
    kind = array.dtype.kind
    is_text = kind in _TEXTS or (
        kind == "O" and array.size > 0 and all(isinstance(one, str | bytes) for one in array.flat)
    )
    dtype = "string" if is_text else array.dtype.name
    return TensorSpec(dtype=dtype, shape=tuple(array.shape)) if dtype in DTYPES else None
