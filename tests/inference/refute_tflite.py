"""Refute: as `refute`, for TFLite files run by TensorFlow's interpreter: of the folder, or those that are named.

python -m tests.inference.refute_tflite FOLDER
python -m tests.inference.refute_tflite MODEL...
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from tests.inference.refute import broken_claims, print_refuted
from tests.inference.trap_models import KINDS, feed

# What a kernel makes of these is claimed as well: of a NaN that stays one, nothing is.
ODD = ("not_a_number", "infinite", "mixed")


def filled(kind, dtype, shape, rng):
    """Values of a kind; the odd ones are of floats only."""
    if kind not in ODD or not dtype.is_floating:
        return feed("normal" if kind in ODD else kind, dtype, shape, rng)
    values = {"not_a_number": [np.nan], "infinite": [np.inf, -np.inf], "mixed": [np.nan, np.inf, 0.3, -2.0, 1e30]}
    return rng.choice(np.array(values[kind], dtype.as_numpy_dtype), [5 if size is None else size for size in shape])


# The kernels that people have by default, and those beneath them.
RESOLVERS = ("AUTO", "BUILTIN_WITHOUT_DEFAULT_DELEGATES")


def refuted(path) -> tuple[dict, list[str], int]:
    """The claims of the one signature by endpoint, those that running it refutes, and how many were compared."""
    model = infer(Source.parse(path), read(path))
    (signature,) = model.signatures
    ends = (*signature.inputs, *signature.outputs)
    told = {one.name: {claim.name: claim.value for claim in one.inferred} for one in ends}
    tiers = {one.name: {claim.name: claim.tier for claim in one.inferred} for one in ends}
    rng, wrong, compared = np.random.default_rng(0), [], 0
    for resolver in RESOLVERS:
        kernels = tf.lite.experimental.OpResolverType[resolver]
        interpreter = tf.lite.Interpreter(path, experimental_op_resolver_type=kernels)
        keyed = bool(interpreter.get_signature_list())
        for kind in (*KINDS, *ODD):
            made = {
                one.name: filled(kind, tf.as_dtype(one.spec.dtype), one.spec.shape, rng) for one in signature.inputs
            }
            given = run(interpreter, signature, keyed, made)
            for one in signature.outputs:
                compared += len(one.inferred)
                values = real_numbers(one.spec, given[one.name])
                wrong += [f"{one.name}, {kind}: {found}" for found in broken_claims(one.inferred, values)]
    return {"claims": told, "tiers": tiers}, wrong, compared


def real_numbers(spec, stored):
    """What the stored numbers of a quantized output stand for, which is what is claimed of it; others as they are."""
    numbers = spec.facts.quantization
    if numbers is None or len(numbers.scale) > 1 or not np.issubdtype(stored.dtype, np.integer):
        return stored
    return numbers.scale[0] * (stored.astype(np.float64) - numbers.zero_point[0])


def run(interpreter, signature, keyed, given):
    """What the interpreter gives, by the name of the output."""
    if keyed:
        return interpreter.get_signature_runner(signature.key)(**given)
    details = interpreter.get_input_details()
    made = [given[one.name] for one in signature.inputs]
    for detail, value in zip(details, made, strict=True):
        interpreter.resize_tensor_input(detail["index"], value.shape)
    interpreter.allocate_tensors()
    for detail, value in zip(details, made, strict=True):
        interpreter.set_tensor(detail["index"], value)
    interpreter.invoke()
    return {
        one.name: interpreter.get_tensor(detail["index"])
        for one, detail in zip(signature.outputs, interpreter.get_output_details(), strict=True)
    }


def written(folder):
    from tests.inference.tflite_models import models

    for name, data in models():
        path = Path(folder) / f"{name}.tflite"
        path.write_bytes(data)
        yield name, str(path)


def main(arguments: list[str]) -> None:
    files = written(arguments[0]) if Path(arguments[0]).is_dir() else ((path, path) for path in arguments)
    print_refuted({name: refuted(path) for name, path in files})


if __name__ == "__main__":
    main(sys.argv[1:])
