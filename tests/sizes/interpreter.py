"""TFLite's interpreter in a process of its own for each file and sizes, which may end: on some sizes it does.

python -m tests.sizes.interpreter
"""

from __future__ import annotations

import json
import os
import subprocess
import sys


class Interpreter:
    """Runs files; a process that ended is started again."""

    def __init__(self):
        self._process = None

    def run(self, path, shapes):
        """The sizes of each output by name, or what it says where it fails."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.sizes.interpreter"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        self._process.stdin.write(json.dumps({"path": str(path), "shapes": shapes}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if line:
            return json.loads(line)
        code = self._process.wait()
        self._process = None
        return f"the process ended: {code}"

    def close(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def run(interpreter, feeds):
    """What a file gives, by its signature or, where it has none, by the names of its tensors."""
    if interpreter.get_signature_list():
        return interpreter.get_signature_runner()(**feeds)
    inputs, outputs = interpreter.get_input_details(), interpreter.get_output_details()
    for one in inputs:
        interpreter.resize_tensor_input(one["index"], feeds[one["name"]].shape)
    interpreter.allocate_tensors()
    for one in inputs:
        interpreter.set_tensor(one["index"], feeds[one["name"]])
    interpreter.invoke()
    return {one["name"]: interpreter.get_tensor(one["index"]) for one in outputs}


def given(path, feeds):
    """The sizes of each output, by default with XNNPACK; or why it fails.

    XNNPACK joins what does not fit: it compares no sizes, and takes as many rows of each operand as the first one has,
    of what lies behind it in memory too. What it gives then is no result: the kernel of TFLite says so.
    """
    import tensorflow as tf

    found = run(tf.lite.Interpreter(path), feeds)
    plain = tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    try:
        run(tf.lite.Interpreter(path, experimental_op_resolver_type=plain), feeds)
    except (ValueError, RuntimeError) as error:
        if "kernels/concatenation.cc" in str(error):
            raise
    return {name: list(value.shape) for name, value in found.items()}


def answered(asked, rng):
    try:
        feeds = {name: rng.normal(size=shape).astype("float32") for name, shape in asked["shapes"].items()}
        return given(asked["path"], feeds)
    except (ValueError, RuntimeError) as error:
        return str(error)[:200]


def main():
    import numpy as np
    import tensorflow as tf

    # TensorFlow takes seconds to load: it is, once, before processes are made of this one.
    tf.lite.Interpreter  # noqa: B018  # looked up, it is loaded
    rng = np.random.default_rng(7)
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.write(writing, json.dumps(answered(json.loads(line), rng)).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            found = told.read()
        _, code = os.waitpid(child, 0)
        sys.stdout.write((found or json.dumps(f"the process ended: {os.waitstatus_to_exitcode(code)}")) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
