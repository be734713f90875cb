"""All services over one shelf."""

from collections.abc import Callable, Sequence
from pathlib import Path

from agent_assist.domain.events import EngineState, EngineStateChanged
from agent_assist.domain.tickets import Ticket
from agent_assist.errors import StorageFaultError
from agent_assist.settings import find_setting
from tests.ui.doubles.around import AttachmentsDouble, CustomersDouble, LookupDouble, SimilarDouble
from tests.ui.doubles.feedback import FeedbackDouble
from tests.ui.doubles.knowledge import (
    ArticleDraftsDouble,
    ArticlesDouble,
    CitationsDouble,
    ConflictsDouble,
    ExpiryDouble,
    GapsDouble,
    IndexingDouble,
    PreviewsDouble,
    TicketArticlesDouble,
)
from tests.ui.doubles.models import ModelsDouble, SelfTestDouble
from tests.ui.doubles.reading import KnowledgeDouble
from tests.ui.doubles.samples import sample_articles, sample_path, sample_tickets
from tests.ui.doubles.shelf import Shelf
from tests.ui.doubles.suggesting import CannedDouble, PrefetchDouble, ReplyChecksDouble, SuggestionsDouble
from tests.ui.doubles.tickets import TicketsDouble
from tests.ui.doubles.triage import TriageDouble
from tests.ui.doubles.wording import RewritingDouble, SummariesDouble


class SamplesDouble:
    def __init__(self, tickets: TicketsDouble) -> None:
        self._tickets = tickets

    async def load(self, *, progress: Callable[[int, int], None] | None = None) -> None:
        await self._tickets.import_paths([sample_path("tickets.jsonl")], progress=progress)


class SettingsDouble:
    def __init__(self) -> None:
        self.refusal = ""
        self.values = {
            "ui.language": "en",
            "ui.theme": "light",
            "ui.font_scale": "1",
            "suggestion.minimum_relevance": "0.35",
        }

    def text(self, name: str) -> str:
        setting = find_setting(name)
        return self.values.get(name, setting.write(setting.default))

    def set_text(self, name: str, value: str) -> None:
        find_setting(name).parse(value)
        if self.refusal:
            raise StorageFaultError(self.refusal)
        self.values[name] = value

    def reset(self, name: str) -> None:
        self.values.pop(name, None)

    def is_default(self, name: str) -> bool:
        return name not in self.values


class ServicesDouble:
    """All services over one shelf; `tickets` defaults to the first 40 of the sample shop."""

    def __init__(self, tickets: Sequence[Ticket] | None = None, *, profile_dir: Path | None = None) -> None:
        chosen = sample_tickets()[:40] if tickets is None else tickets
        self.shelf = Shelf({ticket.id: ticket for ticket in chosen})
        self.events = self.shelf.events
        self.tickets = TicketsDouble(self.shelf)
        self.triage = TriageDouble(self.shelf)
        self.suggestions = SuggestionsDouble(self.shelf)
        self.prefetch = PrefetchDouble()
        self.rewriting = RewritingDouble()
        self.summaries = SummariesDouble(self.shelf)
        self.feedback = FeedbackDouble(self.shelf)
        self.attachments = AttachmentsDouble(self.shelf)
        self.customers = CustomersDouble(self.shelf)
        self.lookup = LookupDouble()
        self.similar = SimilarDouble()
        self.reply_checks = ReplyChecksDouble()
        self.canned = CannedDouble(self.shelf)
        self.knowledge = KnowledgeDouble()
        self.articles = ArticlesDouble(list(sample_articles().values()), self.events)
        self.article_drafts = ArticleDraftsDouble()
        self.citations = CitationsDouble()
        self.expiry = ExpiryDouble()
        self.previews = PreviewsDouble()
        self.indexing = IndexingDouble()
        self.conflicts = ConflictsDouble()
        self.gaps = GapsDouble()
        self.ticket_articles = TicketArticlesDouble()
        self.samples = SamplesDouble(self.tickets)
        self.settings = SettingsDouble()
        self.models = ModelsDouble()
        self.self_test = SelfTestDouble()
        self.profile_dir = profile_dir or Path()
        self.closed = False

    async def load(self) -> None:
        pass

    async def start(self) -> None:
        self.engine(EngineState.READY, detail="CPU, int8: no graphics card was found")

    async def close(self) -> None:
        self.closed = True

    def engine(self, state: EngineState, *, detail: str = "") -> None:
        """Let the engine go away or come back, and tell everyone."""
        self.shelf.engine = state is EngineState.READY
        self.events.publish(EngineStateChanged(model="engine", state=state))
        if self.shelf.engine:
            for model in ("encoder", "reply"):
                self.events.publish(EngineStateChanged(model=model, state=state, detail=detail))
