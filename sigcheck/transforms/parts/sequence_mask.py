"""Sequence mask: what NumPy has for the places of each row up to its length."""

from __future__ import annotations

from sigcheck.transforms.parts.forms import NumpyCall

_SEQUENCE_MASK = '''
def _sequence_mask(lengths, size):
    """True up to each length; the size None is the greatest of them."""
    return np.arange(lengths.max(initial=0) if size is None else size) < lengths[:, np.newaxis]
'''
NUMPY_CALLS = {
    "tf.sequence_mask": NumpyCall(
        ("lengths", "maxlen"), "_sequence_mask({lengths}, {maxlen})", {"_sequence_mask": _SEQUENCE_MASK}
    ),
}
