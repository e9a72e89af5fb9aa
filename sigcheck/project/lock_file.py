"""The lock file: the signatures of all models as last agreed, in a text that reads well in a diff.

[models.encoder]
source = "models/encoder"
reader = "saved_model"
key = "serving_default"
inputs.measurements = "float32[?, 24]"
outputs.output_0 = { spec = "float32[?, 10]", facts = { range = [-1, 1] } }

Where the graph says more of open sizes, endpoints have `sizes`, and the model its `constraints`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from sigcheck import __version__
from sigcheck.encodings.toml_text import write_key, write_value
from sigcheck.encodings.whole_file import read_whole
from sigcheck.encodings.written_data import parse_toml
from sigcheck.readers.signature_file import recognize as signature_file
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, bounded, spend
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.errors import SourceError
from sigcheck.schema.facts import Facts, Origin
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.schema_problem import describe_problem
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.system_error import unreadable
from sigcheck.schema.value import Value

FILE = "sigcheck.lock"
MAX_BYTES = 64 * 2**20

_HEAD = "# The signatures as last agreed, written by `sigcheck lock`. Commit this file, and do not edit it.\n"
_SIDES = ("inputs", "outputs")


class LockedModel(Value):
    """The entry of one model: what was read from its source, before the config declares facts.

    `sizes_by` is the version of sigcheck that followed its sizes: another one may see more in the same graph.
    `sha256` is a digest of what was loaded: of the same content the entry answers where nothing is loaded.
    """

    source: str
    reader: str
    signature: Signature
    sizes_by: str | None = None
    sha256: str | None = None

    @classmethod
    def of(cls, source: str, reader: str, signature: Signature, content: str | None = None) -> LockedModel:
        """The entry of a model as this version reads it."""
        is_sized = any(one.sizes for one in (*signature.inputs, *signature.outputs))
        sizes_by = __version__ if is_sized else None
        return cls(source=source, reader=reader, signature=signature, sizes_by=sizes_by, sha256=content)

    @property
    def comparable(self) -> Signature:
        """The signature, with its sizes where what this version finds can be compared with them."""
        return self.signature if self.sizes_by in {None, __version__} else self.signature.without_sizes()


class Lock(Value):
    """All entries, by the name of the model in the config."""

    version: Literal[1] = 1
    models: Annotated[Mapping[str, LockedModel], Field(default_factory=dict)]


def read_lock(path: Path) -> Lock | None:
    """The lock in a file; None where there is none. Raises SourceError where it is broken."""
    try:
        text = read_whole(path, MAX_BYTES, "a lock").decode("utf-8-sig")
        with bounded(str(path), len(text)):
            return parse_lock(text)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(str(path), unreadable(error)) from None
    except RecursionError:
        raise SourceError(str(path), "nested too deep for a lock. Delete it, and run `sigcheck lock`.") from None
    except ValueError as error:
        said = describe_problem(error) if isinstance(error, ValidationError) else str(error).rstrip(".")
        advice = "Resolve it if it is a merge conflict, else delete the file; then run `sigcheck lock`."
        raise SourceError(str(path), f"{said}. {advice}") from None


def parse_lock(text: str) -> Lock:
    """The lock that a text holds. Raises ValueError where it holds none."""
    written = parse_toml(text)
    models = written.get("models", {})
    if not isinstance(models, dict) or not all(isinstance(one, dict) for one in models.values()):
        raise ValueError("models is no table of tables")
    return Lock.model_validate({**written, "models": {name: _entry(one) for name, one in models.items()}})


def write_lock(lock: Lock) -> str:
    """The text of a lock: sorted by the name of the model, lines end in LF. The same lock gives the same text."""
    groups = [write_entry(name, lock.models[name]) for name in sorted(lock.models)]
    return "\n\n".join([f"{_HEAD}version = {lock.version}", *groups]) + "\n"


def write_entry(name: str, entry: LockedModel) -> str:
    """The lines of one model, without the line break at their end."""
    return "\n".join(_group(name, entry))


def _group(name: str, entry: LockedModel) -> Iterator[str]:
    signature = entry.signature
    yield f"[models.{write_key(name)}]"
    yield f"source = {write_value(entry.source)}"
    yield f"reader = {write_value(entry.reader)}"
    yield f"key = {write_value(signature.key)}"
    if signature.tags:
        yield f"tags = {write_value(list(signature.tags))}"
    if entry.sizes_by is not None:
        yield f"sizes_by = {write_value(entry.sizes_by)}"
    if entry.sha256 is not None:
        yield f"sha256 = {write_value(entry.sha256)}"
    if signature.constraints:
        yield f"constraints = {write_value([one.holds for one in signature.constraints])}"
    for side in _SIDES:
        for endpoint in getattr(signature, side):
            yield f"{side}.{write_key(endpoint.name)} = {write_value(_endpoint(endpoint))}"


def _endpoint(endpoint: Endpoint) -> str | dict[str, Any]:
    spec, bare = endpoint.spec, endpoint.spec.replace(facts=Facts())
    text = str(bare)
    written: dict[str, Any] = {"spec": text}
    if parse_spec(text) != bare:
        # The notation says nothing of row splits, nor where the last ragged axis is of one size.
        written |= {"ragged_rank": spec.ragged_rank, "row_splits_dtype": spec.row_splits_dtype}
    if endpoint.optional:
        written["optional"] = True
    if endpoint.unless_fed:
        written["unless_fed"] = list(endpoint.unless_fed)
    if endpoint.parts:
        written["parts"] = list(endpoint.parts)
    if endpoint.sizes is not None:
        written["sizes"] = list(endpoint.sizes)
    facts = {name: value for name, value in spec.facts.model_dump(mode="json").items() if name != "origins"}
    if facts:
        written["facts"] = facts
    proved = {
        claim.name: claim.model_dump(mode="json")["value"] for claim in endpoint.inferred if claim.tier == "proved"
    }
    if proved:
        written["proved"] = proved
    return text if len(written) == 1 else written


def _entry(written: dict[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in written.items() if name not in {"key", "tags", "constraints", *_SIDES}}
    signature = {name: value for name, value in written.items() if name in {"key", "tags"}}
    signature["constraints"] = _constraints(written.get("constraints", []))
    # What a signature file says was declared there; everything else was read from a model.
    origin: Origin = "declared" if written.get("reader") == signature_file.NAME else "read"
    for side in _SIDES:
        named = written.get(side, {})
        if not isinstance(named, dict):
            raise ValueError(f"{side} is no table")
        signature[side] = [_parsed(name, one, origin) for name, one in named.items()]
    return {**own, "signature": signature}


def _constraints(written: Any) -> list[Constraint]:
    if not isinstance(written, list) or not all(isinstance(one, str) for one in written):
        raise ValueError("constraints is no list of texts")
    return [Constraint(holds=one, because=("as locked",), tier="proved") for one in written]


def _parsed(name: str, written: Any, origin: Origin) -> Endpoint:
    spend(2 * STEPS_OF_ENDPOINT)
    fields = {"spec": written} if isinstance(written, str) else written
    if not isinstance(fields, dict) or not isinstance(fields.get("spec"), str):
        raise ValueError(f"{name} has no spec")
    spec = parse_spec(fields["spec"])
    more = {field: fields[field] for field in ("ragged_rank", "row_splits_dtype") if field in fields}
    if "facts" in fields:
        more["facts"] = Facts.model_validate(_with_null(fields["facts"])).with_origin(origin)
    if more:
        spec = spec.replace(**more)
    rest = {field: value for field, value in fields.items() if field not in {"spec", "facts", "proved", *more}}
    if isinstance(rest.get("sizes"), list):
        rest["sizes"] = [None if size == "?" else size for size in rest["sizes"]]
    proved = fields.get("proved", {})
    if not isinstance(proved, dict):
        raise ValueError(f"what is proved of {name} is no table")
    rest["inferred"] = [
        Inferred(name=claim, value=value, tier="proved", reason="as locked") for claim, value in proved.items()
    ]
    return Endpoint.model_validate({"name": name, **rest, "spec": spec})


def _with_null(facts: Any) -> Any:
    if isinstance(facts, dict) and isinstance(facts.get("axes"), list):
        return {**facts, "axes": [None if axis == "?" else axis for axis in facts["axes"]]}
    return facts
