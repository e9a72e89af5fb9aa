"""SavedModel: a folder with `saved_model.pb` or `saved_model.pbtxt`."""
