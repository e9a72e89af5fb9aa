"""The runner that executes: TensorFlow, an adapter and models in this process.

Imports TensorFlow. Whatever the adapter does, it does to the process that this runs in.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from sigcheck.readers.live.parts.specs import spec_from_type
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor
from sigcheck.verification.error_text import in_words
from sigcheck.verification.job import Job, Models
from sigcheck.verification.model_line import CalledOver, ModelLine
from sigcheck.verification.row_trial import row_ends
from sigcheck.verification.runner import AdapterError, FailedError, RefusedError, Traced, TracedOutput
from sigcheck.verification.tensors import from_tensorflow, row_spec, to_tensorflow, type_spec


class TensorFlowRunner:
    """Runs the adapter in a job's source, or a function of this process in its place."""

    def __init__(self, adapt: Callable[..., Any] | None = None) -> None:
        self._adapt = adapt
        self._function: Any = None
        self._provided: dict[str, TensorSpec] = {}
        self._line: ModelLine | None = None
        self._row_call: CalledOver | None = None

    def trace(self, job: Job) -> Traced:
        """Loads and traces the adapter of the job."""
        adapt = self._adapt or (_load(job.source) if job.rows is None else _rows(job))
        self._provided = _specs(job.used)
        self._line = None
        self._row_call = None
        if job.rows is not None and self._adapt is None:
            fed = {one.name: one.spec for one in job.required}
            self._row_call = CalledOver(_load(job.source, "call_rows"), fed, job.rows)
        specs = {name: type_spec(spec) for name, spec in self._provided.items()}
        try:
            self._function = tf.function(adapt, input_signature=[specs]).get_concrete_function()
        except Exception as error:
            raise AdapterError(f"TensorFlow cannot trace it: {in_words(error)}") from error
        outputs = self._function.structured_outputs
        if not isinstance(outputs, dict):
            return Traced(kind=type(outputs).__name__)
        return Traced(outputs=dict(_traced_outputs(job, outputs)))

    def run(self, values: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Runs the traced adapter."""
        try:
            given = self._function({name: to_tensorflow(value, self._provided[name]) for name, value in values.items()})
            return _values(given)
        except tf.errors.InvalidArgumentError as error:
            raise RefusedError(in_words(error)) from error
        except Exception as error:
            raise FailedError(in_words(error)) from error

    def load(self, models: Models) -> None:
        """Loads the models."""
        self._line = ModelLine.load(models, self._function, tuple(self._provided), self._row_call)

    def produce(self, inputs: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
        """Runs the producers."""
        return self._called(lambda line: line.produce(line.tensors(inputs)))

    def consume(self, adapted: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Runs the consumer."""
        return self._called(lambda line: line.consume(line.consumer_tensors(adapted)))

    def run_together(self, inputs: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
        """Runs producers, adapter and consumer as one graph."""
        return self._called(lambda line: line.run_together(line.tensors(inputs)))

    def _called(self, call: Callable[[ModelLine], dict[str, Any]]) -> dict[str, Tensor]:
        if self._line is None:
            raise FailedError("its models are not loaded")
        try:
            return _values(call(self._line))
        except Exception as error:
            raise FailedError(in_words(error)) from error


def _rows(job: Job) -> Callable[..., Any]:
    """The adapter over all rows: its row call, of a model that gives what it takes."""
    call = _load(job.source, "call_rows")
    results = {name: row_spec(spec) for name, spec in row_ends(job).items()}
    return lambda outputs: call(lambda **inputs: inputs, outputs, results)


def _load(source: str, name: str = "adapt") -> Callable[..., Any]:
    # A real file: AutoGraph reads the source of what it traces, and tracebacks show its lines.
    # Each has its own name: the bytecode and lines kept for a file must not be those of the last adapter.
    path = Path(f"adapter_{len(list(Path().glob('adapter_*.py')))}.py").absolute()
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise AdapterError("its source cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise AdapterError(f"its source does not run: {in_words(error)}") from error
    adapt: Callable[..., Any] | None = getattr(module, name, None)
    if not callable(adapt):
        raise AdapterError(f"its source defines no function {name!r}")
    return adapt


def _traced_outputs(job: Job, outputs: Mapping[Any, Any]) -> Iterator[tuple[str, TracedOutput]]:
    required = _specs(job.required)
    for name, output in outputs.items():
        try:
            given = tf.type_spec_from_value(output)
        except TypeError as error:
            yield str(name), TracedOutput(problem=in_words(error))
            continue
        spec = spec_from_type(given)
        if spec is None:
            yield str(name), TracedOutput(problem=f"a {type(given).__name__}")
        else:
            is_taken = name not in required or given.is_subtype_of(type_spec(required[name]))
            yield str(name), TracedOutput(spec=spec, is_taken=is_taken)


def _specs(endpoints: Sequence[Endpoint]) -> dict[str, TensorSpec]:
    return {endpoint.name: endpoint.spec for endpoint in endpoints}


def _values(tensors: Mapping[str, Any]) -> dict[str, Tensor]:
    return {name: from_tensorflow(tensor) for name, tensor in tensors.items()}
