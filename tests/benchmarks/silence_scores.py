"""Questions with what search and the reply model make of them: the material of bench_silence and fit_silence.

One prompt is read a question (no draft is written); what was read is kept by model in a folder, so that fitting and
measuring read it once.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from agent_assist.domain.knowledge import Article, Hit
from agent_assist.domain.language import Language, detect_language
from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, GroundingPassage, TextKind, Turn
from agent_assist.knowledge import Searcher
from agent_assist.knowledge.searching.relevance import relevance
from agent_assist.knowledge.searching.search import passage_query
from agent_assist.knowledge.searching.signals import candidate_signals
from agent_assist.knowledge.searching.wanted import analyse
from agent_assist.settings.catalog import SUGGESTION_APPROVED_THRESHOLD, SUGGESTION_MAX_PASSAGES
from agent_assist.storage.database import Database
from agent_assist.suggestion.policy import APPROVED_RELEVANCE, SENDABLE
from models.reply.choice import Choice, choose
from models.reply.types import DraftStats
from models.reply.writer import Writer
from tests.benchmarks.encoder import load_embed, load_read
from tests.benchmarks.retrieval_sets import BENCH, index_set, sample_shop, unanswerable, written_sets

PASSAGES = SUGGESTION_MAX_PASSAGES.default
CACHE = Path(tempfile.gettempdir()) / "agent-assist-silence"
Mark = Callable[[Draft], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, the passages that the app would draft from (best first), and whether they answer it.

    `part` is "tune" or "held"; `approved`: a reviewed text goes out word for word and no model is asked; `overlap` is
    the peer's score, the cosine of TF-IDF with the best passage.
    """

    question: str
    part: str
    kind: str
    answerable: bool
    relevance: float
    passages: tuple[tuple[str, str], ...]
    approved: bool = False
    overlap: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A question with the model's mark, from 0 to 1."""

    asked: Asked
    mark: float


def marking_choice(models: Path) -> Choice:
    """The reply model in use; exits with a sentence where it does not mark."""
    try:
        choice = choose(models)
    except FileNotFoundError as error:
        raise SystemExit(str(error)) from error
    if not choice.marks:
        raise SystemExit(
            f"The reply model {choice.version} begins its replies with no mark of whether the passages answer; train "
            "an adapter that does (python -m models.reply.train), then run this again."
        )
    return choice


async def product_questions(models: Path, folder: Path = BENCH) -> list[Asked]:
    """Marketplace questions, each with the best of its ten candidate passages; every second one is for tuning."""
    path = folder / "reply_en_epqa.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    texts = list(dict.fromkeys(one["text"] for row in rows for one in row["candidates"]))
    places = {text: str(place) for place, text in enumerate(texts)}
    articles = tuple(
        Article(doc_id=str(place), title="", text=text, language=Language.EN) for place, text in enumerate(texts)
    )
    embed = load_embed(models)
    found: list[Asked] = []
    with tempfile.TemporaryDirectory() as scratch:
        database = await Database.open(Path(scratch) / "bench.db")
        store = await index_set(database, articles, embed)
        vectors = embed([row["question"] for row in rows], TextKind.QUERY) if rows else []
        for number, (row, vector) in enumerate(zip(rows, vectors, strict=True)):
            query = await analyse(store, row["question"])
            candidates = await store.candidates(passage_query(query, vector, limit=4000))
            known = candidate_signals(query, candidates, read=None)
            scores = {
                one.passage.doc_id: relevance(signals) for one, (signals, _) in zip(candidates, known, strict=True)
            }
            pool = {one["text"]: scores.get(places[one["text"]], 0.0) for one in row["candidates"]}
            best = sorted(pool, key=lambda text: -pool[text])[:PASSAGES]
            label = max(one["label"] for one in row["candidates"])
            found.append(
                Asked(
                    question=row["question"],
                    part="tune" if number % 2 == 0 else "held",
                    kind=("no passage", "related only", "answered")[label],
                    answerable=label == 2,
                    relevance=pool[best[0]],
                    passages=tuple((row["product"], text) for text in best),
                )
            )
        await database.close()
    return with_overlap(found)


async def written_questions(models: Path) -> list[Asked]:
    """The written questions to the sample shop, with and without an answer, both parts."""
    embed, read = load_embed(models), load_read(models)
    wanted = [
        (question.text, part, question.kind, answerable)
        for part in ("tune", "held")
        for answerable, questions in ((True, next(iter(written_sets(part))).questions), (False, unanswerable(part)))
        for question in questions
    ]
    found: list[Asked] = []
    with tempfile.TemporaryDirectory() as scratch:
        database = await Database.open(Path(scratch) / "bench.db")
        shop = sample_shop().articles
        languages = {article.doc_id: article.language for article in shop}
        searcher = Searcher(await index_set(database, shop, embed, read))
        texts = [await searcher.without_pinyin(text) for text, *_ in wanted]
        for text, vector, wish, (question, part, kind, answerable) in zip(
            texts, embed(texts, TextKind.QUERY), read(texts), wanted, strict=True
        ):
            hits = await searcher.search(text, vector, k=2 * PASSAGES, read=wish)
            found.append(
                Asked(
                    question=question,
                    part=part,
                    kind=kind or "answered",
                    answerable=answerable,
                    relevance=hits[0].score if hits else 0.0,
                    passages=tuple((hit.passage.title, hit.passage.text) for hit in hits[:PASSAGES]),
                    approved=len(wish.intents) == 1 and any(_goes_out(hit, question, languages) for hit in hits),
                )
            )
        await database.close()
    return with_overlap(found)


def _goes_out(hit: Hit, question: str, languages: dict[str, Language]) -> bool:
    return (
        hit.passage.kind in SENDABLE
        and hit.question_match >= SUGGESTION_APPROVED_THRESHOLD.default
        and hit.score >= APPROVED_RELEVANCE
        and languages[hit.passage.doc_id] is detect_language(question)
    )


SETS: dict[str, Callable[[Path], Coroutine[Any, Any, list[Asked]]]] = {
    "products": product_questions,
    "written": written_questions,
}


def thinned(rows: Sequence[Asked], most: int) -> list[Asked]:
    """No more than about `most` rows, evenly chosen from each part; all for 0."""
    step = max(1, len(rows) // most) if most else 1
    return [one for part in ("tune", "held") for one in [row for row in rows if row.part == part][::step]]


def with_overlap(rows: Sequence[Asked]) -> list[Asked]:
    """Rows with the peer's score: TF-IDF of character 2- to 4-grams, cosine of question and best passage."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not rows:
        return []
    texts = [text for row in rows for _, text in row.passages]
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=1, sublinear_tf=True)
    passages = vectoriser.fit_transform(texts)
    questions = vectoriser.transform([row.question for row in rows])
    scored, place = [], 0
    for number, row in enumerate(rows):
        own = passages[place : place + len(row.passages)]
        place += len(row.passages)
        best = float((own @ questions[number].T).max()) if own.shape[0] else 0.0
        scored.append(replace(row, overlap=best))
    return scored


def draft_of(row: Asked) -> Draft:
    """The prompt as the app builds it; one token is asked for, since only the mark before it counts."""
    return Draft(
        id="",
        language=detect_language(row.question),
        thread=[Turn(role=Role.CUSTOMER, text=row.question)],
        passages=[
            GroundingPassage(doc_id=str(place), title=title, text=text)
            for place, (title, text) in enumerate(row.passages)
        ],
        max_tokens=1,
    )


def marker(models: Path) -> Mark:
    """What the model says of a draft; it is loaded when the first one is asked for."""
    writer = cache(lambda: Writer.load(models))

    def mark(draft: Draft) -> float:
        stats = [one for one in writer().draft(draft, should_stop=lambda: False) if isinstance(one, DraftStats)][-1]
        assert stats.answerable is not None
        return stats.answerable

    return mark


def score(rows: Iterable[Asked], mark: Mark, *, version: str, name: str, folder: Path = CACHE) -> list[Scored]:
    """The marks of all rows, those read before from the cache; progress goes to stderr."""
    rows = list(rows)
    path = folder / f"{version}-{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {}
    if path.exists():
        kept = {line["key"]: line["mark"] for line in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    began, scored = time.perf_counter(), []
    with path.open("a", encoding="utf-8") as out:
        for number, row in enumerate(rows, start=1):
            key = json.dumps([row.question, row.passages], ensure_ascii=False)
            if key not in kept:
                kept[key] = mark(draft_of(row))
                out.write(json.dumps({"key": key, "mark": kept[key]}, ensure_ascii=False) + "\n")
                out.flush()
            scored.append(Scored(asked=row, mark=kept[key]))
            if number % 20 == 0 or number == len(rows):
                pace = (time.perf_counter() - began) / number
                print(f"\r{name}: {number} of {len(rows)}, {pace:.2f} s each", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return scored


def as_json(row: Scored) -> str:
    """A row for whoever looks at single questions."""
    return json.dumps(asdict(row), ensure_ascii=False)
