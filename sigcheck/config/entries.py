"""Entries: what the config of a project may say. The JSON Schema for editors is made from these."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, ConfigDict, Field, field_validator, model_validator

from sigcheck.schema.bind import constant_problem, with_constants
from sigcheck.schema.facts import Facts
from sigcheck.schema.junction import Constant
from sigcheck.schema.loading import LayerName, ModuleName
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.row_call import Called
from sigcheck.schema.value import Value

RuleLevel = Literal["error", "warning", "note", "off"]
_Name = Annotated[str, Field(min_length=1)]


def _nameable(path: str) -> str:
    if "\0" in path:
        raise ValueError("holds a NUL, which no name of a file has")
    return path


def _of_python(path: str) -> str:
    # What is written over there with --force is a program, and never a model or the config.
    if not path.endswith(".py"):
        raise ValueError(f"found {path!r:.80}, expected a file of Python, such as 'adapters/a_to_b.py'")
    return path


_Path = Annotated[_Name, AfterValidator(_nameable)]
_Declared = dict[str, Facts]

# What stands between the two models of a link in its name.
ARROW = " -> "


# A project has entries by the thousand.
_NOTHING: dict[str, Any] = {}


def _nothing() -> dict[str, Any]:
    """What most entries have of most fields, once for all of them."""
    return _NOTHING


class ModelEntry(Value):
    """A model: where it is, which of its signatures, and what is known of its values.

    `source` is a path relative to the config, or a URL; a signature key may stand behind its
    `#`, or in `key`. `tags` choose the meta graph of a SavedModel. With `infer = false` its graph
    is not looked at: only what is declared, or stands in the file as metadata, is known of values.
    `load = true` says that files do not say all, and that TensorFlow has to load it: where a person asks for that,
    `import` are imported first, and the code in the file of the Lambda layers in `lambda` may run.
    `state` maps outputs to the inputs that they are in the next call, and `initial` has what the first call is fed; a
    link feeds and takes no states that it does not name.
    `data` are samples of its inputs and outputs, by their names: a path, a folder or a glob relative to the
    config. What they show is held against what is known of both ends of each link.
    """

    source: _Path
    key: _Name | None = None
    tags: Annotated[tuple[_Name, ...], Field(min_length=1)] | None = None
    # Strict: pydantic takes the text "off" for a boolean.
    infer: Annotated[bool, Field(strict=True)] = True
    load: Annotated[bool, Field(strict=True)] = False
    imports: Annotated[tuple[ModuleName, ...], Field(alias="import")] = ()
    lambdas: Annotated[tuple[LayerName, ...], Field(alias="lambda")] = ()
    data: _Path | None = None
    inputs: _Declared = Field(default_factory=_nothing)
    outputs: _Declared = Field(default_factory=_nothing)
    state: dict[_Name, _Name] = Field(default_factory=_nothing)
    initial: dict[_Name, Constant] = Field(default_factory=_nothing)

    @model_validator(mode="before")
    @classmethod
    def _only_facts(cls, data: Any) -> Any:
        # Every fact of a config is declared: there is nothing to say about its origin.
        if not isinstance(data, dict):
            return data
        for side in ("inputs", "outputs"):
            # Most entries declare none.
            if side not in data:
                continue
            named = data[side]
            for name, facts in named.items() if isinstance(named, dict) else ():
                if isinstance(facts, dict) and "origins" in facts:
                    raise ValueError(f"{side}.{name}.origins is no field that is known here")
        return data

    @model_validator(mode="after")
    def _loaded(self) -> ModelEntry:
        for name, given in (("import", self.imports), ("lambda", self.lambdas)):
            if given and not self.load:
                raise ValueError(f"{name} is of a model that is loaded; write load = true, or leave it out")
        return self


class LinkEntry(Value):
    """A link: the outputs of one model feed the inputs of another.

    `bind` maps outputs to inputs where names do not, one to one or several, and may say how:
    `"concat(a, b, axis=1)" = "x"`. `const` has values for inputs that no output is for.
    With `map = true` the consumer is called once for each row of the outputs; with `map = "producer"` the
    producer has a batch in front of its own.
    `example` is an `.npz` file with a provided and a required array, by which plans that tie are decided.
    With `loop = true` it is one from a model to itself: what is bound are states, that the next call takes, and `const`
    has what the first call is fed.
    `adapter` is the file of the adapter, written by `sigcheck adapt --all`. Both paths are relative to
    the config. `policy` replaces the fields of the project's policy that it names.
    """

    name: _Name | None = None
    producer: Annotated[_Name, Field(alias="from")]
    consumer: Annotated[_Name, Field(alias="to")]
    bind: dict[_Name, _Name | Annotated[tuple[_Name, ...], Field(min_length=1)]] = Field(default_factory=_nothing)
    const: dict[_Name, Constant] = Field(default_factory=_nothing)
    # Strict: pydantic takes the text "off" for a boolean.
    map: Annotated[bool, Field(strict=True)] | Called = False
    example: _Path | None = None
    loop: Annotated[bool, Field(strict=True)] = False
    adapter: Annotated[_Path, AfterValidator(_of_python)] | None = None
    policy: Policy = DEFAULT_POLICY

    @property
    def title(self) -> str:
        """Its name, else both models."""
        return self.name or f"{self.producer}{ARROW}{self.consumer}"

    @field_validator("bind", mode="before")
    @classmethod
    def _names(cls, bind: Any) -> Any:
        # Said here: of a value that may be one of two kinds pydantic tells what each kind lacks.
        for output, names in bind.items() if isinstance(bind, dict) else ():
            several = [names] if isinstance(names, str) else names
            if (
                not isinstance(several, list | tuple)
                or not several
                or not all(isinstance(n, str) and n for n in several)
            ):
                raise ValueError(
                    f"{output!r} is bound to {names!r:.80}, expected the name of an input, or a list of names"
                )
        return bind

    @field_validator("bind")
    @classmethod
    def _once(cls, bind: dict[str, str | tuple[str, ...]]) -> dict[str, str | tuple[str, ...]]:
        for output, names in bind.items():
            if len(set(names)) < len(names) and not isinstance(names, str):
                raise ValueError(f"an input of {output!r} stands twice; name it once")
        return bind

    @field_validator("map", mode="before")
    @classmethod
    def _mapped(cls, mapped: Any) -> Any:
        # Said here as of bind.
        if not isinstance(mapped, bool) and mapped not in get_args(Called):
            raise ValueError(f'found {mapped!r:.80}, expected true, false or "producer"')
        return mapped

    @field_validator("const", mode="before")
    @classmethod
    def _values(cls, const: Any) -> Any:
        # Said here as of bind.
        for name, value in const.items() if isinstance(const, dict) else ():
            if wrong := constant_problem(value):
                raise ValueError(f"of {name!r} {wrong}")
        return const

    @model_validator(mode="after")
    def _whole(self) -> LinkEntry:
        if self.loop and self.producer != self.consumer:
            raise ValueError(f"loop is of one model, found {self.producer!r} and {self.consumer!r}")
        if self.const:
            # Whoever reads a link asks once what feeds what. A validator cannot return another instance.
            object.__setattr__(self, "bind", with_constants(self.bind, self.const))
        return self


class ChainEntry(Value):
    """A chain: each model feeds the next one. Pairs that are links already stay as they are there."""

    models: Annotated[tuple[_Name, ...], Field(min_length=2)]
    policy: Policy = DEFAULT_POLICY


class IgnoreEntry(Value):
    """An ignore: one rule at one model or link, at one input or output of it where `place` is given."""

    rule: _Name
    model: _Name | None = None
    link: _Name | None = None
    place: _Name | None = None
    reason: _Name

    @model_validator(mode="after")
    def _one_subject(self) -> IgnoreEntry:
        if (self.model is None) == (self.link is None):
            raise ValueError("an ignore names one model or one link; to change a rule everywhere use [rules]")
        return self

    @property
    def subject(self) -> str:
        """The model or link that it names."""
        return self.model or self.link or ""


class Entries(Value):
    """Everything that a config may say.

    `against` is the Git revision that `sigcheck lint` compares the project with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", title="sigcheck")

    models: dict[_Name, ModelEntry] = Field(default_factory=dict)
    links: tuple[LinkEntry, ...] = ()
    chains: tuple[ChainEntry, ...] = ()
    policy: Policy = DEFAULT_POLICY
    rules: dict[_Name, RuleLevel] = Field(default_factory=dict)
    ignore: tuple[IgnoreEntry, ...] = ()
    against: _Name | None = None
