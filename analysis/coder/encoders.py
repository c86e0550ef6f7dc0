"""Reads comments with the small language model that ships: vectors, and answers to our questions.

The model is MiniLM, trained further on our own comments (`model/CARD.md`), as an ONNX graph of
whole numbers. It runs on this machine alone. Where its file is absent the coder does without.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Words = npt.NDArray[np.float16]
ENCODER = Path(__file__).parents[1] / "model"
GRAPH, TOKENIZER = "encoder.onnx", "tokenizer.json"
# One token says who wrote: entries of the vocabulary that no text uses.
WRITERS = {
    "child_5_10": "[unused1]",
    "child_11_17": "[unused2]",
    "care_leaver": "[unused3]",
    "carer": "[unused4]",
    "provider_staff": "[unused5]",
    "parent": "[unused6]",
    "social_worker": "[unused7]",
}
SOMEBODY = "[unused8]"
# As long as the texts that it was trained on; longer ones are read in parts. Of more parts than
# anybody writes (some 6,000 words) the first and the last are read; rules and words read them all.
_WINDOW, _MOST_WINDOWS = 126, 64
_MOST_AT_ONCE = 4
_OUTPUTS = ("vector", "parts", "words")


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder makes of one comment.

    `vector` is the mean of its tokens' vectors. `answers` is one log-odds a head. `parts` is
    what each token adds to the answers (its mean is `answers`), and `spans` where each token
    stands in the text that was read. `words` is each token's vector from beneath the last layer,
    which turns to our own questions; None where nobody asked for it.
    """

    vector: Vector
    answers: Vector
    parts: npt.NDArray[np.float32]
    spans: tuple[tuple[int, int], ...]
    words: Words | None = None


class Encoder:
    """The graph with its tokenizer. The same text always gives the same numbers: each comment is
    read by itself, so neither its company nor the number of threads plays a part."""

    def __init__(self, graph: Any, tokenizer: Any) -> None:
        self._graph = graph
        self._tokenizer = tokenizer
        self._start = tokenizer.token_to_id("[CLS]")
        self._end = tokenizer.token_to_id("[SEP]")
        self._writers = {who: tokenizer.token_to_id(token) for who, token in WRITERS.items()}
        self._somebody = tokenizer.token_to_id(SOMEBODY)
        about = graph.get_modelmeta()
        self.heads: tuple[str, ...] = tuple(about.custom_metadata_map["heads"].split(";"))
        self.name: str = about.custom_metadata_map["name"]

    def encode(
        self, plain: Sequence[str], audiences: Sequence[str | None], *, with_words: bool = False
    ) -> list[Encoded]:
        """Read each text with its writer's audience, in the same order."""
        asked = _OUTPUTS if with_words else _OUTPUTS[:2]
        rows = [(*row, asked) for row in zip(plain, audiences, strict=True)]
        at_once = min(len(rows), _cores(), _MOST_AT_ONCE)
        if at_once < 2:
            return [self._encode_one(*row) for row in rows]
        with ThreadPoolExecutor(at_once) as readers:
            return list(readers.map(lambda row: self._encode_one(*row), rows))

    def _encode_one(self, plain: str, audience: str | None, asked: tuple[str, ...]) -> Encoded:
        writer = self._writers.get(audience or "", self._somebody)
        vectors, answers, parts, spans, words = [], [], [], [], []
        for ids, where in self._windows(plain):
            row = np.array([[self._start, writer, *ids, self._end]], dtype=np.int64)
            vector, scores, *beneath = self._graph.run(asked, {"ids": row})
            vectors.append(vector[0])
            answers.append(scores[0].mean(axis=0))
            parts.append(scores[0][2 : 2 + len(ids)])
            words += [one[0, 2 : 2 + len(ids)].astype(np.float16) for one in beneath]
            spans += where
        return Encoded(
            vector=np.mean(vectors, axis=0, dtype=np.float64),
            answers=_together(np.array(answers, dtype=np.float64)),
            parts=np.concatenate(parts),
            spans=tuple(spans),
            words=np.concatenate(words) if words else None,
        )

    def _windows(self, plain: str) -> Iterator[tuple[list[int], list[tuple[int, int]]]]:
        read = self._tokenizer.encode(plain, add_special_tokens=False)
        starts = list(range(0, max(len(read.ids), 1), _WINDOW))
        half = _MOST_WINDOWS // 2
        for start in starts if len(starts) <= _MOST_WINDOWS else starts[:half] + starts[-half:]:
            yield read.ids[start : start + _WINDOW], read.offsets[start : start + _WINDOW]


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _together(answers: Vector) -> Vector:
    """One answer from those of a long text's parts: what is said in one part is said."""
    return np.asarray(answers.max(axis=0), dtype=np.float64)


@cache
def load_encoder(folder: Path = ENCODER) -> Encoder | None:
    """The encoder that ships; None where its files are absent."""
    if not (folder / GRAPH).exists() or not (folder / TOKENIZER).exists():
        return None
    # Only here: whoever codes without the encoder needs neither library.
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    # One thread a comment; several comments at once are quicker than one comment by several.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    graph = onnxruntime.InferenceSession(
        folder / GRAPH, options, providers=["CPUExecutionProvider"]
    )
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Encoder(graph, tokenizer)
