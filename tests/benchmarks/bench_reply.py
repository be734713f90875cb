"""Speed and quality of reply drafts: `python -m tests.benchmarks.bench_reply [--models DIR] [--rows N]`.

Speed is a ratio to the bare `llama_cpp.Llama` call with the same model, adapter, prompt, threads and cache in the
same run, taken in turns, so that a busy machine hits both alike. Quality is the share of good drafts on held-out
situations, of the bare base model and of the base with the adapter.
"""

import argparse
import json
import statistics
import time
from dataclasses import replace
from pathlib import Path

import msgspec

from models.reply.choice import Choice, choose, physical_cores
from models.reply.corpus.rows import Row
from models.reply.evaluate import evaluate, held_out_rows, shares, write
from models.reply.prompt import STOPS
from models.reply.writer import Writer
from tests.helpers.models import models_dir


def main() -> None:
    """Print one JSON object."""
    options = _options()
    choice = choose(options.models)
    rows = held_out_rows()
    result: dict[str, object] = {"model": choice.version, "threads": physical_cores()}
    writer = Writer.open(choice, gpu_layers=0)
    result["speed"] = bench_speed(choice, writer, rows[:: max(1, len(rows) // options.speed_rows)])
    if options.rows:
        # The bare base rarely ends by itself; no written reply is longer than this.
        chosen = [replace(row, draft=msgspec.structs.replace(row.draft, max_tokens=96)) for row in rows[: options.rows]]
        judgements = evaluate(writer, chosen)
        result["held_out"] = {"rows": len(chosen), "adapter": shares(judgements)}
        base = Writer.open(replace(choice, adapter=None), gpu_layers=0)
        result["held_out"]["base"] = shares(evaluate(base, chosen))  # type: ignore[index]
        if options.show:
            for judgement in judgements:
                mark = "ok " if judgement.good else "BAD"
                print(
                    f"{mark} {judgement.row.draft.thread[-1].text}\n    {judgement.text}\n    want {judgement.row.must}"
                )
    print(json.dumps(result, indent=2))


def bench_speed(choice: Choice, writer: Writer, rows: list[Row]) -> dict[str, float]:
    """Medians over `rows`: first token and whole draft in ms, tokens/s, and the ratios to the bare call."""
    from llama_cpp import Llama

    cores = physical_cores()
    bare = Llama(
        str(choice.model), lora_path=str(choice.adapter) if choice.adapter else None, n_ctx=4096, n_threads=cores,
        n_threads_batch=cores, swa_full=True, verbose=False,
    )  # fmt: skip
    writer.warm_up()
    write(writer, rows[0].draft)
    _bare(bare, writer.prompt(rows[0].draft).text, 256)
    ours, theirs = [], []
    for number, row in enumerate(rows[1:]):
        # Who goes second finds the weights in the CPU's cache; take turns.
        for who in ("ours", "theirs") if number % 2 else ("theirs", "ours"):
            if who == "ours":
                stats = write(writer, row.draft)
                ours.append((stats.first_token_ms, stats.total_ms, stats.completion_tokens))
            else:
                theirs.append(_bare(bare, writer.prompt(row.draft).text, row.draft.max_tokens))
    first, total, speed = _medians(ours)
    bare_first, bare_total, bare_speed = _medians(theirs)
    return {
        "first_token_ms": first,
        "whole_ms": total,
        "tokens_per_s": speed,
        "bare_first_token_ms": bare_first,
        "bare_whole_ms": bare_total,
        "bare_tokens_per_s": bare_speed,
        "first_token_ratio": _ratio([a[0] / b[0] for a, b in zip(ours, theirs, strict=True)]),
        "tokens_per_s_ratio": _ratio(
            [_speed(a) / _speed(b) for a, b in zip(ours, theirs, strict=True) if a[2] > 4 < b[2]]
        ),
    }


def _bare(llama: object, prompt: str, max_tokens: int) -> tuple[float, float, int]:
    began, first, count = time.perf_counter(), 0.0, 0
    for _ in llama(prompt, max_tokens=max_tokens, temperature=0.0, stop=list(STOPS), stream=True):  # type: ignore[operator]
        count += 1
        first = first or (time.perf_counter() - began) * 1000
    return first, (time.perf_counter() - began) * 1000, count


def _speed(run: tuple[float, float, int]) -> float:
    return (run[2] - 1) / (run[1] - run[0]) * 1000


def _medians(runs: list[tuple[float, float, int]]) -> tuple[float, float, float]:
    speeds = [_speed(run) for run in runs if run[2] > 4]
    return tuple(round(statistics.median(x), 1) for x in ([r[0] for r in runs], [r[1] for r in runs], speeds))  # type: ignore[return-value]


def _ratio(values: list[float]) -> float:
    return round(statistics.median(values), 3)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--rows", type=int, default=100, help="held-out rows for quality, 0 for speed only")
    parser.add_argument("--speed-rows", type=int, default=12)
    parser.add_argument("--show", action="store_true", help="print every draft with its verdict")
    return parser.parse_args()


if __name__ == "__main__":
    main()
