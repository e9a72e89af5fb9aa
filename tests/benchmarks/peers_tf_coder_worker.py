"""Runs in the environment of TF-Coder: its tasks of one tensor, and its search for their programs.

    python peers_tf_coder_worker.py tasks                  prints the tasks as JSON
    python peers_tf_coder_worker.py solve SECONDS NAME...  prints a line of JSON as each search starts and ends

Standard library, TF-Coder and what it needs only. It wants TF_USE_LEGACY_KERAS=1, which the other side sets. Nothing
of TF-Coder is changed but two names that it looks up: its tensor features model sets `optimizer.iterations`, which
only the legacy optimizers of Keras still allow; and it is made to count CPU time, so that its time limit means the
same on a machine that does other work.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
import timeit
from typing import Any

import numpy as np
import tensorflow as tf
from tf_coder.benchmarks import all_benchmarks
from tf_coder.value_search import colab_interface, value_search_settings

SEED = 7


def find_tasks() -> list[tuple[Any, str, np.ndarray, np.ndarray]]:
    """The benchmarks with one dense tensor in and one out whose target program makes its own example.

    Each with the name of its input and both arrays.
    """
    found = []
    for task in all_benchmarks.all_benchmarks():
        inputs = task.examples[0].inputs
        named = inputs if isinstance(inputs, dict) else {f"in{at + 1}": value for at, value in enumerate(inputs)}
        if len(named) != 1:
            continue
        ((name, given),) = named.items()
        wanted = task.examples[0].output
        if any(isinstance(side, tf.SparseTensor | bool | int | float) for side in (given, wanted)):
            continue
        given, wanted = tf.convert_to_tensor(given).numpy(), tf.convert_to_tensor(wanted).numpy()
        made = evaluate(task.target_program, name, given)
        if made is not None and made.shape == wanted.shape and np.allclose(made, wanted, atol=1e-5, equal_nan=True):
            found.append((task, name, given, wanted))
    return found


def evaluate(expression: str, name: str, value: np.ndarray) -> np.ndarray | None:
    """What an expression of TF-Coder's makes of a value, or None where it fails."""
    try:
        made = eval(expression, {"tf": tf, "np": np, name: tf.constant(value)})
        return tf.convert_to_tensor(made).numpy()
    except Exception:  # noqa: BLE001  # generated code may raise anything
        return None


def draw(like: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """New values from the span of those of an array."""
    random = np.random.default_rng(SEED)
    if like.dtype == bool:
        return random.integers(0, 2, shape).astype(bool)
    known = like[np.isfinite(like)]
    if like.dtype.kind == "f":
        return random.uniform(known.min(), known.max(), shape).astype(like.dtype)
    return random.integers(known.min(), known.max() + 1, shape).astype(like.dtype)


def make_fresh(program: str, name: str, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Another example of the task, by its target program: one row more where that runs, or the same shape."""
    if given.ndim:
        fresh = draw(given, (given.shape[0] + 1, *given.shape[1:]))
        made = evaluate(program, name, fresh)
        if made is not None:
            return fresh, made
    fresh = draw(given, given.shape)
    made = evaluate(program, name, fresh)
    if made is None:
        raise RuntimeError(f"{program} does not run on another batch")
    return fresh, made


def write(array: np.ndarray) -> dict[str, Any]:
    """An array as JSON."""
    return {"dtype": str(array.dtype), "shape": list(array.shape), "values": array.ravel().tolist()}


def list_tasks() -> list[dict[str, Any]]:
    """All that the other side has to know of the tasks."""
    tasks = []
    for task, name, given, wanted in find_tasks():
        fresh_given, fresh_wanted = make_fresh(task.target_program, name, given)
        tasks.append(
            {
                "name": task.name,
                "program": task.target_program,
                "given": write(given),
                "wanted": write(wanted),
                "fresh_given": write(fresh_given),
                "fresh_wanted": write(fresh_wanted),
            }
        )
    return tasks


def solve(seconds: float, names: list[str]) -> None:
    """Searches with TF-Coder's own settings; it is told the constants and the description of the task too."""
    timeit.default_timer = time.process_time
    tf.keras.optimizers.Adam = tf.keras.optimizers.legacy.Adam
    with contextlib.redirect_stdout(sys.stderr):
        colab_interface.warm_up()
    if colab_interface.TENSOR_MODEL is None:
        raise RuntimeError("TF-Coder's tensor features model does not load")
    settings = value_search_settings.from_dict({"timeout": seconds})
    for task, name, given, _ in find_tasks():
        if task.name not in names:
            continue
        tell({"starts": task.name})
        start = time.process_time()
        with contextlib.redirect_stdout(sys.stderr):
            result = colab_interface.run_value_search_from_colab(
                {name: task.examples[0].inputs[0] if isinstance(task.examples[0].inputs, list) else given},
                task.examples[0].output,
                task.constants,
                task.description,
                settings,
            )
        taken = time.process_time() - start
        expression = result.solutions[0].expression if result.solutions else None
        made = None
        if expression is not None:
            fresh, _ = make_fresh(task.target_program, name, given)
            made = evaluate(expression, name, fresh)
        tell(
            {
                "name": task.name,
                "seconds": taken,
                "answer": expression,
                "made": None if made is None else write(made),
            }
        )


def tell(line: dict[str, Any]) -> None:
    """Prints a line of JSON."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "tasks":
        tell({"tasks": list_tasks()})
    else:
        solve(float(sys.argv[2]), sys.argv[3:])
