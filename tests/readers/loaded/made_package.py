"""A package with custom objects of Keras, and the models that need it, written in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LAYERS = """
import keras


@keras.saving.register_keras_serializable("made_package")
class Doubled(keras.layers.Layer):
    def call(self, x):
        return keras.ops.concatenate([x, x], axis=-1)


class Tripled(keras.layers.Layer):
    def call(self, x):
        return keras.ops.concatenate([x, x, x], axis=-1)


class Subclassed(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.dense = keras.layers.Dense(5)

    def call(self, x):
        return self.dense(x)


def halve(x):
    return x[:, ::2]
"""
_MODELS = """
import keras, numpy
from made_package.layers import Doubled, Subclassed, Tripled, halve

x = keras.Input((4,), name="x")
keras.Model(x, Doubled(name="y")(x)).save("registered.keras")
keras.Model(x, Tripled(name="y")(x)).save("plain.keras")
keras.Model(x, Tripled(name="y")(x)).save("plain.h5")
keras.Model(x, keras.layers.Lambda(halve, name="y")(x)).save("named.keras")
keras.Model(x, keras.layers.Lambda(lambda t: t[:, :1], name="y")(x)).save("coded.keras")
z = keras.Input((12,), name="z")
keras.Model(z, keras.layers.Lambda(halve, name="half")(z)).save("taker.keras")
model = Subclassed(name="m")
model(numpy.zeros((2, 4), "float32"))
model.save("subclassed.keras")
"""
# What each gives of float32[?, 4], once it is loaded.
GIVEN = {
    "registered.keras": "float32[?, 8]",
    "plain.keras": "float32[?, 12]",
    "plain.h5": "float32[?, 12]",
    "named.keras": "float32[?, 2]",
    "subclassed.keras": "float32[?, 5]",
    "taker.keras": "float32[?, 6]",
}


def write_package(folder: Path) -> None:
    """Writes `made_package` and the models into the folder. No other process has the package."""
    (folder / "made_package").mkdir()
    (folder / "made_package" / "__init__.py").write_text("")
    (folder / "made_package" / "layers.py").write_text(LAYERS)
    subprocess.run([sys.executable, "-c", _MODELS], cwd=folder, check=True, capture_output=True, timeout=300)
