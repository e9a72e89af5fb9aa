from __future__ import annotations

import tensorflow as tf

from sigcheck.sizes.operations import strings

raw = tf.raw_ops
_MORE = {
    "RegexFullMatch": {"pattern": "a"},
    "RegexReplace": {"pattern": "a", "rewrite": "b"},
    "StaticRegexFullMatch": {"pattern": "a"},
    "StaticRegexReplace": {"pattern": "a", "rewrite": "b"},
    "StringToHashBucket": {"num_buckets": 5},
    "StringToHashBucketFast": {"num_buckets": 5},
    "StringToHashBucketStrong": {"num_buckets": 5, "key": [1, 2]},
    "UnicodeTranscode": {"input_encoding": "UTF-8", "output_encoding": "UTF-8"},
}


def each(op):
    def case(draw):
        is_number = op in {"AsString", "UnicodeScript"}
        x = draw.tensor(draw.shape(draw.integer(0, 3)), "int32" if is_number else "string")
        if op == "StringToNumber":
            x = raw.AsString(input=draw.tensor(draw.shape(2), "int32"))
        if op == "DecodeBase64":
            x = raw.EncodeBase64(input=x)
        first = next(iter(getattr(raw, op).__signature__.parameters))
        return getattr(raw, op)(**{first: x}, **_MORE.get(op, {}))

    return case


def looked_up(draw):
    keys = draw.tensor(draw.shape(draw.integer(0, 2)), "string")
    table = raw.MutableHashTableV2(key_dtype=tf.string, value_dtype=tf.int64)
    return raw.LookupTableFindV2(table_handle=table, keys=keys, default_value=tf.constant(-1, tf.int64))


def joined(draw):
    shape = draw.shape(draw.integer(0, 2))
    parts = [draw.tensor(() if draw.flag(0.3) else shape, "string") for _ in range(draw.integer(1, 3))]
    if draw.flag(0.2):
        parts.append(draw.tensor(draw.shape(len(shape)), "string"))
    return raw.StringJoin(inputs=parts)


def cut(draw):
    shape = draw.shape(draw.integer(0, 2))
    places = draw.like(shape)
    many = tf.cast(draw.tensor(places, "int32", high=1), tf.int32)
    return raw.Substr(input=draw.tensor(shape, "string"), pos=many, len=tf.ones_like(many))


def split(draw):
    return list(raw.StringSplitV2(input=draw.tensor(draw.shape(1), "string"), sep=""))


def decoded(draw):
    return raw.DecodeRaw(bytes=draw.tensor(draw.shape(draw.integer(0, 2)), "string"), out_type=tf.uint8)


def of_rows(draw):
    rank = draw.integer(1, 3)
    axes = draw.choice([[0], [-1], [rank - 1]])
    return raw.ReduceJoin(inputs=draw.tensor(draw.shape(rank), "string"), reduction_indices=axes, keep_dims=draw.flag())


CASES = {
    **{op: each(op) for op in strings.EACH.split()},
    "LookupTableFindV2": looked_up,
    "StringJoin": joined,
    "Substr": cut,
    "StringSplitV2": split,
    "DecodeRaw": decoded,
    "ReduceJoin": of_rows,
}
