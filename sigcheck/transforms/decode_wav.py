"""Decode WAV: samples from the bytes of WAV files.

## What it does
Decodes each string that the producer declares to be a WAV file (`wav`, 16 bits a sample) to numbers from -1 to 1 where
the consumer wants the samples, or samples and channels, behind the axes of the strings.

## Example
    tf.map_fn(lambda one: tf.audio.decode_wav(one).audio, x, ...)    string[?], meaning wav -> float32[?, ?, 2]

## What it loses or assumes
That the sound has the sample rate that the consumer was trained on is an assumption: no signature says one. What is no
WAV file, or has other channels than are wanted, is refused when the adapter runs, and so are batches of none, or of
several lengths. No channel is dropped or mixed; where one is wanted of several, have them mixed before.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.transform import Code
from sigcheck.transforms.parts.wav import UnreadWavError, read_wav

NAME = "decode_wav"
ORDER = 352
SETTLES: Coordinates = frozenset({"dtype"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "meaning"})
WRITES: Coordinates = frozenset({"sizes", "axes", "dtype", "encoding", "meaning", "ids", "colours", "boxes", "padding"})
TAKES: Forms = frozenset({"dense", "text"})
HAS_KERAS = False
HAS_NUMPY = False

_NAMES = ("time", "channel")


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the samples of strings that are declared to be WAV files, of one or of a batch of them.

    >>> files = TensorSpec(dtype="string", shape=(), facts=Facts(meaning="wav"))
    >>> [str(step.result) for step in propose(files, TensorSpec(dtype="float32", shape=(None,)))]
    ['float32[?, 1]']
    """
    shape, wanted = spec.shape, required.shape
    if spec.kind != "dense" or spec.dtype != "string" or spec.facts.meaning != "wav" or shape is None:
        return
    if required.kind != "dense" or required.dtype in {None, "string"} or required.facts.meaning is not None:
        return
    if wanted is None or len(shape) > 1 or not len(shape) + 1 <= len(wanted) <= len(shape) + 2:
        return
    # Samples alone are those of one channel.
    channels = 1 if len(wanted) == len(shape) + 1 else _channels(required)
    names = spec.facts.axes
    axes = None if names is None else (*names, *(None if one in names else one for one in _NAMES))
    result = TensorSpec(dtype="float32", shape=(*shape, None, channels), facts=Facts(range=(-1.0, 1.0), axes=axes))
    of = "" if channels is None else f" of {channels} channel{'' if channels == 1 else 's'}"
    yield Step(
        transform=NAME,
        arguments={"channels": channels},
        result=result,
        assumption="the sound has the sample rate that the consumer wants",
        guard=f"there are WAV files{of}, all of one length" if shape else f"the string is a WAV file{of}",
        cost=Cost(assumptions=1, guards=1, bytes_moved=bytes_moved(spec, result), steps=1),
    )


def _channels(required: TensorSpec) -> int | None:
    """How many channels the consumer wants; None where any, or where it may have them before the samples."""
    names, wanted = required.facts.axes, required.shape or ()
    at = names.index("channel") if names is not None and "channel" in names else len(wanted) - 1
    return wanted[at]


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.audio.decode_wav`, on one string after the other in a batch."""
    sizes = list((step.result.shape or ())[-2:])
    if not spec.shape:
        return Code(f"tf.ensure_shape(tf.audio.decode_wav({value}).audio, {sizes})")
    # What is of another shape than the signature says is refused.
    signature = f"fn_output_signature=tf.TensorSpec({sizes}, tf.float32)"
    return Code(f"tf.map_fn(lambda one: tf.audio.decode_wav(one).audio, {value}, {signature})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The samples of each file. Raises GuardError for what is refused."""
    import numpy as np

    channels = step.arguments["channels"]
    try:
        sounds = [read_wav(file) for file in dense(value).reshape(-1).tolist()]
    except UnreadWavError as error:
        raise GuardError(str(error)) from None
    if len({sound.shape for sound in sounds}) != 1:
        raise GuardError("no sound" if not sounds else "sounds of several lengths or numbers of channels")
    if channels not in {None, sounds[0].shape[1]}:
        raise GuardError(f"{sounds[0].shape[1]} channels")
    stacked: Array = np.stack(sounds)
    return stacked if spec.shape else stacked[0]
