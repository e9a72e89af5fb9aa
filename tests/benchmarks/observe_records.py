"""Observing records of examples: how fast it is beside a loop of tf.data that computes the same, and beside TFDV.

    python tests/benchmarks/observe_records.py [EXAMPLES]

By default 100,000 examples of ten features: four floats, three whole numbers, ids in rows of varying length, a vector,
a text. Each runs in a process of its own, in turns; seconds are of the processor, the least of some rounds. The loop
parses batches with `tf.io.parse_example` and counts with NumPy, as one would write it: ends, mean, deviation, zeros,
NaN, different ids, lengths. A second one counts also what else `observe` has: quantiles by the same bins, whether all
is whole, each channel of the vector, the hash of the file. Neither has exact sums or looks at what texts are. The
import of TensorFlow is told apart. TFDV is measured where it is installed: `pip install tensorflow-data-validation`,
which wants Python 3.11 at most.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import ROOT, judge, say

LEAST_RATE = 3.0
ROUNDS = 3

WRITE = """
import sys
import numpy as np
import tensorflow as tf

random, train = np.random.default_rng(0), tf.train
def floats(values): return train.Feature(float_list=train.FloatList(value=values))
def whole(values): return train.Feature(int64_list=train.Int64List(value=values))
with tf.io.TFRecordWriter(sys.argv[1]) as writer:
    for _ in range(int(sys.argv[2])):
        features = {f"f{at}": floats(random.normal(size=1)) for at in range(4)}
        features |= {f"i{at}": whole([int(random.integers(0, 1000))]) for at in range(3)}
        features["tokens"] = whole(random.integers(0, 30000, int(random.integers(5, 64))))
        features["vector"] = floats(random.normal(size=32))
        features["word"] = train.Feature(bytes_list=train.BytesList(value=[b"word%d" % random.integers(0, 500)]))
        writer.write(train.Example(features=train.Features(feature=features)).SerializeToString())
"""
LOOP = """
import sys, time
begin = time.process_time()
from collections import Counter
import numpy as np
import tensorflow as tf
start = time.process_time()
names = {"f0": tf.float32, "f1": tf.float32, "f2": tf.float32, "f3": tf.float32, "i0": tf.int64, "i1": tf.int64,
         "i2": tf.int64, "tokens": tf.int64, "vector": tf.float32, "word": tf.string}
spec = {name: tf.io.RaggedFeature(dtype) for name, dtype in names.items()}
data = tf.data.TFRecordDataset(sys.argv[1]).batch(1024)
data = data.map(lambda rows: tf.io.parse_example(rows, spec), num_parallel_calls=tf.data.AUTOTUNE).prefetch(2)
found = {name: dict(count=0, sum=0.0, squares=0.0, zeros=0, nan=0, low=np.inf, high=-np.inf, ids=set(),
                    lengths=Counter()) for name in names}
for batch in data:
    for name, ragged in batch.items():
        state, values = found[name], ragged.flat_values.numpy()
        state["lengths"].update(ragged.row_lengths().numpy().tolist())
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
end = time.process_time()
print(end - start, end - begin)
"""
# What the loop counts besides, behind its own lines and before its end.
ALL = """
        if values.dtype != object:
            bins = wide.astype(np.float32).view(np.uint32) >> np.uint32(16)
            state["bins"] = state.get("bins", 0) + np.bincount(bins, minlength=1 << 16)
            state["whole"] = state.get("whole", True) and bool((np.rint(wide) == wide).all())
        if name == "vector":
            rows = wide.reshape(-1, 32)
            each = np.stack([rows.min(0), rows.max(0), rows.sum(0), (rows * rows).sum(0), (rows == 0).sum(0)])
            state.setdefault("channels", []).append(each)
import hashlib
with open(sys.argv[1], "rb") as file:
    hashlib.sha256(file.read())
"""
LOOP_OF_ALL = LOOP.replace("end = time", ALL.lstrip("\n") + "end = time")
OBSERVE = """
import sys, time
begin = time.process_time()
import datasketches, google_crc32c, google.protobuf.message, numpy
from sigcheck.observation.observe import observe
from sigcheck.observation.sources import tfrecord
start = time.process_time()
observe(sys.argv[1])
end = time.process_time()
print(end - start, end - begin)
"""
TFDV = """
import sys, time
begin = time.process_time()
import tensorflow_data_validation as tfdv
start = time.process_time()
tfdv.generate_statistics_from_tfrecord(sys.argv[1])
end = time.process_time()
print(end - start, end - begin)
"""


def run(code: str, *words: str) -> tuple[float, float]:
    """Seconds of the processor: without imports, and of the whole process."""
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    alone, whole = map(float, done.stdout.split()[-2:])
    return alone, whole


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    peers = {"a tf.data loop": LOOP, "a tf.data loop of all that observe counts": LOOP_OF_ALL}
    if importlib.util.find_spec("tensorflow_data_validation") is not None:
        peers["TFDV"] = TFDV
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "examples.tfrecord")
        subprocess.run([sys.executable, "-c", WRITE, path, str(count)], check=True, capture_output=True)
        own: list[tuple[float, float]] = []
        others: dict[str, list[tuple[float, float]]] = {name: [] for name in peers}
        for _ in range(ROUNDS):
            own.append(run(OBSERVE, path))
            for name, code in peers.items():
                others[name].append(run(code, path))
    alone, whole = min(own), min(one for _, one in own)
    say(f"{count:,} examples: observe {alone[0]:.2f} s, {count / alone[0]:,.0f} a second; {whole:.2f} s as a process")
    demands = {}
    for name, rounds in others.items():
        part, all_of_it = min(one for one, _ in rounds), min(one for _, one in rounds)
        say(f"  {name}: {part:.2f} s, {part / alone[0]:.2f} of observe; {all_of_it:.2f} s as a process")
        demands[f"{LEAST_RATE:g} times the rate of {name}, without imports"] = part >= LEAST_RATE * alone[0]
        demands[f"{LEAST_RATE:g} times the rate of {name}, as processes"] = all_of_it >= LEAST_RATE * whole
    return judge(demands)


if __name__ == "__main__":
    sys.exit(main())
