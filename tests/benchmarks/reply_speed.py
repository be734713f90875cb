"""Figures of a reply model's speed, beside the bare `llama_cpp.Llama` call over the same files in the same run."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import msgspec

from agent_assist.domain.tickets import Role
from agent_assist.domain.wording import Tone
from agent_assist.engine.protocol import Draft, GroundingPassage, Turn
from models.errors import Stopped
from models.reply.choice import Choice, physical_cores
from models.reply.corpus.rows import Row
from models.reply.evaluate import write
from models.reply.prompt import STOPS
from models.reply.writer import Writer

Run = tuple[float, float, int]  # ms to the first token, ms in all, tokens


def bench_speed(choice: Choice, writer: Writer, rows: Sequence[Row]) -> dict[str, float]:
    """Medians over `rows`: first token and whole draft in ms, tokens/s, and the ratios to the bare call."""
    from llama_cpp import Llama

    cores = physical_cores()
    bare = Llama(
        str(choice.model), lora_path=str(choice.adapter) if choice.adapter else None, n_ctx=4096, n_threads=cores,
        n_threads_batch=cores, swa_full=True, verbose=False,
    )  # fmt: skip
    # The very tokens that ours reads, with the mark that its reply begins with, so that both do the same work.
    begun = [writer.marks.answered] if writer.marks else []
    prompts = [[*writer.tokens(row.draft, writer.prompt(row.draft)), *begun] for row in rows]
    writer.warm_up()
    write(writer, rows[0].draft)
    _bare(bare, prompts[0], 256)
    ours: list[Run] = []
    theirs: list[Run] = []
    for number, (row, prompt) in enumerate(zip(rows[1:], prompts[1:], strict=True)):
        # Who goes second finds the weights in the CPU's cache; take turns.
        for who in ("ours", "theirs") if number % 2 else ("theirs", "ours"):
            if who == "ours":
                stats = write(writer, row.draft)
                ours.append((stats.first_token_ms, stats.total_ms, stats.completion_tokens))
            else:
                theirs.append(_bare(bare, prompt, row.draft.max_tokens))
    bare.close()
    first, total, speed = _medians(ours)
    bare_first, bare_total, bare_speed = _medians(theirs)
    pairs = list(zip(ours, theirs, strict=True))
    return {
        "first_token_ms": first,
        "whole_ms": total,
        "tokens_per_s": speed,
        "bare_first_token_ms": bare_first,
        "bare_whole_ms": bare_total,
        "bare_tokens_per_s": bare_speed,
        "first_token_ratio": _ratio([a[0] / b[0] for a, b in pairs]),
        "tokens_per_s_ratio": _ratio([_speed(a) / _speed(b) for a, b in pairs if a[2] > 4 < b[2]]),
    }


def bench_second_draft(writer: Writer, rows: Sequence[Row]) -> dict[str, float]:
    """Shares of the prompt that are read for a second draft on the same thread: as it was, in another tone, hinted."""
    shares: dict[str, list[float]] = {"again": [], "other_tone": [], "hinted": []}
    for row in rows:
        draft = msgspec.structs.replace(row.draft, max_tokens=8)
        others = {
            "again": draft,
            "other_tone": msgspec.structs.replace(draft, tone=Tone.SHORT),
            "hinted": msgspec.structs.replace(draft, hint="简短一点" if draft.language == "zh" else "Be brief"),
        }
        for name, second in others.items():
            write(writer, draft)
            stats = write(writer, second)
            shares[name].append(1 - stats.prompt_cached / stats.prompt_tokens)
    return {f"{name}_read_share": round(statistics.median(values), 3) for name, values in shares.items()}


def bench_cancel(writer: Writer, rows: Sequence[Row]) -> dict[str, float]:
    """Milliseconds from the wish to the end, the worst of all: while writing, and while reading some 2,000 tokens."""
    writing = [_stopped(writer, row.draft, after_pieces=2) for row in rows]
    reading = [_stopped(writer, long_draft(number), after_s=0.15 + 0.08 * number) for number in range(len(rows))]
    held = [one for one in writing if one is not None]
    read = [one for one in reading if one is not None]
    return {
        "writing_worst_ms": round(max(held, default=0.0), 1),
        "writing_median_ms": round(statistics.median(held or [0.0]), 1),
        "reading_worst_ms": round(max(read, default=0.0), 1),
        "reading_median_ms": round(statistics.median(read or [0.0]), 1),
        "stops": len(held) + len(read),
    }


def long_draft(number: int) -> Draft:
    """A draft whose prompt fills the budget and shares nothing but the head with the one before."""
    text = " ".join(f"Rule {number}-{line}: parcels of kind {line * 7 + number} may come back." for line in range(60))
    return Draft(
        id="long",
        language="en",
        thread=[Turn(role=Role.CUSTOMER, text=f"What of kind {number}?")],
        passages=[GroundingPassage(doc_id=str(n), title=f"Page {number}-{n}", text=text) for n in range(4)],
    )


def _stopped(writer: Writer, draft: Draft, *, after_pieces: int = 0, after_s: float = 0.0) -> float | None:
    """Milliseconds that a stop took; None where the draft was done before it."""
    stop, begun, wished = threading.Event(), threading.Event(), [0.0]
    found: list[float] = []

    def work() -> None:
        try:
            for number, _ in enumerate(writer.draft(draft, should_stop=stop.is_set), 1):
                if number == after_pieces:
                    begun.set()
        except Stopped:
            found.append((time.perf_counter() - wished[0]) * 1000)
        begun.set()

    thread = threading.Thread(target=work)
    thread.start()
    if after_pieces:
        begun.wait()
    time.sleep(after_s)
    wished[0] = time.perf_counter()
    stop.set()
    thread.join()
    return found[0] if found else None


def _bare(llama: Callable[..., Iterator[object]], prompt: list[int], max_tokens: int) -> Run:
    began, first, count = time.perf_counter(), 0.0, 0
    for _ in llama(prompt, max_tokens=max_tokens, temperature=0.0, stop=list(STOPS), stream=True):
        count += 1
        first = first or (time.perf_counter() - began) * 1000
    return first, (time.perf_counter() - began) * 1000, count


def _speed(run: Run) -> float:
    return (run[2] - 1) / (run[1] - run[0]) * 1000


def _medians(runs: Sequence[Run]) -> tuple[float, float, float]:
    speeds = [_speed(run) for run in runs if run[2] > 4] or [0.0]
    first, total, speed = (statistics.median(x) for x in ([r[0] for r in runs], [r[1] for r in runs], speeds))
    return round(first, 1), round(total, 1), round(speed, 1)


def _ratio(values: Sequence[float]) -> float:
    return round(statistics.median(values or [0.0]), 3)
