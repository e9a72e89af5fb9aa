from __future__ import annotations

import tensorflow as tf

from sigcheck.sizes.operations import drawn

raw = tf.raw_ops


def shaped(op):
    def case(draw):
        x = draw.tensor(draw.shape(2))
        shape = draw.choice([tf.shape(x), tf.shape(x) - 2, draw.whole(draw.integers(2, 0, 4))])
        told = {"shape": shape}
        if "Stateless" in op:
            told |= (
                {"key": tf.zeros([1], tf.uint64), "counter": tf.zeros([2], tf.uint64), "alg": 1}
                if "V2" in op
                else {"seed": draw.whole([1, 2])}
            )
        elif "Int" not in op:
            told["dtype"] = tf.float32
        if "Int" in op:
            told |= {"minval": 0, "maxval": 5}
        return getattr(raw, op)(**told)

    return case


def of_each_row(op):
    def case(draw):
        x = draw.tensor(draw.shape(2))
        count = draw.choice([draw.whole(draw.integer(0, 3)), draw.size(x, 0) - 1])
        more = {"seed": draw.whole([1, 2])} if op == "StatelessMultinomial" else {}
        return getattr(raw, op)(logits=x, num_samples=count, **more)

    return case


CASES = {
    **{op: shaped(op) for op in drawn.SHAPED.split()},
    "Multinomial": of_each_row("Multinomial"),
    "StatelessMultinomial": of_each_row("StatelessMultinomial"),
}
