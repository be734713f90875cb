"""Assembles the trunk as an ONNX graph of onnxruntime's fused operators.

Built node by node instead of by an exporter: it needs no torch, its bytes are the same on every machine, and the
4-bit word vectors of the source go in unchanged (`GatherBlockQuantized`). Products are int8 (`models.encoder.blocks`).

Inputs: input_ids int64 [batch, length], attention_mask int64 [batch, length] (1 = token, 0 = padding).
Outputs: hidden float32 [batch, length, width], the last layer; middle, the layer `middle_layer`, for the token head;
pooled float32 [batch, width], the mean over tokens (not normalised).
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.encoder import blocks
from models.encoder.dead_heads import without_dead_heads
from models.encoder.packed import BLOCK, BlockMatrix
from models.encoder.weights import EncoderWeights, as_dense

_CONTRIB = "com.microsoft"
_INT8_ACTIVATIONS = 4


def build_graph(weights: EncoderWeights, *, middle_layer: int) -> bytes:
    """The serialised model."""
    builder = _Builder(without_dead_heads(weights))
    hidden = builder.embeddings()
    for layer in range(weights.shape.layers):
        hidden = builder.layer(hidden, layer)
        if layer == middle_layer - 1:
            builder.node("Identity", [hidden], "middle")
    builder.node("Identity", [hidden], "hidden")
    builder.pooling("hidden")
    return builder.serialise()


class _Builder:
    def __init__(self, weights: EncoderWeights) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def node(self, op: str, inputs: list[str], output: str | list[str], *, domain: str = "", **attributes: Any) -> str:
        outputs = [output] if isinstance(output, str) else output
        self._nodes.append(helper.make_node(op, inputs, outputs, name=outputs[0], domain=domain, **attributes))
        return outputs[0]

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def embeddings(self) -> str:
        vectors = self._weights.vectors
        positions = (
            vectors["embeddings.position_embeddings.weight"] + vectors["embeddings.token_type_embeddings.weight"][0]
        )
        self.constant("positions", positions)
        self.node("Shape", ["input_ids"], "length", start=1, end=2)
        self.node("Slice", ["positions", self.constant("zero", np.array([0])), "length"], "position_rows")
        self.node("Unsqueeze", ["position_rows", "zero"], "position_batch")
        self.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        words = self._word_rows()
        return self._skip_norm(words, "position_batch", "embeddings.LayerNorm", None, "embedded")

    def _word_rows(self) -> str:
        matrix = self._weights.matrices["embeddings.word_embeddings.weight"]
        if not isinstance(matrix, BlockMatrix):
            self.constant("words", matrix.astype(np.float16))
            rows = self.node("Gather", ["words", "input_ids"], "word_halves")
            return self.node("Cast", [rows], "word_rows", to=TensorProto.FLOAT)
        signed = blocks.pack_nibbles(matrix.codes ^ np.uint8(8))  # two's complement of code - 8
        self._constants.append(
            helper.make_tensor("words", TensorProto.INT4, matrix.codes.shape, signed.tobytes(), raw=True)
        )
        self.constant("word_scales", matrix.scales.astype(np.float32))
        return self.node(
            "GatherBlockQuantized",
            ["words", "input_ids", "word_scales"],
            "word_rows",
            domain=_CONTRIB,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )

    def layer(self, hidden: str, index: int) -> str:
        prefix, tag = f"encoder.layer.{index}.", f"l{index}_"
        attended = self._attention(hidden, prefix, tag)
        first = self._skip_norm(
            self._product(attended, [prefix + "attention.output.dense"], tag + "attended", bias=False),
            hidden,
            prefix + "attention.output.LayerNorm",
            prefix + "attention.output.dense.bias",
            tag + "first",
        )
        inner = self._product(first, [prefix + "intermediate.dense"], tag + "inner", bias=True)
        active = self.node("Gelu", [inner], tag + "active", domain=_CONTRIB)
        outer = self._product(active, [prefix + "output.dense"], tag + "outer", bias=False)
        return self._skip_norm(outer, first, prefix + "output.LayerNorm", prefix + "output.dense.bias", tag + "second")

    def _attention(self, hidden: str, prefix: str, tag: str) -> str:
        parts = [f"{prefix}attention.self.{part}" for part in ("query", "key", "value")]
        joined = self._product(hidden, parts, tag + "qkv", bias=True)
        split = [tag + "q", tag + "k", tag + "v"]
        self.node("Split", [joined], split, axis=2, num_outputs=3)
        shape = self._weights.shape
        size = len(self._weights.vectors[f"{prefix}attention.self.query.bias"])  # less where heads were pruned
        return self.node(
            "MultiHeadAttention",
            [*split, "", "mask"],
            tag + "context",
            domain=_CONTRIB,
            num_heads=size * shape.heads // shape.hidden,
        )

    def _product(self, source: str, parts: list[str], output: str, *, bias: bool) -> str:
        # Query, key and value share their input and are one product.
        matrix = blocks.quantise(np.concatenate([as_dense(self._weights.matrices[f"{part}.weight"]) for part in parts]))
        inputs = [source, self.constant(output + "_w", matrix.data), self.constant(output + "_s", matrix.scales)]
        if bias:
            joined = np.concatenate([self._weights.vectors[f"{part}.bias"] for part in parts])
            inputs += ["", "", self.constant(output + "_b", joined)]
        return self.node("MatMulNBits", inputs, output, domain=_CONTRIB, **_product_attributes(matrix))

    def _skip_norm(self, source: str, skip: str, norm: str, bias: str | None, output: str) -> str:
        vectors = self._weights.vectors
        inputs = [source, skip, self.constant(output + "_g", vectors[norm + ".weight"])]
        inputs.append(self.constant(output + "_b", vectors[norm + ".bias"]))
        if bias:
            inputs.append(self.constant(output + "_add", vectors[bias]))
        return self.node("SkipLayerNormalization", inputs, output, domain=_CONTRIB, epsilon=self._weights.shape.epsilon)

    def pooling(self, hidden: str) -> None:
        self.node("Cast", ["attention_mask"], "mask_float", to=TensorProto.FLOAT)
        self.constant("one", np.array([1]))
        self.node("Unsqueeze", ["mask_float", "one"], "mask_row")
        self.node("MatMul", ["mask_row", hidden], "token_sum")
        self.node("ReduceSum", ["mask_row", self.constant("last", np.array([2]))], "token_count", keepdims=1)
        self.node("Div", ["token_sum", "token_count"], "pooled_row")
        self.node("Squeeze", ["pooled_row", "one"], "pooled")

    def serialise(self) -> bytes:
        width = self._weights.shape.hidden
        tokens = ["batch", "length"]
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info(n, TensorProto.INT64, tokens) for n in ("input_ids", "attention_mask")],
            [
                helper.make_tensor_value_info("pooled", TensorProto.FLOAT, ["batch", width]),
                helper.make_tensor_value_info("hidden", TensorProto.FLOAT, [*tokens, width]),
                helper.make_tensor_value_info("middle", TensorProto.FLOAT, [*tokens, width]),
            ],
            self._constants,
        )
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(_CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name="agent-assist", ir_version=10)
        return bytes(model.SerializeToString(deterministic=True))


def _product_attributes(matrix: blocks.QuantisedMatrix) -> dict[str, int]:
    return {
        "K": matrix.columns,
        "N": matrix.data.shape[0],
        "bits": blocks.BITS,
        "block_size": blocks.BLOCK,
        "accuracy_level": _INT8_ACTIVATIONS,
    }
