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


SAME = {
    "the schema of a config": """
from sigcheck.config.editor_schema import write_editor_schema
print(write_editor_schema())
""",
    "the schema of a report": """
from sigcheck.schema.report import CheckResult
print(CheckResult.model_json_schema(mode="serialization"))
""",
    "what is wrong with a report": """
from sigcheck.schema.report import CheckResult
try: CheckResult(producer={}, verdict="no")
except ValueError as error: print(error)
""",
    "constraints of types": """
from annotated_types import Ge, Gt, Interval, Len
print([Gt(1), Gt(gt=1) == Gt(1), Gt(1) == Gt(2), Gt(1) == Ge(1), len({Ge(2), Ge(2), Gt(2)})])
print([*Interval(ge=1, lt=5), *Len(1, 3)])
""",
    "fields, frozen": """
import dataclasses
from annotated_types import Gt
from pydantic import StringConstraints
print([one.name for one in dataclasses.fields(StringConstraints)], dataclasses.replace(Gt(1), gt=3))
try: Gt(1).gt = 2
except dataclasses.FrozenInstanceError as error: print(error)
""",
    "fields that are missing, twice there or unknown": """
from annotated_types import Gt, Lt, MaxLen
for make in (lambda: Gt(), lambda: Lt(1, lt=1), lambda: MaxLen(max=1), lambda: MaxLen(1, 2)):
    try: make()
    except TypeError as error: print(error)
""",
    "a model": """
from typing import Annotated
from pydantic import BaseModel, Field, Strict
class One(BaseModel): x: Annotated[int, Strict()] = Field(gt=3, lt=9)
print(One(x=4), One.model_fields)
try: One(x=9)
except ValueError as error: print(error)
""",
    "the platform": """
import platform, secrets
print(platform.system(), platform.machine(), len(secrets.token_hex(4)))
""",
}


@pytest.mark.parametrize("name", SAME)
def test_a_value_is_and_says_the_same_whether_imports_are_light_or_not(name):
    assert printed(LIGHTENED + SAME[name]) == printed(SAME[name]) != ""


def test_what_is_imported_after_pydantic_makes_its_classes_as_always():
    code = (
        "import dataclasses, typing, typing_extensions as more\n"
        "kept = dataclasses.dataclass, typing.TypedDict, more.TypedDict\n"
        f"{LIGHTENED}import sigcheck.api\n"
        "print(kept == (dataclasses.dataclass, typing.TypedDict, more.TypedDict))"
    )
    assert printed(code) == "True\n"
