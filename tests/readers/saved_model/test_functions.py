"""The object graph: structure of inputs, traced functions of models without signatures."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from sigcheck.readers import read
from sigcheck.readers.saved_model.functions import MAX_FUNCTIONS
from sigcheck.readers.saved_model.meta_graph import MAX_OBJECT_GRAPH_BYTES
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import Signature
from tests.readers.written_models import RAGGED, SPARSE, meta_graph, saved_model, shape, tensor, write_model

FLOAT = {"tensor_spec_value": {"name": "x", "dtype": 1, "shape": shape(-1, 2)}}


def arguments(*positional: dict[str, Any], **named: dict[str, Any]) -> dict[str, Any]:
    kwargs = {"dict_value": {"fields": named}} if named else {"dict_value": {}}
    return {"tuple_value": {"values": [{"tuple_value": {"values": list(positional)}}, kwargs]}}


def function(inputs: dict[str, Any], outputs: dict[str, Any] = FLOAT) -> dict[str, Any]:
    return {"canonicalized_input_signature": inputs, "output_signature": outputs}


def spec(name: str, dtype: int = 1, *sizes: int) -> dict[str, Any]:
    return {"tensor_spec_value": {"name": name, "dtype": dtype, "shape": shape(*sizes)}}


def bare(name: str, *keywords: str) -> dict[str, Any]:
    return {"bare_concrete_function": {"concrete_function_name": name, "argument_keywords": list(keywords)}}


def child(number: int, name: str) -> dict[str, Any]:
    return {"node_id": number, "local_name": name}


def write(
    folder: Path,
    nodes: list[dict[str, Any]],
    functions: dict[str, Any],
    inputs: dict[str, Any] | None = None,
    library: list[dict[str, Any]] | None = None,
) -> Path:
    signatures = {} if inputs is None else {"serving_default": {"inputs": inputs}}
    graph = meta_graph(["serve"], **signatures)
    graph["object_graph_def"] = {"nodes": nodes, "concrete_functions": functions}
    if library is not None:
        graph["graph_def"] = {"library": {"function": library}}
    return write_model(folder, {"meta_graphs": [graph]})


def shown(signature: Signature) -> list[str]:
    return [f"{one}{list(one.parts) if one.parts else ''}" for one in signature.inputs]


def test_flattened_inputs_are_put_together_in_the_order_of_the_call(tmp_path: Path) -> None:
    flat = {
        "x": tensor(3, 3),
        "r": tensor(1, -1, 4),
        "r_1": tensor(9, -1),
        "s": tensor(9, -1, 2),
        "s_1": tensor(1, -1),
        "s_2": tensor(9, 2),
    }
    inner = function(arguments({"type_spec_value": SPARSE}, {"type_spec_value": RAGGED}, x=spec("x", 3, 3)))
    nodes = [{}, bare("__inference_f_1", "s", "s_1", "s_2", "r", "r_1", "x")]
    (signature,) = read(write(tmp_path, nodes, {"__inference_f_1": inner}, flat)).signatures
    assert shown(signature) == [
        "s: sparse float32[?, 5]['s', 's_1', 's_2']",
        "r: ragged float32[?, None, 4]['r', 'r_1']",
        "x: int32[3]",
    ]


def test_dict_keys_come_back_in_the_order_in_which_tensorflow_flattens(tmp_path: Path) -> None:
    flat = {"d": tensor(1, 2), "d_1": tensor(1, 3)}
    entries = {"dict_value": {"fields": {"b": spec("d_b", 1, 3), "a": spec("d_a", 1, 2)}}}
    folder = write(tmp_path, [{}, bare("f", "d", "d_1")], {"f": function(arguments(entries))}, flat)
    assert shown(read(folder).signatures[0]) == ["a: float32[2]['d']", "b: float32[3]['d_1']"]


def test_a_dict_of_one_entry_under_a_name_that_nobody_gave(tmp_path: Path) -> None:
    entries = {"dict_value": {"fields": {"tokens": spec("args_0_tokens", 9, -1)}}}
    nodes, functions = [{}, bare("f", "args_0")], {"f": function(arguments(entries))}
    folder = write(tmp_path, nodes, functions, {"args_0": tensor(9, -1)})
    assert shown(read(folder).signatures[0]) == ["tokens: int64[?]['args_0']"]


def test_keys_that_are_not_distinct_leave_the_names_of_the_signature(tmp_path: Path) -> None:
    one = {"dict_value": {"fields": {"a": spec("", 1, 2)}}}
    flat = {"d": tensor(1, 2), "e": tensor(1, 2)}
    folder = write(tmp_path, [{}, bare("f", "d", "e")], {"f": function(arguments(one, one))}, flat)
    assert shown(read(folder).signatures[0]) == ["d: float32[2]", "e: float32[2]"]


def test_a_function_of_other_types_is_not_taken_for_the_inner_one(tmp_path: Path) -> None:
    flat = {"a": tensor(1, 2), "b": tensor(3, 2)}
    other = function(arguments(spec("b", 1, 2), spec("a", 3, 2)))
    folder = write(tmp_path, [{}, bare("f", "b", "a")], {"f": other}, flat)
    assert shown(read(folder).signatures[0]) == ["a: float32[2]", "b: int32[2]"]


@pytest.mark.parametrize("called", ["__inference_f_7", "__inference_f_99"])
def test_between_functions_of_the_same_names_the_call_decides(tmp_path: Path, called: str) -> None:
    flat = {"a": tensor(1, 2), "b": tensor(1, 2)}
    functions = {
        "__inference_f_7": function(arguments(spec("b", 1, 2), spec("a", 1, 2))),
        "__inference_g_8": function(arguments(spec("a", 1, 2), spec("b", 1, 2))),
    }
    nodes = [
        {"children": [child(1, "signatures")]},
        {"children": [child(2, "serving_default")]},
        bare("__inference_signature_wrapper_9", "a", "b"),
        bare("__inference_f_7", "b", "a"),
        bare("__inference_g_8", "a", "b"),
    ]
    call = {"name": "Call", "op": "PartitionedCall", "input": ["b", "a", "captured"]}
    wrapper = {
        "signature": {"name": "__inference_signature_wrapper_9", "input_arg": [{"name": "a"}, {"name": "b"}]},
        "node_def": [{**call, "attr": {"f": {"func": {"name": called}}}}],
    }
    folder = write(tmp_path, nodes, functions, flat, [{"signature": {"name": "other"}}, wrapper])
    assert [one.name for one in read(folder).signatures[0].inputs] == ["b", "a"]


def test_what_may_be_flattened_and_cannot_be_told_is_noted(tmp_path: Path) -> None:
    model = read(write_model(tmp_path, saved_model(f={"inputs": {"r": tensor(1, -1), "r_1": tensor(9, -1)}})))
    assert [one.name for one in model.signatures[0].inputs] == ["r", "r_1"]
    assert "may be parts of ragged or sparse tensors" in model.notes[0].message


def test_traced_functions_stand_in_for_signatures(tmp_path: Path) -> None:
    nodes = [
        {"children": [child(1, "encode"), child(2, "child"), child(0, "itself"), child(4, "signatures")]},
        {"children": [child(5, "trace_0")], "function": {"concrete_functions": ["e1", "e2"]}},
        {"children": [child(0, "parent"), child(3, "fn")]},
        {"function": {"concrete_functions": ["c"]}},
        {"children": [child(1, "serving_default")]},
        bare("e1", "r", "r_1"),
    ]
    pair = {"tuple_value": {"values": [FLOAT, {"dict_value": {"fields": {"k": FLOAT}}}]}}
    functions = {
        "e1": function(arguments({"type_spec_value": RAGGED}), pair),
        "e2": function(arguments(spec("x", 7), {"bool_value": True}), {"dict_value": {"fields": {"out": FLOAT}}}),
        "c": function(arguments({"list_value": {"values": [spec(""), spec("")]}})),
    }
    model = read(write(tmp_path, nodes, functions))
    found = {one.key: (shown(one), [str(out) for out in one.outputs]) for one in model.signatures}
    assert found == {
        "encode[0]": (
            ["r: ragged float32[?, None, 4]"],
            ["output_0: float32[?, 2]", "output_1_k: float32[?, 2]"],
        ),
        "encode[1]": (["x: string[]"], ["out: float32[?, 2]"]),
        "child.fn": (["args_0: float32[]", "args_1: float32[]"], ["output_0: float32[?, 2]"]),
    }
    assert "traced functions" in model.notes[0].message


def test_a_function_that_was_never_traced_is_not_in_the_file(tmp_path: Path) -> None:
    model = read(write(tmp_path, [{"children": [child(1, "f")]}, {"function": {}}], {}))
    assert model.signatures == ()
    assert "without a traced function" in model.notes[0].message


def test_a_child_that_is_not_there_is_a_broken_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="broken"):
        read(write(tmp_path, [{"children": [child(9, "f")]}], {}))


def test_a_library_of_functions_is_cut_and_noted(tmp_path: Path) -> None:
    count = MAX_FUNCTIONS + 5
    functions = {f"f{index}": function(arguments()) for index in range(count)}
    nodes = [{"function": {"concrete_functions": list(functions)}}]
    model = read(write(tmp_path, nodes, functions))
    assert len(model.signatures) == MAX_FUNCTIONS
    assert f"only the first {MAX_FUNCTIONS}" in model.notes[0].message


def test_a_huge_object_graph_is_not_decoded(tmp_path: Path) -> None:
    flat = {"b": tensor(1, 2), "a": tensor(1, 2)}
    filler = {"children": [child(0, "x" * (MAX_OBJECT_GRAPH_BYTES + 1))]}
    folder = write(tmp_path, [filler, bare("f", "b", "a")], {"f": function(arguments(spec("b"), spec("a")))}, flat)
    assert [one.name for one in read(folder).signatures[0].inputs] == ["a", "b"]


def test_many_signatures_and_functions_are_looked_up_not_searched(tmp_path: Path) -> None:
    flat = {"b": tensor(1, 2), "a": tensor(1, 2)}
    graph = meta_graph(["serve"], **{f"s{index}": {"inputs": flat} for index in range(200)})
    inner = function(arguments(spec("b", 1, 2), spec("a", 1, 2)))
    other = function(arguments(spec("a", 1, 2), spec("b", 1, 2)))
    names = [f"f{index}" for index in range(1_000)]
    graph["object_graph_def"] = {
        "nodes": [{}, *(bare(name, *("ba" if index % 2 else "ab")) for index, name in enumerate(names))],
        "concrete_functions": {name: inner if index % 2 else other for index, name in enumerate(names)},
    }
    folder = write_model(tmp_path, {"meta_graphs": [graph]})
    begin = time.process_time()
    assert len(read(folder).signatures) == 200
    assert time.process_time() - begin < 10
