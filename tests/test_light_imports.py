"""What pydantic is in a command: the same, made later."""

from __future__ import annotations

import subprocess
import sys

import pytest

LIGHTENED = "from sigcheck.light_imports import lighten_imports; lighten_imports()\n"


def printed(code):
    """What a fresh interpreter prints that runs the code."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "code",
    [
        # Every value of a config, with its constraints, and how it is written.
        "from sigcheck.config.editor_schema import write_editor_schema\nprint(write_editor_schema())",
        "from sigcheck.schema.report import CheckResult\nprint(CheckResult.model_json_schema(mode='serialization'))",
        "from sigcheck.schema.report import CheckResult\n"
        "try: CheckResult(producer={}, verdict='no')\nexcept ValueError as error: print(error)",
        "from annotated_types import Ge, Gt, Interval, Len\n"
        "print([Gt(1), Gt(gt=1) == Gt(1), Gt(1) == Gt(2), Gt(1) == Ge(1), len({Ge(2), Ge(2), Gt(2)})])\n"
        "print([*Interval(ge=1, lt=5), *Len(1, 3)])",
        "import dataclasses; from annotated_types import Gt; from pydantic.types import StringConstraints\n"
        "print([one.name for one in dataclasses.fields(StringConstraints)], dataclasses.replace(Gt(1), gt=3))\n"
        "try: Gt(1).gt = 2\nexcept dataclasses.FrozenInstanceError as error: print(error)\n"
        "try: Gt()\nexcept TypeError as error: print(error)",
        "from pydantic import BaseModel, Field, Strict; from typing import Annotated\n"
        "class One(BaseModel): x: Annotated[int, Strict()] = Field(gt=3, lt=9)\n"
        "print(One(x=4), One.model_fields)\ntry: One(x=9)\nexcept ValueError as error: print(error)",
        "import platform, secrets\nprint(platform.system(), platform.machine(), len(secrets.token_hex(4)))",
    ],
)
def test_a_value_is_and_says_the_same_whether_imports_are_light_or_not(code):
    assert printed(LIGHTENED + code) == printed(code) != ""


def test_what_is_imported_after_pydantic_makes_its_classes_as_always():
    code = (
        "import dataclasses, typing, typing_extensions as more\n"
        "kept = dataclasses.dataclass, typing.TypedDict, more.TypedDict\n"
        f"{LIGHTENED}import sigcheck.api\n"
        "print(kept == (dataclasses.dataclass, typing.TypedDict, more.TypedDict))"
    )
    assert printed(code) == "True\n"
