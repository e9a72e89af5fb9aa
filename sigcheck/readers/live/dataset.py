"""Datasets: a `tf.data.Dataset` gives what its elements hold.

An element that is a tuple of two or three is what Keras takes it for: inputs, labels and
sample weights. The inputs are what a model is fed, so they alone are the outputs; the
others are noted. A dataset of single tensors gives `output_0`, one of dicts its keys.
"""

from __future__ import annotations

from sigcheck.readers.live.parts.specs import find_leaves, loaded_tensorflow, read_endpoints, spec_from_type
from sigcheck.schema.signature import DEFAULT_KEY, Model, Note, Signature

NAME = "tf_dataset"
ORDER = 30
ACCEPTS = "a tf.data.Dataset"

# keras.utils.unpack_x_y_sample_weight
_ROLES = ("inputs", "labels", "sample weights")


def recognizes(value: object) -> bool:
    """Whether it is a dataset."""
    tensorflow = loaded_tensorflow()
    return tensorflow is not None and isinstance(value, tensorflow.data.Dataset)


def read(value: object) -> Model:
    """One signature under the key `default`, without inputs."""
    element = getattr(value, "element_spec", None)
    notes: list[Note] = []
    # A named tuple is a structure with names, not Keras' (x, y).
    if isinstance(element, tuple) and not hasattr(element, "_fields") and 1 < len(element) <= len(_ROLES):
        for role, part in zip(_ROLES[1:], element[1:], strict=False):
            specs = ", ".join(str(spec_from_type(leaf.type_spec)) for leaf in find_leaves(part))
            notes.append(Note(place=role, message=f"{specs}: part of each element, and not fed to a model"))
        element = element[0]
    given = read_endpoints(find_leaves(element), "output")
    signature = Signature(key=DEFAULT_KEY, outputs=given.endpoints)
    return Model(source=type(value).__name__, reader=NAME, signatures=(signature,), notes=(*given.notes, *notes))
