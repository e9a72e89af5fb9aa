"""Preprocessing: images resized and rescaled, text and categories encoded as numbers."""

from __future__ import annotations

from sigcheck.readers.keras.config.policy import FLOATX, compute_dtype, is_mixed
from sigcheck.readers.keras.config.rules.dtypes import float_dtype, is_dense
from sigcheck.readers.keras.config.tensor import Call, Outputs, Rule, Tensor, as_dtype
from sigcheck.schema.shape import Shape

Size = int | None
_IMAGE_BATCH_RANK = 4


def scale(call: Call) -> Outputs | None:
    """Every number mapped to a float of the compute dtype."""
    return (Tensor(compute_dtype(call.config), call.inputs[0].shape),) if is_dense(call) else None


def resize(call: Call) -> Outputs | None:
    """`height` and `width` for the spatial axes, batched or not."""
    shape = call.inputs[0].shape
    if not is_dense(call):
        return None
    if shape is None:
        return (Tensor(float_dtype(call)),)
    sizes = list(shape)
    first = int(len(shape) == _IMAGE_BATCH_RANK) + int(call.config.get("data_format") == "channels_first")
    sizes[first : first + 2] = [call.config["height"], call.config["width"]]
    return (Tensor(float_dtype(call), tuple(sizes)),) if len(sizes) == len(shape) else None


def vectorize_text(call: Call) -> Outputs | None:
    """`output_sequence_length` int64 ids, or a vector over the vocabulary; the policy does not matter."""
    shape, mode = call.inputs[0].shape, call.config["output_mode"]
    if not is_dense(call) or call.config.get("ragged") or call.config.get("sparse"):
        return None
    batch = None if shape is None else shape[0]
    if mode == "int":
        return (Tensor("int64", (batch, call.config["output_sequence_length"])),) if call.config["split"] else None
    return (Tensor(FLOATX, (batch, _depth(call))),) if mode in {"multi_hot", "count", "tf_idf"} else None


def look_up(call: Call) -> Outputs | None:
    """int64 ids of the same shape, or what they stand for, or a vector over the vocabulary in Keras' default float."""
    shape, mode = call.inputs[0].shape, call.config["output_mode"]
    if not is_dense(call) or call.config.get("sparse"):
        return None
    if mode == "int":
        return (Tensor(as_dtype(call.config["vocabulary_dtype"]) if call.config.get("invert") else "int64", shape),)
    return (Tensor(FLOATX, _encoded(shape, mode, _depth(call))),)


def encode_categories(call: Call) -> Outputs | None:
    """A vector of `num_tokens` for each row, or for each id where `output_mode` is one_hot."""
    shape, mode = call.inputs[0].shape, call.config["output_mode"]
    if not is_dense(call) or call.config.get("sparse"):
        return None
    # Under a mixed policy Keras promises the narrow dtype and gives the wide one.
    dtype = compute_dtype(call.config)
    return (Tensor(None if is_mixed(call.config) else dtype, _encoded(shape, mode, call.config["num_tokens"])),)


def hash_values(call: Call) -> Outputs | None:
    """Numbers below `num_bins` in the dtype of the layer, int64 unless it says otherwise."""
    if not is_dense(call) or call.config.get("sparse") or call.config["output_mode"] != "int":
        return None
    return (Tensor(compute_dtype(call.config) if call.config.get("dtype") else "int64", call.inputs[0].shape),)


def bucketize(call: Call) -> Outputs | None:
    """The int32 bucket of each value, whatever the policy."""
    if not is_dense(call) or call.config.get("sparse") or call.config["output_mode"] != "int":
        return None
    return (Tensor("int32", call.inputs[0].shape),)


def _depth(call: Call) -> Size:
    """The size of the vocabulary, where the config fixes it."""
    depth = call.config.get("max_tokens") if call.config.get("pad_to_max_tokens") else None
    return depth if isinstance(depth, int) else None


def _encoded(shape: Shape | None, mode: str, depth: Size) -> Shape | None:
    if shape is None or not shape:
        return None
    if mode == "one_hot" and (shape[-1] != 1 or len(shape) == 1):
        # Whether an unknown last size is 1, which is dropped, is known only when it runs.
        return (*shape, depth) if shape[-1] is not None else None
    return (*shape[:-1], depth)


RULES: dict[str, Rule] = {
    **dict.fromkeys(("CenterCrop", "RandomCrop", "Resizing"), resize),
    **dict.fromkeys(("Normalization", "Rescaling"), scale),
    **dict.fromkeys(("IntegerLookup", "StringLookup"), look_up),
    "CategoryEncoding": encode_categories,
    "Discretization": bucketize,
    "Hashing": hash_values,
    "TextVectorization": vectorize_text,
}
