"""The site: `sphinx-build -W --keep-going -n docs build/site`, with the extra `docs`.

Nothing is fetched when it is built, and its pages load nothing from elsewhere: fonts are those of the reader.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

import sigcheck

project = "sigcheck"
version = release = sigcheck.__version__
copyright = "the sigcheck authors, Apache-2.0"  # noqa: A001  # Sphinx reads it by this name

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_copybutton"]
exclude_patterns = ["_ext"]
# A link to a heading is checked as any other link is.
myst_heading_anchors = 3

# What a button copies of a console are its commands, without what they print.
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True

html_theme = "furo"
html_title = "sigcheck"
html_static_path = ["_static"]
html_css_files = ["pictures.css"]
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False

# In docstrings `x` is code, and quotes stay as they are typed.
default_role = "code"
smartquotes = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
add_module_names = False
# A parameter a line where they do not fit on one.
maximum_signature_line_length = 88
python_use_unqualified_type_names = True
# Links in prose are checked; the types in signatures are of many projects, few of which are here.
nitpick_ignore_regex = [("py:.*", r".*")]


def _write(app: Sphinx) -> None:
    from catalog_pages import write_entries

    write_entries(Path(app.srcdir))


def _fill(app: Sphinx, name: str, source: list[str]) -> None:
    from catalog_pages import fill_markers, lead_to_entries

    source[0] = lead_to_entries(fill_markers(source[0]), "../" * name.count("/"))


def setup(app: Sphinx) -> None:
    """Catalogs become pages when the site is built, and docstrings what Sphinx reads."""
    from docstrings import mark_code, tell_fields

    app.connect("builder-inited", _write)
    app.connect("source-read", _fill)
    app.connect("autodoc-process-docstring", mark_code)
    app.connect("autodoc-process-signature", tell_fields)
