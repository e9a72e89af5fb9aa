"""Kernels: the dtypes that TensorFlow can compute with on a processor. Elsewhere no step is proposed.

Found by running each operation on each dtype with TensorFlow 2.21. Storage types (floats of 8
bits and fewer, whole numbers of 4 and 2 bits, quantized types) have no kernels for most
operations, and some not even a name in the `tf` namespace.
"""

from __future__ import annotations

_REAL = frozenset({"float16", "bfloat16", "float32", "float64"})
_WHOLE = frozenset({"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"})

# Softmax, exponential, logarithm.
ACTIVATED: frozenset[str | None] = _REAL
# Comparison, maximum, minimum, clipping.
ORDERED: frozenset[str | None] = _REAL | _WHOLE
# Cast from and to one another.
CAST: frozenset[str | None] = ORDERED | {"bool", "complex64", "complex128", "float8_e5m2", "float8_e4m3fn"}
# Transposing, slicing, reversing, padding, gathering, comparing for equality.
MOVED: frozenset[str | None] = ORDERED | {"bool", "complex64", "complex128", "string"}
# tf.repeat and tf.tile.
TILED: frozenset[str | None] = MOVED - {"uint16"}
# Indices of tf.one_hot.
ONE_HOT: frozenset[str | None] = frozenset({"uint8", "int8", "int32", "int64"})
# Targets of tf.strings.to_number.
PARSED: frozenset[str | None] = frozenset({"float32", "float64", "int32", "int64"})
