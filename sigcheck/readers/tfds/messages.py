"""The messages of features (tensorflow/datasets, core/proto/feature.proto), which are written as JSON."""

from __future__ import annotations

from sigcheck.encodings.message import Messages, fields
from sigcheck.schema.shape import MAX_RANK

TFDS = Messages(
    {
        "DatasetInfo": fields(features="1 Feature"),
        "FeaturesDict": fields(features="1 Feature map 10000"),
        # JSON has the names of fields alone: the numbers stand for nothing.
        "Feature": fields(
            python_class_name="1 text",
            features_dict="3 FeaturesDict",
            tensor="4 Array",
            class_label="5 ClassLabel",
            image="6 Image",
            video="7 Array",
            audio="8 Array",
            bounding_box="9 BoundingBox",
            text="10 Text",
            translation="11 Translation",
            sequence="12 Sequence",
        ),
        "Shape": fields(dimensions=f"1 int many {MAX_RANK}"),
        "Array": fields(shape="1 Shape", dtype="2 text"),
        "ClassLabel": fields(num_classes="1 int"),
        "Image": fields(shape="1 Shape", dtype="2 text", use_colormap="4 bool", label="5 ClassLabel"),
        "BoundingBox": fields(shape="1 Shape", dtype="2 text", bbox_format="3 text"),
        "Text": {},
        "Translation": fields(languages="1 text many 10000", variable_languages_per_example="2 bool"),
        "Sequence": fields(feature="1 Feature", length="2 int"),
    },
    {},
)
