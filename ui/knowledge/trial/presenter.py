"""Trying a search: what the agent's search finds for a question, and why. No Qt."""

from collections.abc import Callable, Sequence

from agent_assist.domain.knowledge import Hit, SearchFilter
from agent_assist.domain.language import Language
from ui.observable import Changes
from ui.ports import Knowledge
from ui.tasks import Scope

HITS = 10


class TrialPresenter:
    """`changes` tells of a new answer or that one is on the way."""

    def __init__(self, knowledge: Knowledge, scope: Scope, *, threshold: Callable[[], float]) -> None:
        """`threshold` is the relevance from which a passage counts as an answer."""
        self._knowledge = knowledge
        self._scope = scope
        self._threshold = threshold
        self.question = ""
        self.language: Language | None = None
        self.internal = False
        self.hits: Sequence[Hit] = ()
        self.asked = ""
        self.changes = Changes()
        scope.changes.subscribe(self.changes.notify)

    @property
    def searching(self) -> bool:
        """Whether an answer is on the way."""
        return self._scope.busy("search")

    @property
    def threshold(self) -> float:
        """The relevance from which a passage counts as an answer, 0 to 1."""
        return self._threshold()

    def ask(self, question: str) -> None:
        """Search for `question` as the agent's card would."""
        self.question = question.strip()
        if not self.question:
            self._scope.cancel("search")
            self.hits, self.asked = (), ""
            self.changes.notify()
            return
        self._scope.restart("search", self._search)

    def set_language(self, language: Language | None) -> None:
        """Search articles of one language, or of both."""
        self.language = language
        self.ask(self.question)

    def set_internal(self, internal: bool) -> None:
        """Search internal articles too."""
        self.internal = internal
        self.ask(self.question)

    async def _search(self) -> None:
        question = self.question
        wanted = SearchFilter(language=self.language, include_internal=self.internal)
        hits = await self._knowledge.search(question, k=HITS, wanted=wanted)
        self.hits, self.asked = hits, question
        self.changes.notify()
