"""The messages of a schema that say which tensors its examples become (tensorflow/metadata, proto/v0/schema.proto)."""

from __future__ import annotations

from sigcheck.encodings.message import Messages, fields
from sigcheck.schema.shape import MAX_RANK

BYTES, INT, FLOAT, STRUCT = 1, 2, 3, 4
# FeatureType, by number: what tf.io.parse_example makes of each.
DTYPES = {BYTES: "string", INT: "int64", FLOAT: "float32"}
INT32 = 2
# LifecycleStage: of planned, alpha, deprecated, debug, disabled and validation-only features TFX makes no tensor.
UNUSED_STAGES = frozenset({1, 2, 5, 6, 7, 9})

TFX_SCHEMA = Messages(
    {
        "Schema": fields(
            feature="1 Feature many",
            sparse_feature="6 SparseFeature many",
            float_domain="9 FloatDomain many",
            int_domain="10 IntDomain many",
            default_environment="5 text many 1000",
            represent_variable_length_as_ragged="14 bool",
            tensor_representation_group="13 TensorRepresentationGroup map 1000",
        ),
        "Feature": fields(
            name="1 text",
            deprecated="2 bool",
            value_count="5 ValueCount",
            presence="14 FeaturePresence",
            shape="23 FixedShape",
            type="6 int",
            domain="7 text",
            int_domain="9 IntDomain",
            float_domain="10 FloatDomain",
            bool_domain="13 Present",
            image_domain="25 Present",
            struct_domain="29 StructDomain",
            in_environment="20 text many 1000",
            not_in_environment="19 text many 1000",
            lifecycle_stage="22 int",
        ),
        "Present": {},
        "StructDomain": fields(feature="1 Feature many 10000"),
        "ValueCount": fields(min="1 int", max="2 int"),
        "FeaturePresence": fields(min_fraction="1 float"),
        "FixedShape": fields(dim=f"2 Dim many {MAX_RANK}"),
        "Dim": fields(size="1 int", name="2 text"),
        "IntDomain": fields(name="1 text", min="3 int", max="4 int", is_categorical="5 bool"),
        "FloatDomain": fields(name="1 text", min="3 float", max="4 float", is_categorical="8 bool"),
        "SparseFeature": fields(
            name="1 text",
            deprecated="2 bool",
            lifecycle_stage="7 int",
            index_feature=f"6 FeatureName many {MAX_RANK}",
            value_feature="9 FeatureName",
        ),
        "FeatureName": fields(name="1 text"),
        "TensorRepresentationGroup": fields(tensor_representation="1 TensorRepresentation map"),
        "TensorRepresentation": fields(
            dense_tensor="1 DenseTensor",
            varlen_sparse_tensor="2 VarLenSparseTensor",
            sparse_tensor="3 SparseTensor",
            ragged_tensor="4 RaggedTensor",
        ),
        "DenseTensor": fields(column_name="1 text", shape="2 FixedShape", default_value="3 Present"),
        "VarLenSparseTensor": fields(column_name="1 text"),
        "SparseTensor": fields(
            dense_shape="1 FixedShape", index_column_names=f"2 text many {MAX_RANK}", value_column_name="3 text"
        ),
        "RaggedTensor": fields(
            feature_path="1 Path", row_partition_dtype="2 int", partition=f"3 Partition many {MAX_RANK - 2}"
        ),
        "Path": fields(step="1 text many 1000"),
        "Partition": fields(uniform_row_length="1 int", row_length="2 text"),
    },
    {
        "TYPE_UNKNOWN": 0,
        "BYTES": BYTES,
        "INT": INT,
        "FLOAT": FLOAT,
        "STRUCT": STRUCT,
        "UNSPECIFIED": 0,
        "INT64": 1,
        "INT32": INT32,
        "UNKNOWN_STAGE": 0,
        "PLANNED": 1,
        "ALPHA": 2,
        "BETA": 3,
        "PRODUCTION": 4,
        "DEPRECATED": 5,
        "DEBUG_ONLY": 6,
        "DISABLED": 7,
        "VALIDATION_DERIVED": 9,
    },
)
