"""MLflow: the signature that a registry asks for, held against the model that it speaks for."""
