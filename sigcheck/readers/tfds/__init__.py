"""TFDS: the features of a data set of TensorFlow Datasets, as its folder says them."""
