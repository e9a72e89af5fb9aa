"""NumPy support: functions that NumPy lacks, as text that is written into the module that uses them."""

from __future__ import annotations

from collections.abc import Mapping

FUNCTIONS = {
    "_ensure_shape": '''
def _ensure_shape(x, shape):
    """The value itself, where its shape is as wanted; None is any size."""
    if len(x.shape) != len(shape) or any(to is not None and size != to for size, to in zip(x.shape, shape)):
        raise ValueError(f"the shape is {list(x.shape)}, not {list(shape)}")
    return x
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


def written(code: str, own: Mapping[str, str]) -> list[str]:
    """The functions that the code calls, these and those of entries, each as its lines."""
    return [text.strip("\n") for name, text in {**FUNCTIONS, **own}.items() if f"{name}(" in code]
