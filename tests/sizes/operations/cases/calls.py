"""Functions, conditionals and loops, as `tf.function`, `tf.cond` and `tf.while_loop` write them."""

from __future__ import annotations

import tensorflow as tf
from tensorflow.python.ops import cond_v2, control_flow_v2_toggles, while_v2

raw = tf.raw_ops
control_flow_v2_toggles.enable_control_flow_v2()


def _stateful(x):
    """The same behind what has a state: what calls it has one too."""
    with tf.control_dependencies([raw.Assert(condition=True, data=[x])]):
        return tf.identity(x)


def _inner(draw, *, is_stateful=False):
    """What a function makes of a tensor: it changes some sizes, or none."""
    which = draw.integer(0, 5)

    def run(x):
        y = _stateful(x) if is_stateful else x
        return (
            lambda: tf.tanh(y),
            lambda: tf.concat([y, y], 0),
            lambda: y[1:],
            lambda: tf.transpose(y),
            lambda: tf.reshape(y, [-1, tf.shape(y)[1], 1]) if y.shape.rank == 2 else y,
            lambda: tf.reduce_sum(y, -1, keepdims=True),
        )[which]()

    return run


def called(*, is_stateful):
    def case(draw):
        x = draw.tensor(draw.shape(2))
        run = tf.function(_inner(draw, is_stateful=is_stateful))
        return [run(x), run(tf.concat([x, x], 1))]

    return case


def chosen(*, is_stateful):
    def case(draw):
        x, flag = draw.tensor(draw.shape(2)), draw.tensor((), "bool")
        one = draw.choice([flag, draw.size(x, 0) > draw.choice([0, 2])])
        first = _inner(draw, is_stateful=is_stateful)
        other = draw.choice([tf.identity, tf.tanh, _inner(draw)])
        return cond_v2.cond_v2(one, lambda: first(x), lambda: other(x), name="cond")

    return case


def cases(*, is_stateful):
    def case(draw):
        x, which = draw.tensor(draw.shape(2)), draw.tensor((), "int32", high=3)
        one = draw.choice([which, draw.whole(draw.integer(0, 4))])
        runs = [_inner(draw, is_stateful=is_stateful), draw.choice([tf.identity, _inner(draw)]), tf.identity]
        return cond_v2.indexed_case(one, [lambda run=run: run(x) for run in runs])

    return case


def repeated(*, is_stateful):
    def case(draw):
        x = draw.tensor(draw.shape(2))
        count = draw.choice([draw.size(x, 0), draw.whole(2), draw.whole(0)])
        run = draw.choice([tf.tanh, lambda y: tf.concat([y, y[:1]], 0), lambda y: y[:, 1:], tf.transpose])
        items = tf.TensorArray(tf.float32, tf.shape(x)[0], dynamic_size=False, infer_shape=False)

        def body(step, y, z, kept):
            z = _stateful(z) if is_stateful else z
            return step + 1, run(y), tf.sqrt(z), kept.write(tf.minimum(step, draw.size(x, 0) - 1), z[0])

        found = while_v2.while_loop(
            lambda step, *_: step < count,
            body,
            (tf.constant(0), x, x * 2, items),
            (tf.TensorShape([]), tf.TensorShape([None, None]), x.shape, None),
            return_same_structure=True,
        )
        return [found[1], found[2], *([found[3].stack()] if draw.flag() else [])]

    return case


def switched(draw):
    x, flag = draw.tensor(draw.shape(2)), draw.tensor((), "bool")
    first, other = raw.Switch(data=x, pred=flag)
    more = draw.choice([tf.identity, lambda y: tf.concat([y, y], 0)])
    return raw.Merge(inputs=[more(first), tf.tanh(other)])[0]


CASES = {
    "PartitionedCall": called(is_stateful=False),
    "StatefulPartitionedCall": called(is_stateful=True),
    "If": chosen(is_stateful=True),
    "StatelessIf": chosen(is_stateful=False),
    "Case": cases(is_stateful=True),
    "StatelessCase": cases(is_stateful=False),
    "While": repeated(is_stateful=True),
    "StatelessWhile": repeated(is_stateful=False),
    "Switch": switched,
    "Merge": switched,
}
