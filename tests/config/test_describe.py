from __future__ import annotations

import re

import pytest

from sigcheck.config.describe import MOST_TOLD
from sigcheck.config.load import load_config
from sigcheck.schema.errors import UsageError

from .conftest import TEXT


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("adapter =", "adpter =", "sigcheck.toml:12: links[0].adpter: no such field; did you mean 'adapter'?"),
        ("[models.e", "[modls.e", "sigcheck.toml:1: modls: no such field; did you mean 'models'?"),
        (
            "range =",
            "rage =",
            "sigcheck.toml:3: models.encoder.outputs.embedding.rage: no such field; did you mean 'range'?",
        ),
        (
            "range = [-1, 1]",
            "padding = { vaule = 1 }",
            "sigcheck.toml:3: models.encoder.outputs.embedding.padding.vaule: no such field; did you mean 'value'?",
        ),
        ("assume =", "asume =", "sigcheck.toml:13: links[0].policy.asume: no such field; did you mean 'assume'?"),
        ("reason =", "why =", "sigcheck.toml:18: ignore[0].why: no such field; there is 'link', 'model', 'place', "),
        (
            '"rounding"',
            '"rouding"',
            (
                "sigcheck.toml:13: links[0].policy.loss: found 'rouding', expected exact, rounding, truncating or "
                "irreversible. Did you mean 'rounding'?"
            ),
        ),
        (
            "[-1, 1]",
            "[1, 1]",
            (
                "sigcheck.toml:3: models.encoder.outputs.embedding.range: the lower end 1 must be below "
                "the upper end 1. Correct it."
            ),
        ),
        (
            "outputs.embedding = {",
            'inputs = "x"\noutputs.embedding = {',
            "sigcheck.toml:3: models.encoder.inputs: found 'x', expected a table. Write it as one.",
        ),
        (
            "outputs.embedding =",
            "outputs = [1]\nx =",
            "sigcheck.toml:4: models.encoder.x: no such field",
        ),
        (
            'outputs.embedding = { axes = ["batch", "feature"], range = [-1, 1] }',
            "outputs = [1]",
            "sigcheck.toml:3: models.encoder.outputs: found [1], expected a table. Write it as one.",
        ),
        (
            'outputs.embedding = { axes = ["batch", "feature"], range = [-1, 1] }',
            "outputs = { rnage = [0, 1] }",
            (
                "sigcheck.toml:3: models.encoder.outputs.rnage: found [0, 1], expected the facts of 'rnage'. "
                "Did you mean outputs.NAME.range?"
            ),
        ),
        (
            'to = "classifier"',
            'to = "classifier"\nmodels.encoder.outputs.embedding.range = [0, 1]',
            (
                "sigcheck.toml:11: links[0].models: taken as a field of links[0], which it stands below. "
                "Write [models.encoder.outputs.embedding], and its keys below that."
            ),
        ),
        (
            'to = "classifier"',
            'to = "classifier"\nmodels.encoder.outputs."a b".padding.value = 0',
            (
                "sigcheck.toml:11: links[0].models: taken as a field of links[0], which it stands below. "
                'Write [models.encoder.outputs."a b"], and its keys below that.'
            ),
        ),
        (
            'to = "classifier"',
            'to = "classifier"\nignore = []',
            "sigcheck.toml:11: links[0].ignore: taken as a field of links[0], which it stands below. Write [[ignore]]",
        ),
        (
            'to = "classifier"',
            'to = "classifier"\nagainst = "main"',
            (
                "sigcheck.toml:11: links[0].against: taken as a field of links[0], which it stands below. "
                "Write it above the first table of the config."
            ),
        ),
        (
            "[[links]]",
            "[links]",
            "sigcheck.toml:8: links: one table, expected a list of them. Write [[links]], with two brackets.",
        ),
        (
            "[[ignore]]",
            "[ignore]",
            "sigcheck.toml:15: ignore: one table, expected a list of them. Write [[ignore]], with two brackets.",
        ),
        (
            "[models.encoder]",
            "[[models.encoder]]",
            "sigcheck.toml:1: models.encoder: a list of tables, expected one. Write [models.encoder], with one bracket",
        ),
        (
            "range = [-1, 1]",
            "normalization = { mean = 0, std = 1e-320 }",
            "sigcheck.toml:3: models.encoder.outputs.embedding.normalization: every std must lie between 1.17549e-38 ",
        ),
        (
            "encoder_to_classifier.py",
            "\\u0000.py",
            "sigcheck.toml:12: links[0].adapter: holds a NUL, which no name of a file has. Correct it.",
        ),
        (
            "models/classifier.keras",
            "a\\u0000.keras",
            "sigcheck.toml:6: models.classifier.source: holds a NUL, which no name of a file has. Correct it.",
        ),
        (
            'source = "models/classifier.keras"',
            'source = ["https://me:hunter2@example.com/?sig=hunter2"]',
            "sigcheck.toml:6: models.classifier.source: found ['https://***@example.com/?sig=***'], expected a valid",
        ),
        ('from = "encoder"\n', "", "sigcheck.toml:8: links[0].from: is missing. Write it."),
        (
            'from = "encoder"\n',
            'from = ["encoder", "classifier"]\n',
            (
                "sigcheck.toml:9: links[0].from: found ['encoder', 'classifier'], expected one model. "
                'Name one, and take what others give with bind = { "MODEL.OUT" = "IN" }.'
            ),
        ),
        (
            'source = "models/classifier.keras"',
            "source = 3",
            "sigcheck.toml:6: models.classifier.source: found 3, expected a valid string. Correct it.",
        ),
        (
            'reason = "measured"',
            'model = "encoder"\nreason = "x"',
            "sigcheck.toml:15: ignore[0]: an ignore names one model or one link; ",
        ),
        (
            '"features" }',
            '["features", "features"] }',
            "sigcheck.toml:11: links[0].bind: an input of 'embedding' stands twice; name it once. Correct it.",
        ),
        (
            "range = [-1, 1]",
            'origins = { range = "read" }',
            "sigcheck.toml:1: models.encoder: outputs.embedding.origins is no field that is known here. Correct it.",
        ),
    ],
)
def test_file_line_field_and_the_nearest_name(problem, old, new, said):
    assert problem(old, new).startswith(said)


def test_what_a_mistyped_name_leaves_missing_is_not_told_besides(problem):
    said = problem('from = "encoder"', 'form = "encoder"')
    assert said == "sigcheck.toml:9: links[0].form: no such field; did you mean 'from'?"
    # A field that is like none is another mistake than the one that is missing.
    said = problem('from = "encoder"', 'zzz = "encoder"')
    assert said.startswith("sigcheck.toml:9: links[0].zzz: no such field; ")
    assert said.endswith(" (1 more in the file)")


def several(path):
    with pytest.raises(UsageError) as error:
        load_config(path)
    return [str(one).removeprefix(f"{path.parent}/") for one in error.value.each]


def test_all_that_is_wrong_is_told_at_once_mistyped_names_first(written):
    text = TEXT.replace("assume =", "asume =").replace("source =", "sorce =", 1).replace("[-1, 1]", "[1, 1]")
    assert [one.split(": ")[0:2] for one in several(written(text))] == [
        ["sigcheck.toml:2", "models.encoder.sorce"],
        ["sigcheck.toml:13", "links[0].policy.asume"],
        ["sigcheck.toml:3", "models.encoder.outputs.embedding.range"],
    ]


def test_all_names_of_what_is_not_there_are_told_at_once(written):
    text = (
        TEXT.replace('from = "encoder"', 'from = "x"').replace('"lossy_cast"', '"lossy"').replace("link =", "model =")
    )
    told = several(written(text))
    assert [one.split(": ")[1] for one in told] == ["links[0].from", "ignore[0].model", "ignore[0].rule"]


@pytest.mark.parametrize("entry", ['from = "x"\nto = "classifier"', 'from = "encoder"\nno = 1'])
def test_of_a_great_many_the_first_are_told(written, entry):
    entries = "".join(f'[[links]]\nname = "{at}"\n{entry}\n' for at in range(100))
    told = several(written(f"{TEXT}{entries}"))
    assert len(told) == MOST_TOLD + 1
    assert told[-1] == f"sigcheck.toml: more of it, the first {MOST_TOLD} are told. Correct these."


@pytest.mark.parametrize(
    ("written", "table"),
    [
        ("[tool.sigcheck.models.a]\nsource = 'x'\nmodels.b.source = 'y'", "[tool.sigcheck.models.b]"),
        ("[tool.sigcheck.models.a]\nsource = 'x'\nlinks = []", "[[tool.sigcheck.links]]"),
        ("[tool.sigcheck.links]\nfrom = 'a'", "[[tool.sigcheck.links]]"),
        ("[[tool.sigcheck.models.a]]\nsource = 'x'", "[tool.sigcheck.models.a]"),
    ],
)
def test_in_a_pyproject_a_table_is_called_as_there(tmp_path, written, table):
    path = tmp_path / "pyproject.toml"
    path.write_text(written)
    with pytest.raises(UsageError, match=re.escape(f". Write {table}, ")):
        load_config(path)
