"""Codes so many comments in a process of its own, and prints what that took as one line of JSON."""

import argparse
import hashlib
import json
import os
import resource
import sys
import time

WORDS = 20
SEED = 20
# What every run codes among the rest, so that all can be compared.
SAME = 500


def main() -> None:
    """`--began` is the time at which the process was asked for: an interpreter takes a moment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("--began", type=float, required=True)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--order", choices=("straight", "shuffled", "singly"), default="straight")
    options = parser.parse_args()
    # Before numpy is there: its threads are counted once.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(options.cores)
    sys.stdout.write(json.dumps(run(options.count, options.order, options.began)) + "\n")


def run(count: int, order: str, began: float) -> dict[str, float | str]:
    """Load, code, and say how long each took, the most memory held, and what came out."""
    from analysis.coder.coding import Comment
    from analysis.learning.defaults import load_default

    coder = load_default()
    coder.code([Comment("0", "I like my school")])
    loading, loading_processor = time.time() - began, time.process_time()
    texts = comments_of_20_words(count)
    comments = [Comment(str(number), text) for number, text in enumerate(texts)]
    asked = mixed(comments) if order == "shuffled" else comments
    started, busy = time.perf_counter(), time.process_time()
    if order == "singly":
        codings = [coding for comment in asked for coding in coder.code([comment])]
    else:
        codings = coder.code(asked)
    seconds, processor = time.perf_counter() - started, time.process_time() - busy
    same = sorted((c for c in codings if int(c.id) < SAME), key=lambda coding: int(coding.id))
    return {
        "loading": loading,
        "loading_processor": loading_processor,
        "seconds": seconds,
        "processor": processor,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "digest": hashlib.sha256(repr(same).encode()).hexdigest()[:16],
    }


def mixed(comments: list) -> list:
    from numpy.random import default_rng

    return [comments[number] for number in default_rng(SEED).permutation(len(comments))]


def comments_of_20_words(count: int) -> list[str]:
    """Our own training comments, run together and cut anew every twenty words, from another word
    on each time round: none stands twice, and none was learnt as it stands."""
    from analysis.learning.training_sets import read_examples

    words = [word for example in read_examples() for word in example.text.split()]
    texts: list[str] = []
    for offset in range(WORDS):
        for start in range(offset, len(words) - WORDS, WORDS):
            texts.append(" ".join(words[start : start + WORDS]))
            if len(texts) == count:
                return texts
    raise SystemExit(f"at most {len(texts):,} comments can be made")


if __name__ == "__main__":
    main()
