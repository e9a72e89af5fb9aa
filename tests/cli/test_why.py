from __future__ import annotations

import json

import pytest

FILE = """
inputs.image = "float32[batch, height, 2*width, 3]"
inputs.mask = "float32[batch, height, ?, 1]"
outputs.y = "float32[batch, 2*(height // 4)]"
constraints = [
    { holds = "height % 4 == 0", because = ["Concat of [height] and [4*(height // 4)] at `c`"] },
    "width >= 3",
]
"""


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.toml").write_text(FILE)
    return "m.toml"


@pytest.mark.parametrize("size", ["height", "image.1", "mask.1"])
def test_what_is_demanded_of_a_size_is_told_with_its_places(sigcheck, model, size):
    code, out, _ = sigcheck("why", model, size)
    assert code == 0
    assert out == (
        "m.toml#default: height, the size of image.1, mask.1\n\n"
        "height % 4 == 0 (read)\n"
        "  Concat of [height] and [4*(height // 4)] at `c`\n\n"
        "gives\n  output  size\n  y.1     2*(height // 4)\n"
    )


def test_of_a_size_that_all_numbers_meet_this_is_said(sigcheck, model):
    assert "nothing is demanded of it" in sigcheck("why", model, "batch")[1]


def test_json_has_all_of_it(sigcheck, model):
    code, out, _ = sigcheck("why", model, "width", "--format", "json")
    told = json.loads(out)
    assert (code, told["schema_version"], told["size"], told["axes"]) == (0, 1, "width", ["image.2"])
    assert told["demands"] == [{"holds": "width >= 3", "tier": "read", "because": []}]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ("m.toml", "hight"),
            "hight: m.toml#default has no such size, it has batch, height, width. Did you mean height?",
        ),
        (("m.toml", "image.3"), "image.3: it is 3 in the signature, expected an open size. Name another one."),
        (("m.toml", "image.2"), "image.2: it is 2*width, expected a size of its own. Ask for width."),
        (("m.toml", "image.9"), "image.9: image has 4 axes, expected one of 0 to 3. Name one."),
        (
            ("m.toml", "mask.2"),
            "mask.2: nothing is known of this axis, expected a size that has a name. Name another one.",
        ),
        (("none.toml", "t"), "none.toml: no such file or folder. Check the path."),
        (("m.toml#other", "t"), "m.toml: no signature 'other'; it has 'default'. Name one with m.toml#default."),
        (("bare.toml", "x.0"), "bare.toml#default: nothing is known of its open sizes"),
    ],
)
def test_what_there_is_not_is_one_line(sigcheck, model, tmp_path, arguments, line):
    (tmp_path / "bare.toml").write_text('inputs.x = "float32[?, 3]"\n')
    code, out, err = sigcheck("why", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"sigcheck: {line}"), err
    assert err.count("\n") == 1


def test_help_names_the_size(sigcheck):
    code, out, _ = sigcheck("why", "--help")
    assert code == 0
    assert "SIZE is a name that `sigcheck show --facts` prints" in out
