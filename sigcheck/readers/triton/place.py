"""Place: where the configuration of a model lies in its folder."""

from __future__ import annotations

CONFIG = "config.pbtxt"
