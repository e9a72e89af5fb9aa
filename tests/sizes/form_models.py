"""The models of `models` in the other forms, each run at many sizes by what runs that form.

`.keras` and `.h5` by Keras, TensorFlow.js graph and layers models by the same model in TensorFlow, TFLite files
by its interpreter, whose inputs are resized.

python -m tests.sizes.form_models FOLDER FORM... [all]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import keras
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from sigcheck.schema.distinct import distinct_names
from tests.sizes import mixed_models, wide_models
from tests.sizes.interpreter import Interpreter
from tests.sizes.layer_models import LAYERS, MORE_LAYERS
from tests.sizes.models import F32, FUNCTIONS, KERAS, MORE_FUNCTIONS, MORE_KERAS, drawn, is_empty_on_the_way, rng
from tests.sizes.tfjs_models import write_graph, write_layers

# Sizes that each model is run at: what traces and runs them takes nearly all the time.
COUNT = 12
FULL_COUNT = 24

INTERPRETER = Interpreter()


def specs(inputs):
    return {
        key: tf.TensorSpec([None if isinstance(one, str) else one for one in shape], F32, name=key)
        for key, shape in inputs.items()
    }


def called(model):
    """A Keras model as a function of its inputs by name, which gives its outputs by name."""

    outputs = distinct_names(one._keras_history.operation.name for one in model.outputs)

    def function(**feeds):
        given = [feeds[one.name] for one in model.inputs]
        found = keras.tree.flatten(model(given if len(given) > 1 else given[0]))
        return dict(zip(outputs, found, strict=True))

    return function


def frozen(function, inputs):
    traced = tf.function(function, autograph=False).get_concrete_function(**specs(inputs))
    return convert_variables_to_constants_v2(traced)


def saved_as_keras(suffix):
    def save(folder, name, made, inputs):
        path = folder / f"{name}{suffix}"
        made.save(path)
        return path, called(made)

    return save


def saved_as_layers(folder, name, made, inputs):
    return write_layers(folder / name, made), called(made)


def named(function):
    """A function of inputs by name that gives its outputs by name, whatever it was."""

    def give(**feeds):
        found = function(*feeds.values())
        return {f"y{at}": value for at, value in enumerate(tf.nest.flatten(found))}

    return give


def saved_as_graph(folder, name, made, inputs):
    function = called(made) if isinstance(made, keras.Model) else named(made)
    traced = frozen(function, inputs)
    path = write_graph(folder / name, traced)
    outputs = [one.name.removesuffix(":0") for one in traced.outputs]

    def give(**feeds):
        return dict(zip(outputs, tf.nest.flatten(traced(*[feeds[one.op.name] for one in traced.inputs])), strict=True))

    return path, give


def saved_as_tflite(folder, name, made, inputs):
    function = called(made) if isinstance(made, keras.Model) else named(made)
    module = tf.Module()
    module.run = tf.function(function, autograph=False)
    traced = module.run.get_concrete_function(**specs(inputs))
    path = folder / f"{name}.tflite"
    path.write_bytes(tf.lite.TFLiteConverter.from_concrete_functions([traced], module).convert())

    def interpret(**feeds):
        return INTERPRETER.run(path, {name: list(value.shape) for name, value in feeds.items()})

    return path, interpret


FORMS = {
    "keras": saved_as_keras(".keras"),
    "h5": saved_as_keras(".h5"),
    "layers": saved_as_layers,
    "graph": saved_as_graph,
    "tflite": saved_as_tflite,
}
# These forms hold Keras models alone.
OF_KERAS = frozenset({"keras", "h5", "layers"})


def by_place(function, inputs):
    """The function with its inputs in their order."""
    return lambda *given: function(**dict(zip(inputs, given, strict=True)))


def tried(function, feeds):
    try:
        given = function(**feeds)
        # The interpreter tells the sizes, or why it failed.
        return given if function.__name__ == "interpret" else {name: list(one.shape) for name, one in given.items()}
    except (tf.errors.OpError, ValueError, RuntimeError) as error:
        return str(error)[:200]


def examined(folder, form, name, made, inputs, most, count):
    keras.utils.clear_session()
    model = made() if name in ALL_KERAS else made
    plain = called(model) if isinstance(model, keras.Model) else named(model)
    path, function = FORMS[form](folder, name, model, inputs)
    cases = []
    for sizes in drawn(inputs, most, count):
        shapes = {key: [sizes.get(one, one) for one in shape] for key, shape in inputs.items()}
        feeds = {key: tf.constant(rng.normal(size=shape), F32) for key, shape in shapes.items()}
        case = {"feeds": shapes, "gives": tried(function, feeds)}
        case["is_empty"] = is_empty_on_the_way(by_place(plain, inputs), inputs, sizes)
        cases.append(case)
    return {"path": str(path), "cases": cases}


WIDE_KERAS, WIDE_FUNCTIONS = (
    {f"wide_{name}": model for name, model in of.items()} for of in (wide_models.KERAS, wide_models.FUNCTIONS)
)
ALL_KERAS = KERAS | LAYERS | MORE_KERAS | MORE_LAYERS | WIDE_KERAS | mixed_models.KERAS


def main(folder, forms, *, is_all):
    keras_models = ALL_KERAS if is_all else KERAS | LAYERS
    functions = FUNCTIONS | (MORE_FUNCTIONS | WIDE_FUNCTIONS | mixed_models.FUNCTIONS if is_all else {})
    found, left = {}, []

    def examine(form, name, made, inputs, most):
        place = folder / form
        place.mkdir(exist_ok=True)
        try:
            found[f"{form} {name}"] = examined(place, form, name, made, inputs, most, FULL_COUNT if is_all else COUNT)
        except Exception as error:  # noqa: BLE001  # converters refuse some
            left.append(f"{form} {name}: {str(error)[:300]}")

    for form in forms:
        for name, model in (keras_models if form in OF_KERAS else keras_models | functions).items():
            examine(form, name, *model)
    INTERPRETER.close()
    (folder / "found.json").write_text(json.dumps({"found": found, "left": left}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [one for one in sys.argv[2:] if one != "all"], is_all="all" in sys.argv[2:])
