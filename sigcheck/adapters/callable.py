"""Callable: the emitted adapter as a function in this process, and the way to its other forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sigcheck.adapters.numpy_source import write_numpy
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.errors import UsageError
from sigcheck.schema.report import Binding, Side
from sigcheck.schema.row_call import RowCall
from sigcheck.schema.shape import format_shape, is_subshape
from sigcheck.schema.tensor_spec import TensorSpec

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

# Inputs, labels and sample weights (keras.utils.unpack_x_y_sample_weight).
_MOST_ROLES = 3


@dataclass(frozen=True)
class CallableAdapter:
    """Runs the emitted source on tensors. TensorFlow is imported at the first call.

    Takes a dict of the producer's outputs by name and gives a dict of the consumer's inputs.
    Where one output is adapted it may come bare, and where one input is fed it then goes bare:

        classifier(report.adapter(encoder(batch)))
        report.adapter.map(dataset.batch(32))

    Of the elements of a dataset the labels and the sample weights are handed on as they are. Where the consumer is
    called row by row it takes one row, and `call_rows` calls the consumer over all of them.
    """

    source: str
    producer: Side
    consumer: Side
    bindings: tuple[Binding, ...]
    rows: RowCall | None = None

    def __hash__(self) -> int:
        """`tf.function` keeps what it traces by its hash, and the arguments of a step may have none."""
        return hash(self.source)

    @property
    def provided(self) -> tuple[str, ...]:
        """The names of the outputs that it takes."""
        return tuple(self._specs)

    @cached_property
    def _specs(self) -> dict[str, TensorSpec]:
        return {source.name: source.spec for binding in self.bindings for source in binding.sources}

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the inputs that it gives."""
        return tuple(binding.required for binding in self.bindings)

    @cached_property
    def function(self) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """`adapt` of the emitted module."""
        from sigcheck.adapters.module import load_adapt

        return load_adapt(self.source)

    def __call__(self, outputs: Any, *beside: Any) -> Any:
        """Adapts a dict of outputs to a dict of inputs, or one tensor to one tensor.

        `beside` is what a dataset gives beside what a model is fed, the labels and the sample weights: they are
        given again behind the inputs. Dicts may hold dicts. Raises UsageError where outputs are missing, where one
        tensor is given for several, and where a tensor cannot be what the producer's signature says.
        """
        named = _by_name(outputs, self.provided)
        adapted = self.function({name: self._tensor(name, value) for name, value in named.items()})
        given = _as_given(adapted, outputs)
        return (given, *beside) if beside else given

    def map(self, dataset: tf.data.Dataset) -> tf.data.Dataset:
        """The dataset with its elements adapted; labels and sample weights pass by. Elements may hold dicts in dicts.

        Raises UsageError for what is no dataset, for one without the outputs, and for one of single examples.
        """
        import tensorflow as tf

        if not isinstance(dataset, tf.data.Dataset):
            problem = f"a {type(dataset).__name__}, expected a tf.data.Dataset. Call the adapter on anything else."
            raise UsageError("adapter.map", problem)
        element = dataset.element_spec
        beside = element[1:] if type(element) is tuple and 1 < len(element) <= _MOST_ROLES else ()
        named = _by_name(element[0] if beside else element, self.provided)
        for name, given in named.items():
            rank, spec = given.shape.rank, self._specs[name]
            if rank is not None and spec.rank is not None and rank + 1 == spec.rank:
                problem = f"{given.dtype.name}{given.shape}, expected batches of it: {spec}"
                raise UsageError(name, f"{problem}. Batch the dataset: dataset.batch(32).")
        if beside and all(self._is_batch_made(name) for name in named):
            problem = "single examples with labels, of which it makes batches of one beside labels without a batch"
            raise UsageError("adapter.map", f"{problem}. Batch the dataset, dataset.batch(32), and check that.")
        return dataset.map(self, num_parallel_calls=tf.data.AUTOTUNE)

    def _is_batch_made(self, name: str) -> bool:
        """Whether an output gets its batch from the adapter."""
        taken = [one for one in self.bindings if name in {source.name for source in one.sources}]
        made = [step for one in taken for step in one.steps if step.transform == "expand_dims"]
        return any(step.arguments.get("axis") == 0 for step in made)

    def call_rows(self, model: Callable[..., Mapping[str, Any]], outputs: Mapping[str, Any]) -> dict[str, Any]:
        """What a consumer without a batch gives for each row of the outputs, as one batch; of no rows, no results.

            report = sigcheck.check("clips.keras", "yamnet", map=True)
            report.adapter.call_rows(yamnet.signatures["serving_default"], clips(batch))

        The model is called with its inputs by name, once for each row, and gives a dict of its outputs. Raises
        UsageError where the adapter is no such one, and where outputs are missing.
        """
        if self.rows is None or self.rows.called != "consumer":
            raise UsageError("adapter", "not row by row, expected one of a check with map. Call it on the outputs.")
        return self._row_call(model, _by_name(outputs, self.provided))

    @cached_property
    def _row_call(self) -> Callable[..., dict[str, Any]]:
        from sigcheck.adapters.emitted import load_row_call

        return load_row_call(self.source)

    def to_module(self) -> tf.Module:
        """A `tf.Module` that TensorFlow saves: called with the dict of outputs; `serve` takes them by their names.

            module = report.adapter.to_module()
            tf.saved_model.save(module, "adapter", signatures=module.serve)

        Raises UsageError where a name cannot be one of a signature.
        """
        from sigcheck.adapters.module import build_module

        return build_module(self.source, self.bindings)

    def to_keras(self) -> keras.Model:
        """A functional Keras model of built-in layers and operations, from the dict of outputs to that of inputs.

        Raises UsageError where Keras has nothing for a kind, a step or a guard.
        """
        from sigcheck.adapters.keras_model import build_keras

        return build_keras(self.bindings)

    def to_numpy(self) -> NumpyAdapter:
        """The same in NumPy alone. Raises UsageError where NumPy has nothing for a kind, a dtype or a step."""
        return NumpyAdapter(write_numpy(self.producer, self.consumer, self.bindings), self.provided)

    def _tensor(self, name: str, value: Any) -> Any:
        import tensorflow as tf

        spec = self._specs[name]
        is_tensor = tf.is_tensor(value) or isinstance(value, tf.RaggedTensor | tf.SparseTensor)
        try:
            tensor = value if is_tensor else tf.convert_to_tensor(value)
        except (TypeError, ValueError):
            problem = f"a {type(value).__name__} of which TensorFlow makes no tensor, expected {spec}. Pass an array."
            raise UsageError(name, problem) from None
        shape = None if tensor.shape.rank is None else tuple(tensor.shape)
        if (spec.dtype is not None and tensor.dtype.name != spec.dtype) or not _may_be(shape, spec.shape):
            found = f"{tensor.dtype.name}{format_shape(shape)}"
            raise UsageError(name, f"{found}, expected {spec} as its signature says. Check the producer again.")
        return tensor


@dataclass(frozen=True)
class NumpyAdapter:
    """Runs the emitted NumPy source on arrays: a dict of outputs to a dict of inputs, or one array to one array.

    `provided` are the names of the outputs that it takes.
    """

    source: str
    provided: tuple[str, ...]

    @cached_property
    def function(self) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """`adapt` of the emitted module."""
        from sigcheck.adapters.emitted import load_emitted

        return load_emitted(self.source)

    def __call__(self, outputs: Any) -> Any:
        """Adapts a dict of outputs to a dict of inputs, or one array to one array.

        Raises UsageError where outputs are missing or one array is given for several, and ValueError
        where a guard of the plan does not hold.
        """
        return _as_given(self.function(_by_name(outputs, self.provided)), outputs)


def _by_name(outputs: Any, provided: Sequence[str]) -> dict[str, Any]:
    """What is given for each output that an adapter takes, which may come bare where it is the only one."""
    if isinstance(outputs, Mapping):
        leaves = list(_leaves(outputs))
        # A name that several of them have is made distinct as it was when the elements were read.
        known = dict(zip(distinct_names(name for name, _ in leaves), (value for _, value in leaves), strict=True))
        missing = [name for name in provided if name not in known]
        if missing:
            raise UsageError("adapter", f"no output {missing[0]!r} in {sorted(map(str, outputs))}. Pass it too.")
        return {name: known[name] for name in provided}
    if len(provided) != 1:
        raise UsageError("adapter", f"one value, expected a dict with {', '.join(provided)}. Pass the outputs by name.")
    return {provided[0]: outputs}


def _leaves(outputs: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Yields what dicts within dicts hold, each by its own key, in the order in which TensorFlow has them."""
    for name in sorted(outputs, key=str):
        value = outputs[name]
        if isinstance(value, Mapping):
            yield from _leaves(value)
        else:
            yield str(name), value


def _as_given(adapted: dict[str, Any], outputs: Any) -> Any:
    """The only input bare where the output came so."""
    return adapted if isinstance(outputs, Mapping) or len(adapted) != 1 else next(iter(adapted.values()))


def _may_be(shape: tuple[int | None, ...] | None, declared: tuple[int | None, ...] | None) -> bool:
    """Whether a tensor of a shape that is known only in part may be of the declared one."""
    if shape is None or declared is None:
        return True
    known = tuple(to if size is None else size for size, to in zip(shape, declared, strict=False))
    return len(shape) == len(declared) and is_subshape(known, declared)
