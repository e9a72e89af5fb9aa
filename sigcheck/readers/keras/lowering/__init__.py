"""Graph of a Keras config: its layers lowered to the operations of TensorFlow that they compute.

`graph`, beside this folder, is what `sigcheck.inference` asks; `calling` follows the calls of layers from the inputs
to the outputs; each of the other modules lowers some of the layers, to nodes that `building` numbers.
A layer that none of them lowers, a custom class among them, is a node of which nothing is known.
"""

from __future__ import annotations
