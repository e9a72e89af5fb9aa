"""What the config of a Keras model says about its tensors, read as plain JSON values.

A config is never deserialized into objects: its Lambda layers are code. The dtype and
shape of every consumed tensor stand in the config of Keras 3; those of the others follow
from one rule per layer class (`rules`), checked against the tensors of the same file.
"""

from __future__ import annotations
