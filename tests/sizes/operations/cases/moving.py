from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def reversed_(draw):
    rank = draw.integer(1, 3)
    x = draw.tensor(draw.shape(rank))
    if draw.flag(0.3):
        return raw.ReverseV2(tensor=tf.shape(x), axis=draw.whole(draw.choice([[0], []])))
    return raw.ReverseV2(tensor=x, axis=draw.whole([draw.integer(-rank, rank - 1)]))


def reversed_sequence(draw):
    shape = draw.shape(draw.integer(2, 3))
    lengths = draw.tensor((shape[0] if draw.flag(0.8) else "d",), "int32", 0, 1)
    return raw.ReverseSequence(input=draw.tensor(shape), seq_lengths=lengths, seq_dim=1, batch_dim=0)


def rolled(draw):
    return raw.Roll(input=draw.tensor(draw.shape(2)), shift=draw.integer(-3, 3), axis=draw.integer(0, 1))


def inverted(draw):
    x = draw.tensor(draw.shape(1))
    numbers = draw.choice([[2, 0, 1], [0, 1], [1, 0, 2, 3]])
    return raw.InvertPermutation(x=draw.choice([draw.whole(numbers), tf.range(draw.size(x, 0))]))


def shuffled(draw):
    return raw.RandomShuffle(value=draw.tensor(draw.shape(2)))


CASES = {
    "ReverseV2": reversed_,
    "ReverseSequence": reversed_sequence,
    "Roll": rolled,
    "InvertPermutation": inverted,
    "RandomShuffle": shuffled,
}
