"""Keras HDF5: a `.h5` or `.hdf5` file with the config of a Keras model."""
