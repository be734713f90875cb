"""How well and how fast like questions are found: `python -m tests.benchmarks.bench_similar [--parts ...]`.

Quality: the score as shipped beside the vectors alone (cosine) and the words alone (TF-IDF), on the public sets in
../shared/bench: mean average precision over pools of alike and unlike questions, Spearman's correlation with how alike
people found pairs. Speed: a lookup for a ticket that was read, with all that is shown, among 100,000
answered questions in an encrypted profile.
"""

import argparse
import asyncio
import math
import random
import statistics
import struct
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from agent_assist.domain.language import Language
from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.tickets import Message, Role, Ticket, TicketState
from agent_assist.domain.understanding import ScoredLabel, Understanding
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.knowledge.solved import alike, code, compare, question_words, rarity
from agent_assist.services.events import EventBus
from agent_assist.services.similar import SimilarService
from agent_assist.services.solved.encoder import QuestionEncoder
from agent_assist.storage.connection import Connection
from agent_assist.storage.profile import Profile
from agent_assist.storage.solved import DueTicket, IndexedExchange, SolvedStore, index
from agent_assist.storage.tickets import TicketStore
from tests.benchmarks.question_sets import Question, pools, read_questions, scored_pairs
from tests.helpers.models import models_dir

_POOLS = ("retr_zh_jddc_sameintent", "retr_zh_ecd_similar")
_PAIRS = ("sts_zh_jddc", "sts_zh_ecd")
Score = Callable[[Question, Question], float]


def quality(models: Path) -> None:
    """Print both tables."""
    for name in _POOLS:
        texts, known = pools(name)
        questions = read_questions(texts, models) if texts else []
        for way, score in _ways(questions).items() if questions else ():
            values = [
                _average_precision(
                    [(score(questions[pool.question], questions[other]), right) for other, right in pool.others]
                )
                for pool in known
            ]
            print(f"  {name:26s} {way:22s} MAP {statistics.mean(values):.3f} over {len(values)} pools", flush=True)
    for name in _PAIRS:
        texts, judged = scored_pairs(name)
        questions = read_questions(texts, models) if texts else []
        for way, score in _ways(questions).items() if questions else ():
            half = len(judged)
            given = [score(one, other) for one, other in zip(questions[:half], questions[half:], strict=True)]
            print(f"  {name:26s} {way:22s} Spearman {_spearman(given, judged):.3f} over {half} pairs", flush=True)


def _ways(questions: Sequence[Question]) -> dict[str, Score]:
    frequencies = Counter(word for question in questions for word in question.side.words)
    weights = rarity(frequencies, len(questions))
    own = {id(one): {word: weights[word] for word in one.side.words} for one in questions}

    def shipped(one: Question, other: Question) -> float:
        return alike(compare(one.side, other.side, cosine=_cosine(one, other), weights=own[id(one)]))

    def words(one: Question, other: Question) -> float:
        return alike(compare(one.side, other.side, cosine=0.0, weights=own[id(one)]))

    def tfidf(one: Question, other: Question) -> float:
        shared = sum(weights[word] ** 2 for word in one.side.words & other.side.words)
        lengths = math.prod(math.sqrt(sum(weights[word] ** 2 for word in two.side.words)) for two in (one, other))
        return shared / lengths if lengths else 0.0

    return {
        "fused (as shipped)": shipped,
        "words alone, as shipped": words,
        "words alone, TF-IDF": tfidf,
        "vectors alone": _cosine,
    }


def _cosine(one: Question, other: Question) -> float:
    return math.sumprod(one.vector, other.vector) if hasattr(math, "sumprod") else _product(one.vector, other.vector)


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _average_precision(scored: Sequence[tuple[float, bool]]) -> float:
    ranked = sorted(scored, key=lambda item: -item[0])
    hits, total = 0, 0.0
    for rank, (_, right) in enumerate(ranked, start=1):
        if right:
            hits += 1
            total += hits / rank
    return total / hits


def _spearman(one: Sequence[float], other: Sequence[float]) -> float:
    return statistics.correlation(_ranks(one), _ranks(other))


def _ranks(values: Sequence[float]) -> list[float]:
    """Equal values share their mean rank."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    ranks = [0.0] * len(values)
    start = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or values[order[end]] != values[order[start]]:
            for place in order[start:end]:
                ranks[place] = (start + end - 1) / 2
            start = end
    return ranks


async def speed(count: int, *, passphrase: str | None) -> None:
    """Print the time of `SimilarService.similar` among `count` made-up questions, on the clock."""
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        profile = await Profile.open(Path(folder), passphrase=passphrase)
        store, tickets, events = SolvedStore(profile.database), TicketStore(profile.database), EventBus()
        began = time.perf_counter()
        for start in range(0, count, _AT_ONCE):
            await tickets.add([_ticket(number) for number in range(start, min(start + _AT_ONCE, count))])
        while due := await store.due(limit=_AT_ONCE):
            await profile.database.write_rebuildable(partial(_put, due, dice))
        filled = time.perf_counter() - began
        await store.keep_centre(_MODEL, _CENTRE)
        service = SimilarService(
            solved=store,
            encoder=QuestionEncoder(store=store, engine=ScriptedEngine(), events=events),
            settings=profile.settings,
            events=events,
        )
        profile.settings.set("suggestion.similar_threshold", 0.0)  # so that five are always shown
        await _lookup(service, tickets, -1, dice)  # the first one of a start reads all codes
        times, work = zip(*[await _lookup(service, tickets, number, dice) for number in range(100)], strict=True)
        await profile.close()
    kind = "encrypted" if passphrase else "plain"
    print(
        f"  lookup among {count:,} answered questions ({kind}): median {statistics.median(times):.1f} ms, "
        f"p95 {statistics.quantiles(times, n=20)[-1]:.1f} ms, of the processor {statistics.median(work):.1f} ms; "
        f"filled in {filled:.0f} s"
    )


async def _lookup(
    service: SimilarService, tickets: TicketStore, number: int, dice: random.Random
) -> tuple[float, float]:
    """Milliseconds on the clock and of the processor; the ticket itself is written before, which empties the caches."""
    name, text = f"open {number}", _text(number * 31)
    at = datetime(2026, 11, 2, tzinfo=UTC)
    await tickets.add([Ticket(id=name, messages=(Message(role=Role.CUSTOMER, text=text, at=at),), created_at=at)])
    read = Understanding(
        language=Language.ZH,
        intents=(),
        leanings=_leanings(dice),
        in_scope=True,
        entities=(),
        sentiment=ScoredLabel(label="neutral", score=1.0),
        urgency=ScoredLabel(label="normal", score=1.0),
        model_version=_MODEL,
    )
    await tickets.save_understanding(name, ticket_version=1, message_index=0, understanding=read, vector=_vector(dice))
    began, worked = time.perf_counter(), time.process_time()
    found = await service.similar(name)
    assert len(found) == 5
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def _put(due: Sequence[DueTicket], dice: random.Random, connection: Connection) -> None:
    for one in due:
        assert one.ticket is not None
        index.put(connection, one, [_exchange(one.ticket.messages[0].text, dice)], model=_MODEL)


_MODEL = "bench"
_CENTRE = (0.01,) * 384
_AT_ONCE = 500
_PHRASES = (
    "七天无理由退货的运费由谁承担",
    "付款之后什么时候发货",
    "优惠券每个订单只能使用一张吗",
    "耳机左边没有声音怎么办",
    "How long until my refund reaches the card",
    "Can I change the delivery address of the order",
    "The power button does not react any more",
    "Do you ship to the islands and what does it cost",
)


def _text(number: int) -> str:
    dice = random.Random(number)
    return f"{dice.choice(_PHRASES)} {dice.choice(_PHRASES)} X{number}"


def _ticket(number: int) -> Ticket:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    messages = (
        Message(role=Role.CUSTOMER, text=_text(number), at=at),
        Message(role=Role.AGENT, text=f"Answer {number % 5000}", at=at),
    )
    return Ticket(id=str(number), messages=messages, created_at=at, state=TicketState.ANSWERED)


def _exchange(text: str, dice: random.Random) -> IndexedExchange:
    profile, vector = tuple((one.label, 0.4) for one in _leanings(dice)), _vector(dice)
    return IndexedExchange(
        question=0,
        first=1,
        last=1,
        at=datetime(2026, 11, 1, tzinfo=UTC),
        language=Language.ZH,
        digest=str(dice.randrange(5000)),
        words=" ".join(question_words(text)),
        products=(),
        profile=profile,
        vector=vector,
        code=code(vector, _CENTRE, profile),
    )


def _leanings(dice: random.Random) -> tuple[ScoredLabel, ...]:
    return tuple(ScoredLabel(label=label, score=0.2) for label in dice.sample(sorted(load_taxonomy().intents), 6))


@cache
def _noise() -> list[float]:
    dice = random.Random(2)
    return [dice.gauss(0.2, 1) for _ in range(100_000)]


def _vector(dice: random.Random) -> bytes:
    start = dice.randrange(len(_noise()) - 384)
    values = _noise()[start : start + 384]
    length = math.sqrt(sum(value * value for value in values))
    return struct.pack("<384f", *(value / length for value in values))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--parts", nargs="+", choices=["quality", "speed"], default=["quality", "speed"])
    parser.add_argument("--count", type=int, default=100_000, help="answered questions for the part speed")
    chosen = parser.parse_args()
    if "quality" in chosen.parts:
        quality(chosen.models)
    if "speed" in chosen.parts:
        asyncio.run(speed(chosen.count, passphrase="bench"))


if __name__ == "__main__":
    main()
