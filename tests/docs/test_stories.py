"""The pages that begin with nothing run from top to bottom, and print what they say they print.

After a change that is meant: `python -m tests.docs.worked_page PAGE...`, and read the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.examples import STORIES, blocks, commands
from tests.docs.worked_page import empty_folder, run_page

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", STORIES)
def test_a_page_says_what_is_printed(name):
    page = DOCS / f"{name}.md"
    with empty_folder():
        assert run_page(page) == page.read_text("utf-8")


@pytest.mark.parametrize("name", STORIES)
def test_a_story_has_commands_that_print(name):
    told = [command for block in blocks(DOCS / f"{name}.md", "console") for command in commands(block)]
    assert told
    assert any(command.expected.strip() for command in told)
