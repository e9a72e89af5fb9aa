"""Lists are looked at by what is read of them: each case ends in tensors."""

from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def _element_shape(draw, x):
    """What is said of the elements: all, something, or nothing."""
    shape = draw.fed["x0"].shape[1:]
    open_ = [-1] * len(shape)
    plain = [one if isinstance(one, int) and draw.flag() else -1 for one in shape]
    return draw.choice([draw.whole(-1), draw.whole(open_), draw.whole(plain), tf.shape(x)[1:]])


def _list(draw):
    x = draw.tensor(draw.shape(draw.integer(1, 3)))
    return x, raw.TensorListFromTensor(tensor=x, element_shape=_element_shape(draw, x))


def _stack(draw, items):
    return raw.TensorListStack(
        input_handle=items, element_shape=draw.whole(-1), element_dtype=tf.float32, num_elements=-1
    )


def from_tensor(draw):
    _, items = _list(draw)
    return _stack(draw, items)


def stacked(draw):
    x, items = _list(draw)
    return raw.TensorListStack(
        input_handle=items, element_shape=_element_shape(draw, x), element_dtype=tf.float32, num_elements=-1
    )


def reserved(draw):
    x = draw.tensor(draw.shape(draw.integer(1, 3)))
    count = draw.choice([draw.size(x, 0), draw.whole(draw.integer(1, 3))])
    shape = tf.shape(x)[1:] if draw.flag() else draw.whole(draw.integers(2, 1, 3))
    items = raw.TensorListReserve(element_shape=shape, num_elements=count, element_dtype=tf.float32)
    return _stack(draw, items)


def set_(draw):
    x = draw.tensor(draw.shape(draw.integer(1, 3)))
    count = draw.choice([draw.size(x, 0), draw.whole(draw.integer(1, 3))])
    items = raw.TensorListReserve(element_shape=_element_shape(draw, x), num_elements=count, element_dtype=tf.float32)
    return _stack(draw, raw.TensorListSetItem(input_handle=items, index=0, item=x[0]))


def pushed(draw):
    x = draw.tensor(draw.shape(draw.integer(1, 3)))
    items = raw.EmptyTensorList(element_shape=_element_shape(draw, x), max_num_elements=-1, element_dtype=tf.float32)
    for _ in range(draw.integer(1, 3)):
        items = raw.TensorListPushBack(input_handle=items, tensor=x[0])
    return [_stack(draw, items), raw.TensorListLength(input_handle=items)]


def popped(draw):
    x, items = _list(draw)
    items, last = raw.TensorListPopBack(
        input_handle=items, element_shape=_element_shape(draw, x), element_dtype=tf.float32
    )
    return [last, raw.TensorListLength(input_handle=items)]


def taken(draw):
    x, items = _list(draw)
    return raw.TensorListGetItem(
        input_handle=items, index=0, element_shape=_element_shape(draw, x), element_dtype=tf.float32
    )


def length(draw):
    return raw.TensorListLength(input_handle=_list(draw)[1])


def resized(draw):
    x, items = _list(draw)
    count = draw.choice([draw.whole(2), draw.size(x, 0) + 1])
    return raw.TensorListLength(input_handle=raw.TensorListResize(input_handle=items, size=count))


def gathered(draw):
    x, items = _list(draw)
    indices = draw.tensor(draw.shape(1), "int32", high=1)
    return raw.TensorListGather(
        input_handle=items, indices=indices, element_shape=_element_shape(draw, x), element_dtype=tf.float32
    )


def scattered(draw):
    x = draw.tensor(draw.shape(draw.integer(1, 3)))
    items = raw.TensorListScatterV2(
        tensor=x,
        indices=tf.range(draw.size(x, 0)),
        element_shape=_element_shape(draw, x),
        num_elements=draw.choice([-1, 9]),
    )
    item = raw.TensorListGetItem(input_handle=items, index=0, element_shape=draw.whole(-1), element_dtype=tf.float32)
    return [item, raw.TensorListLength(input_handle=items)]


def joined(draw):
    x = draw.tensor(draw.shape(draw.integer(2, 3)))
    items = raw.TensorListFromTensor(tensor=x, element_shape=tf.shape(x)[1:])
    found = raw.TensorListConcatV2(
        input_handle=items, element_shape=draw.whole(-1), leading_dims=tf.zeros([0], tf.int64), element_dtype=tf.float32
    )
    return list(found)


def split(draw):
    x = draw.tensor(draw.shape(draw.integer(1, 3)))
    first = tf.cast(draw.size(x, 0) // 2, tf.int64)
    lengths = tf.stack([first, tf.cast(draw.size(x, 0), tf.int64) - first])
    items = raw.TensorListSplit(tensor=x, element_shape=draw.whole(-1), lengths=lengths)
    item = raw.TensorListGetItem(input_handle=items, index=0, element_shape=draw.whole(-1), element_dtype=tf.float32)
    return [item, raw.TensorListLength(input_handle=items)]


CASES = {
    "TensorListReserve": reserved,
    "EmptyTensorList": pushed,
    "TensorListFromTensor": from_tensor,
    "TensorListGetItem": taken,
    "TensorListSetItem": set_,
    "TensorListPushBack": pushed,
    "TensorListPopBack": popped,
    "TensorListLength": length,
    "TensorListResize": resized,
    "TensorListStack": stacked,
    "TensorListGather": gathered,
    "TensorListScatterV2": scattered,
    "TensorListConcatV2": joined,
    "TensorListSplit": split,
}
