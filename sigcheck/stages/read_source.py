"""Read source: a source as it was read, once, with all that later stages ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from sigcheck.encodings.source import Source
from sigcheck.readers import graph_reader
from sigcheck.readers import read_meant as read_any
from sigcheck.schema.arguments import require_texts
from sigcheck.schema.errors import SigcheckError, UsageError
from sigcheck.schema.loading import Load, Loading, loading_of, require_load
from sigcheck.schema.selection import narrowed, select_signature
from sigcheck.schema.signature import Model, Signature

if TYPE_CHECKING:
    from sigcheck.schema.report import Side

End = Literal["inputs", "outputs"]


@dataclass(frozen=True)
class ReadSource:
    """What was read of a source, which is the file or folder, or the object in memory.

    `siblings` are signatures that it has besides, where one was chosen that nobody named. `loading` says how it was
    loaded to be read; None where it was not.
    """

    source: object
    model: Model
    siblings: tuple[Signature, ...] = ()
    loading: Loading | None = None

    @property
    def file(self) -> Source | None:
        """The file or folder; None of an object in memory."""
        return self.source if isinstance(self.source, Source) else None

    @property
    def signature(self) -> Signature:
        """The signature that is meant. Raises UsageError where none is there, or several could be meant."""
        return select_signature(self.model)

    @property
    def side(self) -> Side:
        """What reports call it. Raises as `signature` does."""
        # What is read alone is shown without a report.
        from sigcheck.schema.report import Side

        return Side(source=self.model.source, reader=self.model.reader, key=self.signature.key)

    @cached_property
    def shown(self) -> ReadSource:
        """The same with what the graph in the file shows of the values, which is looked at once, when it is asked for.

        An object in memory has no graph that is looked at; of a file that TensorFlow loaded it is that in the file.
        """
        return self._looked_at(for_sizes=False)

    @cached_property
    def sized(self) -> ReadSource:
        """The same with open sizes named, and with what must hold of them; as `shown` without all else."""
        return self._looked_at(for_sizes=True)

    def _looked_at(self, *, for_sizes: bool) -> ReadSource:
        if self.file is None:
            return self
        static = self.model
        if self.loading is not None:
            from sigcheck.stages.loaded_facts import read_in_file, with_facts

            static = read_in_file(self.file, self.loading) or static
        if graph_reader(static.reader) is None:
            return self
        from sigcheck.inference.infer import infer, infer_sizes

        found = (infer_sizes if for_sizes else infer)(self.file, static)
        return replace(self, model=found if self.loading is None else with_facts(self.model, found))

    def meant(self, end: End) -> ReadSource:
        """The same with no signature but the one that is meant. Raises UsageError where it has nothing at this end."""
        signature = self.signature
        if not (signature.outputs if end == "outputs" else signature.inputs):
            role = "a producer" if end == "outputs" else "a consumer"
            problem = f"signature {signature.key!r} has no {end}, expected {role}. Name another one."
            raise UsageError(self.model.source, problem)
        if len(self.model.signatures) == 1:
            return self
        siblings = tuple(one for one in self.model.signatures if one is not signature)
        return replace(self, model=self.model.model_copy(update={"signatures": (signature,)}), siblings=siblings)

    def others(self, end: End) -> list[ReadSource]:
        """The same with each of the siblings in place of its signature, of those that have something at this end."""
        found = [one for one in self.siblings if (one.outputs if end == "outputs" else one.inputs)]
        of = [self.model.model_copy(update={"signatures": (one,)}) for one in found]
        return [] if self.file is None else [ReadSource(self.source, one, loading=self.loading) for one in of]

    @property
    def written(self) -> str:
        """What one types to name its signature. Raises as `signature` does."""
        file = self.file
        tags = f"@{','.join(self.signature.tags)}" if self.signature.tags else ""
        return f"{self.model.source if file is None else file.place}#{self.signature.key}{tags}"


def try_read(
    source: str, *, key: str | None, tags: Sequence[str] | None, load: Load, infer: bool, names: bool = False
) -> Model | str:
    """The model of one source of many, or in one line why it cannot be read.

    What is chosen is that of `sigcheck.read`; with `names` open sizes are named.
    """
    try:
        read = read_source(source, key, tags, load=load)
    except SigcheckError as error:
        return str(error)
    return (read.shown if infer else read.sized if names else read).model


def read_source(
    source: object, key: str | None = None, tags: Sequence[str] | None = None, *, load: Load = False
) -> ReadSource:
    """A source with its signatures; with a key, in the call or behind the `#`, with that one only.

    Of a folder of versions the one that is served is read. With `load` a file is loaded by TensorFlow in a process of
    its own: models are programs. What was read already stays as it is. Raises SourceError where the source cannot be
    read and UsageError where the key does not exist.
    """
    if key is not None and not isinstance(key, str):
        raise UsageError("key", f"found {key!r:.80}, expected the key of a signature. Pass it as text.")
    if tags is not None:
        require_texts("tags", tags)
    require_load(load)
    if isinstance(source, ReadSource):
        return source
    meant, model = read_any(source, load=load)
    selector = meant.selector if isinstance(meant, Source) else None
    return ReadSource(meant, narrowed(model, selector, key, tags), loading=loading_of(load))
