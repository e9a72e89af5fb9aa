"""What a fresh process loads: a lint that is slow to start is not used.

The modules named here cost, as times of a bare interpreter's start: numpy 23, h5py 27,
networkx 42, TensorFlow over 400.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"tensorflow", "keras", "numpy", "networkx", "h5py", "google.protobuf", "rich", "fsspec"}
# Planning may compare numbers, and adapters are proved elsewhere: still no TensorFlow here.
TENSORFLOW = {"tensorflow", "keras", "google.protobuf"}

SIGNATURE = """
{"schema_version": 1, "source": "s", "reader": "signature_file", "signatures": [{"key": "default",
 "inputs": [{"name": "x", "kind": "dense", "dtype": "float32", "shape": [null, 10], "facts": {}}],
 "outputs": [{"name": "x", "kind": "dense", "dtype": "float32", "shape": [null, 10], "facts": {}}]}], "notes": []}
"""


def loaded_by(code, *arguments):
    """The heavy modules that a fresh interpreter has loaded after running the code."""
    ends = f"\nimport sys; print('loaded', *({HEAVY!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", code + ends, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.fixture
def signature(tmp_path):
    path = tmp_path / "signature.json"
    path.write_text(SIGNATURE, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "module", ["sigcheck", "sigcheck.api", "sigcheck.cli", "sigcheck.readers", "sigcheck.verification"]
)
def test_importing_loads_nothing_heavy(module):
    assert loaded_by(f"import {module}") == set()


@pytest.mark.parametrize(
    "source", ["fixtures/rank/encoder", "fixtures/rank/classifier.keras", "fixtures/rows/tokenizer"]
)
def test_reading_loads_nothing_heavy(source):
    assert loaded_by("import sys, sigcheck; assert sigcheck.read(sys.argv[1]).signatures", source) == set()


CHECK = "import sys, sigcheck; report = sigcheck.check(*sys.argv[1:], verify='typed'); print(report.verdict)"


def test_checking_a_pair_that_fits_loads_nothing_heavy(signature):
    assert loaded_by(CHECK + "\nassert report.verdict == 'fits'", signature, signature) == set()


def test_checking_a_pair_that_needs_a_plan_loads_neither_tensorflow_nor_networkx():
    code = CHECK + "\nassert report.adapter.source"
    loaded = loaded_by(code, "fixtures/rank/encoder", "fixtures/rank/classifier.keras")
    assert not loaded & (TENSORFLOW | {"networkx"})


def test_the_graph_that_was_searched_loads_networkx_when_it_is_looked_at():
    code = CHECK + "\nassert all(len(graph) > 1 for graph in report.graphs.values())"
    assert "networkx" in loaded_by(code, "fixtures/rank/encoder", "fixtures/rank/classifier.keras")


def test_a_page_draws_what_was_searched_without_networkx():
    code = CHECK + "\nassert 'class=\"hop chosen\"' in report.to_html()"
    loaded = loaded_by(code, "fixtures/rank/encoder", "fixtures/rank/classifier.keras")
    assert not loaded & (TENSORFLOW | {"networkx"})


def test_proving_an_adapter_loads_no_tensorflow_in_the_process_that_asks():
    code = (
        "import sigcheck.verification.verify as v, sys\n"
        "v.WORKER = 'missing_worker'\n"
        "import sigcheck\n"
        "report = sigcheck.check(*sys.argv[1:], verify='executed')\n"
        "assert 'missing_worker' in report.result.verification.reason"
    )
    assert not loaded_by(code, "fixtures/rank/encoder", "fixtures/rank/classifier.keras") & TENSORFLOW


def test_showing_a_model_loads_nothing_of_a_check():
    """What `show` prints is read, and open sizes followed: planning, rules and reports would double its start."""
    code = (
        "import sys; from sigcheck.cli import run; run(['show', sys.argv[1]])\n"
        "found = {name.partition('.')[2].partition('.')[0] for name in sys.modules if name.startswith('sigcheck.')}\n"
        "assert not found & {'api', 'planning', 'transforms', 'rules', 'verification', 'adapters'}, found\n"
    )
    assert loaded_by(code, "fixtures/rank/encoder") == set()


def test_a_command_loads_neither_openssl_nor_what_looks_for_plugins_which_pydantic_would():
    """What stands in for them gives way to the real one when something is asked of it."""
    code = (
        "import sys; from sigcheck.cli import main\n"
        "sys.argv = ['sigcheck', 'show', sys.argv[1]]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "found = {'_hashlib', 'hmac', 'importlib.metadata', 'email'} & sys.modules.keys(); assert not found, found\n"
        "from secrets import token_hex; assert len(token_hex(4)) == 8 and 'hmac' in sys.modules\n"
        "import pydantic; assert pydantic.types.secrets.compare_digest('a', 'a')\n"
    )
    assert loaded_by(code, "fixtures/rank/encoder") == set()


def test_showing_sizes_loads_nothing_that_follows_values():
    """Of a batch alone there is one name, which no claim about values tells."""
    follows = ("sigcheck.inference.transfer", "sigcheck.inference.values", "sigcheck.inference.domain")
    code = "import sys; from sigcheck.cli import run; run(['show', sys.argv[1]]); loaded = set(sys.modules); "
    code += f"assert 'sigcheck.sizes.walk' in loaded; found = [one for one in loaded if one.startswith({follows!r})]; "
    assert loaded_by(f"{code}assert not found, found", "fixtures/rank/encoder") == set()


def test_checking_what_has_no_graph_loads_nothing_that_follows_graphs(signature):
    follows = "{name for name in sys.modules if name.startswith(('sigcheck.inference.transfer', 'sigcheck.sizes.'))}"
    code = f"{CHECK}; found = {follows} - {{'sigcheck.sizes.judged'}}; assert not found, found"
    assert loaded_by(code, signature, signature) == set()


def test_a_pair_that_is_bound_by_name_loads_nothing_that_joins_assigns_or_reads_examples():
    unused = {f"sigcheck.planning.{name}" for name in ("assignment", "example", "fans", "joined_example")}
    code = f"{CHECK}; found = {unused!r} & sys.modules.keys(); assert not found, found"
    loaded_by(code, "fixtures/rows/tokenizer", "fixtures/rows/tokenizer")


def test_a_graph_that_demands_nothing_of_sizes_loads_neither_their_arithmetic_nor_what_tells_why():
    unused = {f"sigcheck.sizes.{name}" for name in ("period", "summary", "trail")}
    code = f"{CHECK}; found = {unused!r} & sys.modules.keys(); assert 'sigcheck.sizes.walk' in sys.modules; "
    loaded_by(f"{code}assert not found, found", "fixtures/rank/encoder", "fixtures/rank/classifier.keras")


def test_a_small_check_is_never_searched_for_garbage_nor_is_what_it_leaves():
    code = (
        "import atexit, gc, sys; from sigcheck.__main__ import main; searches = []\n"
        "gc.callbacks.append(lambda phase, _: searches.append(phase))\n"
        "atexit.register(lambda: print('left', len(gc.get_objects()), 'searches', len(searches)))\n"
        "sys.argv[1:] = ['check', 'fixtures/rank/encoder', 'fixtures/rank/classifier.keras', '--verify', 'typed']\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    left, searches = done.stdout.splitlines()[-1].split()[1::2]
    assert int(left) < 1_000
    assert int(searches) == 0


def test_a_graph_without_layers_loads_no_rules_of_layers():
    found = "{name for name in sys.modules if name.startswith('sigcheck.sizes.operations.keras_')}"
    code = f"import sys; from sigcheck.cli import run; run(['show', sys.argv[1]]); assert {found} == set(); "
    loaded_by(f"{code}assert 'sigcheck.sizes.operations.products' in sys.modules", "fixtures/rank/encoder")


# Classes of values, by name, whose validators were built: each takes a millisecond or two.
BUILT = (
    "from sigcheck.schema.value import Value; found = []; left = [Value]\n"
    "while left: one = left.pop(); found += [one.__name__] * one.__pydantic_complete__; left += one.__subclasses__()\n"
    "assert not [one for one in found if one not in {'Value', 'MadeValue'}], found\n"
)


def test_showing_a_model_builds_no_validators():
    loaded_by(f"import sys; from sigcheck.cli import run; run(['show', sys.argv[1]])\n{BUILT}", "fixtures/rank/encoder")


def test_a_typed_check_builds_no_validators():
    run = "import sys; from sigcheck.cli import run; run(['check', *sys.argv[1:], '--verify', 'typed'])"
    loaded_by(f"{run}\n{BUILT}", "fixtures/rank/encoder", "fixtures/rank/classifier.keras")
