from __future__ import annotations

import pytest

from sigcheck.project.agree import agree
from sigcheck.project.lock_file import Lock, LockedModel, parse_lock, read_lock, write_lock
from sigcheck.project.read_models import read_models
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.errors import SourceError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.tensor_spec import TensorSpec

FACTS = Facts(
    axes=("batch", None),
    range=(0.5, 128),
    normalization={"mean": [127.5], "std": [0.25], "raw_range": [0, 1e20]},
    quantization={"scale": [0.5], "zero_point": [-1]},
    meaning="pixels",
    padding={"value": False, "side": "pre"},
).with_origin("read")
SPECS = [
    parse_spec("float32[?, 10]"),
    parse_spec("unknown[*]"),
    parse_spec("float32[]"),
    parse_spec("ragged int32[?, None, 4]"),
    TensorSpec(kind="ragged", dtype="string", shape=(None, None, 2), ragged_rank=2, row_splits_dtype="int32"),
    TensorSpec(kind="ragged", dtype="string", shape=None, ragged_rank=2),
    parse_spec("sparse float32[?, 9]"),
    parse_spec("uint8[?, 3]").replace(facts=FACTS),
]
NAMES = ["x", "a.b", 'quote"d', "new\nline", "ünï\U0001f600", "del\x7f", "", "[models]"]


def lock_of(*specs, name="encoder"):
    outputs = tuple(Endpoint(name=f"y{at}", spec=spec) for at, spec in enumerate(specs))
    entry = LockedModel(
        source="m", reader="keras", signature=Signature(key="k", outputs=outputs, tags=("gpu", "serve"))
    )
    return Lock(models={name: entry})


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_every_spec_is_read_back(spec):
    lock = lock_of(spec)
    assert parse_lock(write_lock(lock)) == lock
    (read,) = parse_lock(write_lock(lock)).models["encoder"].signature.outputs
    assert read.spec.facts.origins == spec.facts.origins


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_read_back(name):
    endpoint = Endpoint(name=name, spec=SPECS[0], optional=True, parts=(name, "b"))
    entry = LockedModel(source=name, reader="keras", signature=Signature(key=name, inputs=(endpoint,)))
    lock = Lock(models={name: entry})
    assert parse_lock(write_lock(lock)) == lock


def test_half_a_surrogate_pair_does_not_break_the_file():
    lock = Lock(models={"a": LockedModel(source="\ud800", reader="keras", signature=Signature())})
    assert parse_lock(write_lock(lock)).models["a"].source == "?"


def test_the_text_is_sorted_and_made_for_reviews():
    one, other = lock_of(SPECS[0], name="b"), lock_of(SPECS[3], name="a")
    assert write_lock(Lock(models={**one.models, **other.models})).splitlines()[1:] == [
        "version = 1",
        "",
        "[models.a]",
        'source = "m"',
        'reader = "keras"',
        'key = "k"',
        'tags = ["gpu", "serve"]',
        'outputs.y0 = "ragged int32[?, None, 4]"',
        "",
        "[models.b]",
        'source = "m"',
        'reader = "keras"',
        'key = "k"',
        'tags = ["gpu", "serve"]',
        'outputs.y0 = "float32[?, 10]"',
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<<<<<<< HEAD", "merge conflict"),
        ("version = 2", "version: must be 1, found 2"),
        ("[models]\na = 1", "models is no table of tables"),
        ('[models.a]\nsource = "x"\nreader = "y"\ninputs = 3', "inputs is no table"),
        ('[models.a]\nsource = "x"\nreader = "y"\ninputs.x = "float32"', "'float32' is no spec"),
        ('[models.a]\nsource = "x"\nreader = "y"\ninputs.x = { range = 1 }', "x has no spec"),
        (
            '[models.a]\nsource = "x"\nreader = "y"\ninputs.x = { spec = "float32[?]", proved = "linear" }',
            "what is proved of x is no table",
        ),
        ('[models.a]\nreader = "y"', r"models.a.source: is missing"),
        ('[models.a]\nsource = "x"\nreader = "y"\nother = 1', "is no field that is known here"),
    ],
)
def test_a_broken_lock_says_what_is_wrong(tmp_path, text, said):
    path = tmp_path / "sigcheck.lock"
    path.write_text(text)
    with pytest.raises(SourceError, match=said):
        read_lock(path)


def test_no_lock_is_none(tmp_path):
    assert read_lock(tmp_path / "sigcheck.lock") is None


def test_no_mark_that_turns_or_breaks_lines_is_written_raw():
    name = "a\u202eb\u2028c\x85d\x1be\U000e0001f\x7fg\n"
    endpoint = Endpoint(name=name, spec=SPECS[0], parts=(name, "b"))
    entry = LockedModel(source=name, reader="keras", signature=Signature(key=name, inputs=(endpoint,)))
    text = write_lock(Lock(models={name: entry}))
    assert all(line.isprintable() for line in text.split("\n"))
    assert parse_lock(text) == Lock(models={name: entry})


SIZED = Signature(
    inputs=(Endpoint(name="x", spec=parse_spec("float32[?, ?, ?, 3]"), sizes=("batch", "h", None, 3)),),
    outputs=(Endpoint(name="y", spec=parse_spec("float32[*]"), sizes=("batch", "2*(h // 2)")),),
    constraints=(Constraint(holds="h % 4 == 0", because=("as locked",), tier="proved"),),
)


def test_sizes_and_constraints_are_read_back():
    entry = LockedModel.of("m", "saved_model", SIZED)
    text = write_lock(Lock(models={"unet": entry}))
    assert parse_lock(text) == Lock(models={"unet": entry})
    assert 'constraints = ["h % 4 == 0"]' in text
    assert 'sizes = ["batch", "h", "?", 3]' in text
    assert entry.comparable == SIZED


def test_what_another_version_found_is_not_compared_with_what_this_one_finds():
    entry = LockedModel.of("m", "saved_model", SIZED).model_copy(update={"sizes_by": "0.0.9"})
    assert entry.comparable == SIZED.without_sizes()
    assert entry.signature.constraints


@pytest.mark.parametrize("told", ['constraints = "h"', "constraints = [1]", 'constraints = ["h +"]'])
def test_a_constraint_that_is_none_breaks_the_lock(tmp_path, told):
    path = tmp_path / "sigcheck.lock"
    path.write_text(f'version = 1\n[models.a]\nsource = "a"\nreader = "keras"\nkey = "k"\n{told}\n')
    with pytest.raises(SourceError):
        read_lock(path)


def test_a_mark_of_the_byte_order_is_no_part_of_a_lock(project, tmp_path):
    config = project()
    path = tmp_path / "sigcheck.lock"
    path.write_text(write_lock(agree(read_models(config, None), None)), encoding="utf-8")
    plain = read_lock(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_lock(path) == plain
