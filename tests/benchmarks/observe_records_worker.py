"""One pass over a file of records in a process of its own: WHO FILE, where WHO is one of `PASSES`.

Prints JSON: seconds of the processor and of the clock from the call to the result, what was imported before left out;
and what was found, of each feature what all of them count. Imports nothing of the project unless it is asked to: TFDV
runs in an environment of its own. `write FILE EXAMPLES` writes the file.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Of a feature by the name of what was counted. Of texts those are their lengths, and how many are different.
Found = dict[str, dict[str, float]]
FLOATS, WHOLE, WIDTH = 4, 3, 32


def write(path: str, count: int) -> None:
    """Writes examples of ten features: floats, whole numbers, ids in rows of varying length, a vector, a text."""
    import numpy as np
    import tensorflow as tf

    random, train = np.random.default_rng(0), tf.train

    def floats(values: Any) -> Any:
        return train.Feature(float_list=train.FloatList(value=values))

    def whole(values: Any) -> Any:
        return train.Feature(int64_list=train.Int64List(value=values))

    with tf.io.TFRecordWriter(path) as writer:
        for _ in range(count):
            features = {f"f{at}": floats(random.normal(size=1)) for at in range(FLOATS)}
            features |= {f"i{at}": whole([int(random.integers(0, 1000))]) for at in range(WHOLE)}
            features["tokens"] = whole(random.integers(0, 30000, int(random.integers(5, 64))))
            features["vector"] = floats(random.normal(size=WIDTH))
            features["word"] = train.Feature(bytes_list=train.BytesList(value=[b"word%d" % random.integers(0, 500)]))
            writer.write(train.Example(features=train.Features(feature=features)).SerializeToString())


def observe(path: str) -> Callable[[], Found]:
    """The pass of `sigcheck observe`."""
    # As the command has it, and what it imports as it goes is imported before.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    import datasketches
    import google.protobuf.message
    import google_crc32c

    from sigcheck.observation.observe import observe
    from sigcheck.observation.sources import SOURCES

    assert all((datasketches, google.protobuf.message, google_crc32c, dict(SOURCES)))

    def run() -> Found:
        found: Found = {}
        for tensor in observe(path).tensors:
            numbers, texts, name = tensor.numbers, tensor.texts, tensor.name
            if numbers is not None:
                known = ("count", "zeros", "least", "greatest", "mean", "std")
                found[name] = {what: getattr(numbers, what) for what in known}
            elif texts is not None:
                found[name] = {"count": texts.count, "distinct": texts.distinct or 0}
        return found

    return run


def loop(path: str) -> Callable[[], Found]:
    """A loop of tf.data that counts with NumPy, as one would write it."""
    return _loop(path, counts_all=False)


def loop_of_all(path: str) -> Callable[[], Found]:
    """A loop that counts also what else `observe` has: quantiles, what is whole, each channel, the hash of the file."""
    return _loop(path, counts_all=True)


def _loop(path: str, *, counts_all: bool) -> Callable[[], Found]:
    import tensorflow as tf

    names = {f"f{at}": tf.float32 for at in range(FLOATS)} | {f"i{at}": tf.int64 for at in range(WHOLE)}
    names |= {"tokens": tf.int64, "vector": tf.float32, "word": tf.string}

    def run() -> Found:
        spec = {name: tf.io.RaggedFeature(dtype) for name, dtype in names.items()}
        data = tf.data.TFRecordDataset(path).batch(1024)
        data = data.map(lambda rows: tf.io.parse_example(rows, spec), num_parallel_calls=tf.data.AUTOTUNE).prefetch(2)
        found = {name: _nothing_yet() for name in names}
        for batch in data:
            for name, ragged in batch.items():
                found[name]["lengths"].update(ragged.row_lengths().numpy().tolist())
                values = ragged.flat_values.numpy()
                wide = _count(found[name], values)
                if counts_all and values.dtype != object:
                    _count_all(found[name], wide, has_channels=name == "vector")
        if counts_all:
            hashlib.sha256(Path(path).read_bytes())
        return {name: _told(state, is_text=names[name] == tf.string) for name, state in found.items()}

    return run


def _nothing_yet() -> dict[str, Any]:
    numbers = {"count": 0, "sum": 0.0, "squares": 0.0, "zeros": 0, "nan": 0, "low": math.inf, "high": -math.inf}
    return numbers | {"ids": set(), "lengths": Counter(), "bins": 0, "whole": True, "channels": []}


def _count(state: dict[str, Any], values: Any) -> Any:
    """Counts values, of texts their lengths; what was counted, as float64."""
    import numpy as np

    state["count"] += values.size
    if values.dtype == object:
        state["ids"].update(values.tolist())
        sizes = np.fromiter(map(len, values.tolist()), np.int64)
    else:
        sizes = values
    state["low"], state["high"] = min(state["low"], sizes.min()), max(state["high"], sizes.max())
    wide = sizes.astype(np.float64)
    state["sum"] += wide.sum()
    state["squares"] += (wide * wide).sum()
    state["zeros"] += int((sizes == 0).sum())
    if values.dtype.kind == "f":
        state["nan"] += int(np.isnan(values).sum())
    elif values.dtype.kind == "i":
        state["ids"].update(np.unique(values).tolist())
    return wide


def _count_all(state: dict[str, Any], wide: Any, *, has_channels: bool) -> None:
    import numpy as np

    bins = wide.astype(np.float32).view(np.uint32) >> np.uint32(16)
    state["bins"] = state["bins"] + np.bincount(bins, minlength=1 << 16)
    state["whole"] = state["whole"] and bool((np.rint(wide) == wide).all())
    if has_channels:
        rows = wide.reshape(-1, WIDTH)
        each = [rows.min(0), rows.max(0), rows.sum(0), (rows * rows).sum(0), (rows == 0).sum(0)]
        state["channels"].append(np.stack(each))


def _told(state: dict[str, Any], *, is_text: bool) -> dict[str, float]:
    if is_text:
        return {"count": state["count"], "distinct": len(state["ids"])}
    mean = float(state["sum"] / state["count"])
    deviation = math.sqrt(float(state["squares"]) / state["count"] - mean * mean)
    ends = {"least": float(state["low"]), "greatest": float(state["high"])}
    return {"count": state["count"], "zeros": state["zeros"], **ends, "mean": mean, "std": deviation}


def tfdv(path: str) -> Callable[[], Found]:
    """The statistics of TensorFlow Data Validation, with the options that it has by default."""
    import tensorflow_data_validation

    def run() -> Found:
        (dataset,) = tensorflow_data_validation.generate_statistics_from_tfrecord(path).datasets
        found: Found = {}
        for feature in dataset.features:
            name = feature.path.step[0]
            if feature.HasField("num_stats"):
                known = feature.num_stats
                ends = {"least": known.min, "greatest": known.max, "mean": known.mean, "std": known.std_dev}
                found[name] = {"count": known.common_stats.tot_num_values, "zeros": known.num_zeros, **ends}
            else:
                texts = feature.string_stats
                found[name] = {"count": texts.common_stats.tot_num_values, "distinct": texts.unique}
        return found

    return run


PASSES = {one.__name__: one for one in (observe, loop, loop_of_all, tfdv)}


def main() -> None:
    """Prints what one pass took and found, or writes the file."""
    who, path, *count = sys.argv[1:]
    if who == "write":
        write(path, int(count[0]))
        return
    run = PASSES[who](path)
    processor, clock = time.process_time(), time.perf_counter()
    found = run()
    spent = {"processor": time.process_time() - processor, "clock": time.perf_counter() - clock}
    sys.stdout.write(json.dumps({**spent, "found": found}))


if __name__ == "__main__":
    main()
