"""The mistakes that new users make most, and the line that each of them gets: read them one by one.

A line says the place, what was found, what was expected and what to do. Nothing else is printed, and the
exit code is 2.
"""

# ruff: noqa: E501  # a line stands here as it is printed

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from sigcheck.readers import CATALOG
from sigcheck.reports import FORMATS

from .conftest import FIXTURES

# A new format needs no other line here.
_USUAL = [one.ACCEPTS for one in CATALOG.in_order() if CATALOG.module_of(one.NAME, "graph")]
SOURCES = f"{', '.join(_USUAL)} or one of {len(CATALOG) - len(_USUAL)} other formats"
FORMAT_NAMES = ", ".join(FORMATS)

CHECK = "check encoder classifier.keras --verify typed"
MODELS = "[models.encoder]\nsource = 'encoder'\n[models.classifier]\nsource = 'classifier.keras'\n"
LINK = f"{MODELS}[[links]]\nfrom = 'encoder'\nto = 'classifier'\n"


@dataclass(frozen=True)
class Mistake:
    """What was typed, the file that it was typed about, and the answer."""

    command: str
    line: str
    config: str | None = None


MISTAKES = {
    # A model that is none.
    "wrong path": Mistake("show encodr", "encodr: no such file or folder. Did you mean encoder?"),
    "ending left out": Mistake("show sensor", "sensor: no such file or folder. Did you mean sensor.keras?"),
    "folder misspelt": Mistake(
        "show project/model/resizer",
        "project/model/resizer: no such file or folder. Did you mean project/models/resizer?",
    ),
    "nothing near": Mistake(
        "show nowhere/at/all.keras", "nowhere/at/all.keras: no such file or folder. Check the path."
    ),
    "Python code": Mistake(
        "show model.py",
        f"model.py: Python code, which is never run, expected {SOURCES}. Save the model that it makes, and name the file.",
    ),
    "a zip archive": Mistake(
        "show weights.zip",
        f"weights.zip: a zip archive that is no .keras file, expected {SOURCES}. Unpack it, and name the model in it.",
    ),
    "an empty folder": Mistake(
        "show hollow",
        f"hollow: an empty folder, expected {SOURCES}. Check the path.",
    ),
    "an empty file": Mistake(
        "show blank.keras",
        "blank.keras: an empty file, expected a .keras file. Check the path.",
    ),
    "a folder of models": Mistake(
        "check models classifier.keras",
        "models: a folder that is no model itself, but holds some. Name one, such as models/classifier.keras.",
    ),
    "a part of a SavedModel": Mistake(
        "show encoder/variables", "encoder/variables: a part of a SavedModel, not a model. Name the folder: encoder."
    ),
    "half a download": Mistake(
        "show cut.keras",
        "cut.keras: broken: cut off, or not a zip archive, expected a .keras file. Export or copy it again.",
    ),
    "half a model of TensorFlow.js": Mistake(
        "show tfjs",
        "tfjs: broken: its parts do not agree, expected a TensorFlow.js model.json. Export or copy it again.",
    ),
    "bad JSON": Mistake("show bad.json", "bad.json: line 1, column 13: expecting value. Correct the file there."),
    "a dtype misspelt": Mistake(
        "show dtype.json",
        "dtype.json: outputs.y: 'float33[?, 3]': dtype: 'float33' is no TensorFlow dtype; write one such as float32, int64, string. Compare with what `sigcheck show --format json` prints.",
    ),
    "a bracket left out": Mistake(
        "show bracket.json",
        "bracket.json: outputs.y: 'float32[?, 3' is no spec; write it like 'float32[?, 10]' or 'ragged string[?, None]'. Compare with what `sigcheck show --format json` prints.",
    ),
    "a URL without the extra": Mistake(
        "show https://models.test/encoder.keras",
        "https://models.test/encoder.keras: a URL, which is read with fsspec. Install it with: pip install 'sigcheck[remote]'.",
    ),
    "a file without permission": Mistake(
        "show secret.keras", "secret.keras: cannot be read: Permission denied. Check its permissions."
    ),
    "a folder without permission": Mistake(
        "show secret", "secret/saved_model.pb: cannot be read: Permission denied. Check its permissions."
    ),
    # Signatures.
    "wrong key": Mistake(
        "show encoder#predict",
        "encoder: no signature 'predict'; it has 'serving_default'. Name one with encoder#serving_default.",
    ),
    "several signatures, none chosen": Mistake(
        "check several.json classifier.keras",
        "several.json: no signature 'serving_default', and several others; it has 'encode', 'decode'. Name one with several.json#decode.",
    ),
    "one model only": Mistake("check encoder", "check: one source, expected a producer and a consumer. Name both."),
    "no model": Mistake(
        "check",
        "check: too few arguments, expected `sigcheck check PRODUCER... CONSUMER`. See `sigcheck check --help`.",
    ),
    # Words.
    "command": Mistake(
        "chek encoder classifier.keras",
        "chek: no such command, expected show, why, check, adapt, verify, fuse, init, lint, lock, diff, observe, explain, doctor, completion or lsp. Did you mean check?",
    ),
    "option": Mistake(f"{CHECK} --lose exact", "check: no option '--lose'. Did you mean --loss?"),
    "policy": Mistake(
        f"{CHECK} --loss lossless",
        "--loss: found 'lossless', expected LEVEL or IN=LEVEL, LEVEL one of exact, rounding, truncating, irreversible. Write it like --loss truncating or --loss mask=irreversible.",
    ),
    "level": Mistake(
        "check encoder classifier.keras --verify execute",
        "--verify: found 'execute', expected typed, traced or executed. Did you mean executed?",
    ),
    "time": Mistake(
        f"{CHECK} --timeout 0", "--timeout: found '0.0', expected a number above 0. Write one, such as 60."
    ),
    "option without its value": Mistake(
        "lint --baseline", "--baseline: nothing behind it, expected a value. See the command's --help."
    ),
    "transform": Mistake(f"{CHECK} --deny expand_dim", "--deny: no transform 'expand_dim'. Did you mean expand_dims?"),
    "rule": Mistake(
        "explain rank_mismach", "explain: no rule, transform or junction 'rank_mismach'. Did you mean rank_mismatch?"
    ),
    "report": Mistake(
        f"{CHECK} --output fit.sarif",
        f"--output: found 'fit.sarif', expected FORMAT=FILE, FORMAT one of {FORMAT_NAMES}. Write it like --output sarif=fit.sarif.",
    ),
    # Facts.
    "fact": Mistake(
        f"{CHECK} --fact producer.output_0.rnge=0,1",
        "--fact: no fact 'rnge', expected one of axes, range, normalization, quantization, meaning, id_count, channel_order, boxes, features, padding. Did you mean range?",
    ),
    "fact of no output": Mistake(
        f"{CHECK} --fact producer.pixels.range=0,1",
        "producer.pixels: the producer has no output 'pixels'; it has 'output_0'. Name one of these. What is known of an input stands under consumer.pixels.",
    ),
    "fact on the wrong side": Mistake(
        f"{CHECK} --fact consumer.output_0.range=0,1",
        "consumer.output_0: the consumer has no input 'output_0'; it has 'x'. Name one of these. What is known of an output stands under producer.output_0.",
    ),
    "too few axes": Mistake(
        f"{CHECK} --fact producer.output_0.axes=batch",
        "producer.output_0.axes: axes names 1 axes, the shape [?, 10] has 2. Correct the declaration.",
    ),
    "range of one number": Mistake(
        f"{CHECK} --fact producer.output_0.range=255",
        "producer.output_0.range: found 255, expected a value such as [0, 255]. Write it so.",
    ),
    "range upside down": Mistake(
        f"{CHECK} --fact producer.output_0.range=255,0",
        "producer.output_0.range: the lower end 255 must be below the upper end 0. Correct the declaration.",
    ),
    "range beyond the dtype": Mistake(
        "check sensor.keras scorer --fact consumer.readings.range=0,100000",
        "consumer.readings.range: range [0, 100000] does not fit in float16. Correct the declaration.",
    ),
    "meaning": Mistake(
        f"{CHECK} --fact producer.output_0.meaning=logit",
        "producer.output_0.meaning: found 'logit', expected a word that is known here. Did you mean 'logits'?",
    ),
    "channel order": Mistake(
        f"{CHECK} --fact producer.output_0.channel_order=RBG",
        "producer.output_0.channel_order: found 'RBG', expected a word that is known here. Did you mean 'RGB'?",
    ),
    "no file of facts": Mistake(f"{CHECK} --facts fact.toml", "fact.toml: no such file. Check the path."),
    "bad TOML": Mistake(
        f"{CHECK} --facts bad.toml",
        "bad.toml: not TOML: expected ']' at the end of a table declaration (at line 1, column 19). Correct it there.",
    ),
    # Bindings.
    "binding of no output": Mistake(
        f"{CHECK} --bind output0=x", "bind output0=x: the producer has no output 'output0'; did you mean 'output_0'?"
    ),
    "binding of no input": Mistake(
        f"{CHECK} --bind output_0=features",
        "bind output_0=features: the consumer has no input 'features'; it has 'x'. Name one of these.",
    ),
    "binding the wrong way round": Mistake(
        f"{CHECK} --bind x=output_0",
        "bind x=output_0: input and output are the wrong way round, expected output_0=x. Turn them.",
    ),
    "half a binding": Mistake(
        f"{CHECK} --bind output_0", "--bind: found 'output_0', expected OUT=IN. Write it like --bind output_0=x."
    ),
    # Examples.
    "no example": Mistake(
        f"{CHECK} --example pair.npz",
        "pair.npz: no such file, expected an .npz file. Check the path.",
    ),
    "a broken example": Mistake(
        f"{CHECK} --example broken.npz",
        "broken.npz: no .npz file: cut off, or not a zip archive, expected a provided and a required array. Write it with numpy.savez.",
    ),
    "arrays of other names": Mistake(
        f"{CHECK} --example names.npz", "names.npz: an array 'before', expected provided and required. Rename it."
    ),
    "arrays of another shape": Mistake(
        f"{CHECK} --example shapes.npz",
        "shapes.npz for x: the provided array is float32[2, 9], expected float32[?, 10]. Save what the producer gives.",
    ),
    # Files to write.
    "an adapter over somebody's file": Mistake(
        "adapt encoder classifier.keras --verify typed -q -o model.py",
        "model.py: is there already, and sigcheck did not write it. Overwrite it with --force.",
    ),
    "a folder that is not there": Mistake(
        "adapt encoder classifier.keras --verify typed -q -o out/adapter.py",
        "out/adapter.py: no folder out to write into, expected one. Make it, or name another.",
    ),
    "verifying what is not there": Mistake(
        "verify adapter.py", "adapter.py: cannot be read: No such file or directory. Check the path."
    ),
    "verifying what has no certificate": Mistake(
        "verify model.py",
        "model.certificate.json: no certificate there, expected one beside the adapter. Write it with `sigcheck adapt ... -o FILE`.",
    ),
    "a model without TensorFlow": Mistake(
        "adapt encoder classifier.keras --as keras -o adapter.keras --verify typed -q",
        "tensorflow: is not installed, and has to write this form. Install it with: pip install 'sigcheck[tensorflow]'.",
    ),
    # A project.
    "no config": Mistake(
        "lint",
        (
            ".: no config here or above, expected sigcheck.toml, or [tool.sigcheck] in pyproject.toml. "
            "There is project/sigcheck.toml: name it, or write one with `sigcheck init`."
        ),
    ),
    "an empty config": Mistake(
        "lint",
        "sigcheck.toml: no models, expected a [models.NAME] table for each. Write one, with its `source`.",
        config="",
    ),
    "a config that is not TOML": Mistake(
        "lint",
        "sigcheck.toml: not TOML: expected ']]' at the end of an array declaration (at line 5, column 8). Correct it there.",
        config=f"{MODELS}[[links]\n",
    ),
    "a field misspelt": Mistake(
        "lint",
        "sigcheck.toml:2: models.encoder.sorce: no such field; did you mean 'source'?",
        config="[models.encoder]\nsorce = 'encoder'\n",
    ),
    "a link to no model": Mistake(
        "lint",
        "sigcheck.toml:10: links[1].to: no model 'tagger'; there is 'classifier', 'encoder'. Name one of these.",
        config=f"{LINK}[[links]]\nfrom = 'encoder'\nto = 'tagger'\n",
    ),
    "a rule misspelt": Mistake(
        "lint",
        "sigcheck.toml:9: rules.rank_mismach: no rule 'rank_mismach'; did you mean 'rank_mismatch'?",
        config=f"{LINK}[rules]\nrank_mismach = 'off'\n",
    ),
    "a policy misspelt": Mistake(
        "lint",
        "sigcheck.toml:8: links[0].policy.loss: found 'lossless', expected exact, rounding, truncating or irreversible. Write one of these.",
        config=f"{LINK}policy = {{ loss = 'lossless' }}\n",
    ),
    "an ignore of no link": Mistake(
        "lint",
        "sigcheck.toml:10: ignore[0].link: no link 'encoder -> tagger'; did you mean 'encoder -> classifier'?",
        config=f"{LINK}[[ignore]]\nrule = 'rank_mismatch'\nlink = 'encoder -> tagger'\nreason = 'known'\n",
    ),
    "a lock that was never written": Mistake(
        "diff lock encoder", "sigcheck.lock: no entry for 'encoder'. Run `sigcheck lock` first.", config=LINK
    ),
    "a baseline that was never written": Mistake(
        "lint --baseline found.json",
        "found.json: no such file. Check the path, or write it once with `sigcheck lint --baseline FILE --accept`.",
        config=LINK,
    ),
    "a config that is there": Mistake(
        "init", "sigcheck.toml: there is a config already, and init changes none. Edit it.", config=LINK
    ),
    "no models to begin with": Mistake(
        "init hollow", "hollow: no models in it, expected some. Name the folder that holds them."
    ),
}


@pytest.fixture
def desk(folder, monkeypatch):
    """The working folder, with what people have lying about."""
    (folder / "facts.toml").unlink()
    shutil.copytree(FIXTURES / "project", folder / "project")
    shutil.copytree(FIXTURES / "rank", folder / "models")
    shutil.copytree(FIXTURES / "rank" / "encoder", folder / "secret")
    shutil.copy(folder / "classifier.keras", folder / "secret.keras")
    (folder / "hollow").mkdir()
    (folder / "blank.keras").touch()
    (folder / "model.py").write_text("import keras\n")
    with zipfile.ZipFile(folder / "weights.zip", "w") as archive:
        archive.writestr("weights.bin", b"0")
    (folder / "cut.keras").write_bytes((folder / "classifier.keras").read_bytes()[:900])
    (folder / "tfjs").mkdir()
    (folder / "tfjs" / "model.json").write_text('{"modelTopology": {"node": 1}}')
    (folder / "bad.json").write_text('{"outputs": }')
    (folder / "dtype.json").write_text('{"outputs": {"y": "float33[?, 3]"}}')
    (folder / "bracket.json").write_text('{"outputs": {"y": "float32[?, 3"}}')
    one = {"inputs": [], "outputs": [{"name": "y", "dtype": "float32", "shape": [None, 3]}]}
    several = {"signatures": [{"key": "encode", **one}, {"key": "decode", **one}]}
    (folder / "several.json").write_text(json.dumps(several))
    (folder / "bad.toml").write_text("[producer.output_0\nrange = [0, 1]\n")
    (folder / "broken.npz").write_text("no archive")
    np.savez(folder / "names.npz", before=np.zeros([2, 10], np.float32), after=np.zeros([2, 1, 10], np.float32))
    np.savez(folder / "shapes.npz", provided=np.zeros([2, 9], np.float32), required=np.zeros([2, 1, 10], np.float32))
    # Not installed; whoever runs the tests may read everything.
    monkeypatch.setitem(sys.modules, "fsspec", None)
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "tensorflow" else find_spec(name, *rest)
    )
    _forbid(monkeypatch, "secret")
    return folder


def _forbid(monkeypatch, name):
    import os

    look, read = os.scandir, os.open

    def is_secret(path):
        return not isinstance(path, int) and Path(path).name.split(".")[0] == name

    def scandir(path="."):
        if is_secret(path):
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    def open_file(path, *arguments, **options):
        if is_secret(path) or is_secret(Path(path).parent):
            raise PermissionError(13, "Permission denied", str(path))
        return read(path, *arguments, **options)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "open", open_file)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gets_one_line_that_says_what_to_do(name, desk, sigcheck):
    mistake = MISTAKES[name]
    if mistake.config is not None:
        (desk / "sigcheck.toml").write_text(mistake.config)
    code, out, err = sigcheck(*mistake.command.split())
    assert (code, out) == (2, "")
    assert err.replace(str(desk), "FOLDER") == f"sigcheck: {mistake.line}\n"


@pytest.mark.parametrize("name", MISTAKES)
def test_the_line_has_a_place_and_ends_in_advice(name):
    assert re.fullmatch(r".+?: .+(?:\. [A-Z].+[.?]|; did you mean .+\?.*)", MISTAKES[name].line)
