"""A certificate: what was proved of an adapter file, and everything that is needed to prove it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, computed_field, model_serializer

from sigcheck.schema.finding import Level
from sigcheck.schema.loading import Load
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.report import Verification, VerificationLevel
from sigcheck.schema.row_call import Map
from sigcheck.schema.signature import Signature
from sigcheck.schema.value import SCHEMA_VERSION, Value


class CertifiedSide(Value):
    """One model: where it lies, seen from the certificate's folder, its signature, and how it was loaded."""

    source: str
    reader: str
    sha256: str
    signature: Signature
    load: Load = False

    @model_serializer(mode="wrap")
    def _as_contract(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if not self.load:
            del written["load"]
        return written


class Certificate(Value):
    """The JSON that stands beside an adapter. It has no times in it: the same proof gives the same bytes.

    `sha256` is that of the adapter file, and of each signature that of its JSON with sorted keys.
    `earlier` are models before the producer of which the adapter takes something, by the names that `bind` has
    for them, the nearest last. `infer` says whether the graphs of the models were looked at. `plans` are the steps to
    each input where an example decided them: without it they would tie again. `map` says which model is called
    row by row. `load` says that models were loaded: those whose side says so, all where none does.
    `holds_where` are the constraints on sizes that nobody can tell before the run; None of a
    certificate from before they were looked at.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    adapter: str
    sha256: str
    producers: tuple[CertifiedSide, ...]
    consumer: CertifiedSide
    earlier: Mapping[str, CertifiedSide] = Field(default_factory=dict)
    bind: Mapping[str, str | tuple[str, ...]] = Field(default_factory=dict)
    facts: Mapping[str, Mapping[str, Mapping[str, Any]]] = Field(default_factory=dict)
    policy: Policy = DEFAULT_POLICY
    plans: Mapping[str, str] = Field(default_factory=dict)
    map: Map = False
    load: bool = False
    infer: bool = True
    level: VerificationLevel
    cases: int
    reason: str | None = None
    max_abs_error: float | None = None
    max_rel_error: float | None = None
    sizes: Mapping[str, tuple[tuple[int, ...], ...]] = Field(default_factory=dict)
    seeds: tuple[int, ...] = ()
    holds_where: tuple[str, ...] | None = None
    versions: Mapping[str, str] = Field(default_factory=dict)

    @property
    def sides(self) -> tuple[CertifiedSide, ...]:
        """All models: the producers, the consumer and those before them."""
        return (*self.producers, self.consumer, *self.earlier.values())

    @model_serializer(mode="wrap")
    def _as_contract(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if not self.earlier:
            del written["earlier"]
        return written


class Change(Value):
    """Something that is not as it was certified. At level error the certificate no longer holds."""

    what: str
    level: Level
    message: str


class Recheck(Value):
    """The answer of `sigcheck verify`: what was certified, what was proved now, and what changed."""

    schema_version: Literal[1] = SCHEMA_VERSION
    adapter: str
    certified: VerificationLevel
    certified_cases: int
    verification: Verification
    changes: tuple[Change, ...] = ()

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties (mypy#1362)
    @property
    def holds(self) -> bool:
        """Whether the certificate still says the truth of this file and these models."""
        return not any(change.level == "error" for change in self.changes)

    @property
    def exit_code(self) -> int:
        """0 it holds, 1 it does not."""
        return 0 if self.holds else 1
