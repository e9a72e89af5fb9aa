"""NumPy support: functions that NumPy lacks, as text that is written into the module that uses them."""

from __future__ import annotations

FUNCTIONS = {
    "_divide_no_nan": '''
def _divide_no_nan(x, y):
    """Division that gives 0 where the divisor is 0."""
    return np.divide(x, y, out=np.zeros_like(x), where=y != 0)
''',
    "_ensure_shape": '''
def _ensure_shape(x, shape):
    """The value itself, where its shape is as wanted; None is any size."""
    if len(x.shape) != len(shape) or any(to is not None and size != to for size, to in zip(x.shape, shape)):
        raise ValueError(f"the shape is {list(x.shape)}, not {list(shape)}")
    return x
''',
    "_log_softmax": '''
def _log_softmax(x, axis):
    """The logarithms of the probabilities, computed in double precision."""
    wide = x.astype(np.float64)
    wide -= wide.max(axis=axis, keepdims=True, initial=-np.inf)
    return (wide - np.log(np.exp(wide).sum(axis=axis, keepdims=True))).astype(x.dtype)
''',
    "_one_hot": '''
def _one_hot(x, count, axis, dtype):
    """A new axis with 1 at the index that the value is, and 0 elsewhere."""
    return np.moveaxis(x[..., np.newaxis] == np.arange(count), -1, axis).astype(dtype)
''',
    "_sequence_mask": '''
def _sequence_mask(lengths, size):
    """True up to each length; the size None is the greatest of them."""
    return np.arange(lengths.max(initial=0) if size is None else size) < lengths[:, np.newaxis]
''',
    "_pad": '''
def _pad(x, paddings, value):
    """The array with this many of the value before and behind it on each axis."""
    if min(amount for pair in paddings for amount in pair) < 0:
        raise ValueError(f"the shape {list(x.shape)} is longer than wanted")
    padded = np.full([sum(pair) + size for pair, size in zip(paddings, x.shape)], value, x.dtype)
    padded[tuple(slice(pair[0], pair[0] + size) for pair, size in zip(paddings, x.shape))] = x
    return padded
''',
    "_resize": '''
def _resize(x, size, method):
    """Pictures of another height and width; pixel centres are at half positions, as in tf.image.resize."""
    if method != "bilinear":
        raise ValueError(f"{method} is not known here")
    for axis, to in zip((1, 2), size):
        scale = np.float32(x.shape[axis]) / np.float32(to)
        centres = (np.arange(to, dtype=np.float32) + np.float32(0.5)) * scale - np.float32(0.5)
        first = np.floor(centres)
        share = np.reshape(centres - first, [-1] + [1] * (x.ndim - axis - 1))
        before, behind = (np.clip(first + at, 0, x.shape[axis] - 1).astype(int) for at in (0, 1))
        start = np.take(x, before, axis)
        x = start + (np.take(x, behind, axis) - start) * share
    return x
''',
    "_sigmoid": '''
def _sigmoid(x):
    """The logistic function, computed in double precision."""
    return np.exp(-np.logaddexp(0, -x.astype(np.float64))).astype(x.dtype)
''',
    "_softmax": '''
def _softmax(x, axis):
    """The probabilities, computed in double precision."""
    wide = x.astype(np.float64)
    wide = np.exp(wide - wide.max(axis=axis, keepdims=True, initial=-np.inf))
    return (wide / wide.sum(axis=axis, keepdims=True)).astype(x.dtype)
''',
    "_flatten": '''
def _flatten(rows, depth, inner, dtype):
    """The values of nested rows one behind the other, and for each level where its rows begin and end."""
    splits = []
    for level in range(depth):
        if level:
            rows = [item for row in rows for item in row]
        splits.append(np.cumsum([0, *(len(row) for row in rows)]))
    values = [np.asarray(row, dtype).reshape(len(row), *inner) for row in rows]
    return np.concatenate([np.empty((0, *inner), dtype), *values]), splits
''',
    "_check_rows": '''
def _check_rows(splits, level, size):
    """Refuses rows of a level that are longer than the size."""
    if np.diff(splits[level]).max(initial=0) > size:
        raise ValueError(f"a row is longer than {size}")
''',
    "_to_dense": '''
def _to_dense(values, splits, sizes, fill, is_behind):
    """Rows in an array of these sizes, None being the longest row; what is beyond a size is cut."""
    places = [np.arange(len(splits[0]) - 1)]
    shape = [len(splits[0]) - 1]
    is_kept = np.ones(shape, bool)
    for level, size in zip(splits, sizes):
        lengths = np.diff(level)
        rows = np.repeat(np.arange(len(lengths)), lengths)
        shape.append(int(lengths.max(initial=0)) if size is None else size)
        within = np.arange(len(rows)) - level[rows]
        if not is_behind:
            within += shape[-1] - lengths[rows]
        places = [*(place[rows] for place in places), within]
        is_kept = is_kept[rows] & (0 <= within) & (within < shape[-1])
    result = np.full([*shape, *values.shape[1:]], fill, values.dtype)
    result[tuple(place[is_kept] for place in places)] = values[is_kept]
    return result
''',
}


def written(code: str) -> list[str]:
    """The functions that the code calls, each as its lines."""
    return [text.strip("\n") for name, text in FUNCTIONS.items() if f"{name}(" in code]
