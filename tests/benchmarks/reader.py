"""The built reader of passages for benchmarks, as the engine runs it; what it has read is kept in a folder by its
version, so that fitting and measuring read it once."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from agent_assist.domain.knowledge import Hit
from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import GroundingPassage, Turn
from agent_assist.knowledge.searching.judged import READ, judged

CACHE = Path(tempfile.gettempdir()) / "agent-assist-reader"
# A question and passages (title, text) to how likely each answers.
Judge = Callable[[str, Sequence[tuple[str, str]]], list[float]]


def load_judge(models: Path, folder: Path = CACHE) -> Judge:
    """Exits with a sentence where no reader is built in `models`."""
    try:
        from models.reply.evidence.finder import EvidenceFinder
        from models.reply.evidence.layout import NAME

        reader = EvidenceFinder.load(models / "evidence" / NAME)
    except (ImportError, FileNotFoundError) as error:
        raise SystemExit(f"No reader of passages: {error}. Build the models first (make setup).") from error
    # Of every version and build something else is read.
    build = hashlib.sha256((models / "evidence" / NAME / "model.json").read_bytes()).hexdigest()[:12]
    path = folder / f"{reader.version}-{build}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept: dict[str, list[float]] = {one["key"]: one["chances"] for one in map(json.loads, lines)}

    def judge(question: str, passages: Sequence[tuple[str, str]]) -> list[float]:
        key = hashlib.sha256(json.dumps([question, list(passages)]).encode()).hexdigest()
        if key not in kept:
            thread = [Turn(role=Role.CUSTOMER, text=question)]
            grounding = [
                GroundingPassage(doc_id=str(place), title=title, text=text)
                for place, (title, text) in enumerate(passages)
            ]
            kept[key] = reader.judge(thread, grounding)
            with path.open("a", encoding="utf-8") as out:
                out.write(json.dumps({"key": key, "chances": kept[key]}) + "\n")
        return kept[key]

    return judge


def read_hits(judge: Judge, question: str, hits: Sequence[Hit], *, also: Sequence[int] = ()) -> dict[int, float]:
    """The reader's chances by the place in `hits`: of the best ones and of those at the places `also`."""
    places = sorted({*range(min(READ, len(hits))), *also})
    texts = [(hits[place].passage.title, hits[place].passage.text) for place in places]
    return dict(zip(places, judge(question, texts), strict=True))


def judged_hits(judge: Judge, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits as a search with the reader gives them."""
    return judged(hits, read_hits(judge, question, hits))
