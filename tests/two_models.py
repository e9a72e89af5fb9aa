"""The smallest project: two models in signature files, and the link between them."""

from __future__ import annotations

CONFIG = """\
[models.encoder]
source = "encoder.toml"
[models.classifier]
source = "classifier.toml"
[[links]]
from = "encoder"
to = "classifier"
"""
