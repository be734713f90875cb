"""The open conversation: its messages with what the models read in them, and the agent's corrections. No Qt."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from agent_assist.domain.entities import may_stand, place
from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.tickets import Message, Role, Ticket
from agent_assist.domain.understanding import OUT_OF_SCOPE, Entity, EntitySource, Understanding
from agent_assist.errors import EngineError
from ui.observable import Changes
from ui.ports import Feedback, Tickets, TicketView
from ui.tasks import Scope

FIRST_SHOWN = 40

Recorded = Callable[[FeedbackEvent], None]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as it is shown; `understanding` is None for the agent's own and for unread ones.

    `corrected`: the agent set its intents.
    """

    index: int
    message: Message
    understanding: Understanding | None
    reading: bool
    corrected: bool = False


class ThreadPresenter:
    """Shows one ticket; `changes` tells that something about it is new, `recorded` is called with every correction."""

    def __init__(self, tickets: Tickets, feedback: Feedback, scope: Scope, *, recorded: Recorded) -> None:
        self._tickets = tickets
        self._feedback = feedback
        self._scope = scope
        self._recorded = recorded
        self.view: TicketView | None = None
        self.reader_away = False
        self.show_all = False
        self.changes = Changes()
        scope.changes.subscribe(self.changes.notify)

    @property
    def ticket(self) -> Ticket | None:
        """The open ticket."""
        return self.view.ticket if self.view else None

    @property
    def reading(self) -> bool:
        """Whether the newest customer message is being read."""
        return self._scope.busy("read")

    @property
    def hidden(self) -> int:
        """How many older messages are left out."""
        count = len(self.view.ticket.messages) if self.view else 0
        return 0 if self.show_all else max(0, count - FIRST_SHOWN)

    def show(self, view: TicketView | None) -> None:
        """Show a ticket, newly opened or newly loaded; read its newest message if that was not done."""
        if view is None or self.view is None or view.ticket.id != self.view.ticket.id:
            self._scope.cancel("read")
            self.show_all = False
            self.reader_away = False
        self.view = view
        self.changes.notify()
        self.read()

    def read(self) -> None:
        """Let the model read the newest customer message, unless it was read already."""
        if self.view is None:
            return
        index = self.view.ticket.last_customer_index()
        if index is not None and index not in self.view.understandings:
            self._scope.start("read", self._read)

    def show_earlier(self) -> None:
        """Show the whole thread."""
        self.show_all = True
        self.changes.notify()

    def bubbles(self) -> list[Bubble]:
        """The messages shown, oldest first."""
        if self.view is None:
            return []
        newest = self.view.ticket.last_customer_index()
        corrected = {e.message_index for e in self.view.events if e.kind is FeedbackKind.INTENTS_CORRECTED}
        messages = list(enumerate(self.view.ticket.messages))[self.hidden :]
        return [
            Bubble(
                index,
                message,
                self._of(index, message),
                reading=self.reading and index == newest,
                corrected=index in corrected,
            )
            for index, message in messages
        ]

    def correct_index(self) -> int | None:
        """The message whose intent Ctrl+L corrects: the newest of the customer."""
        return self.view.ticket.last_customer_index() if self.view else None

    def intents_of(self, index: int) -> tuple[str, ...]:
        """The intents shown for message `index`."""
        understanding = self.view.understandings.get(index) if self.view else None
        if understanding is None:
            return ()
        if not understanding.in_scope:
            return (OUT_OF_SCOPE,)
        return tuple(label.label for label in understanding.intents)

    # corrections

    def correct_intents(self, index: int, intents: Sequence[str]) -> None:
        """Put these intents in place of the model's; out of scope stands alone."""
        chosen = [intent for intent in intents if intent != OUT_OF_SCOPE]
        ticket = self.ticket
        if ticket is not None:
            self._act(lambda: self._feedback.correct_intents(ticket.id, index, chosen))

    def mark_entity(self, index: int, start: int, end: int, entity_type: str) -> None:
        """Call characters `start` to `end` of message `index` an entity; what crosses it gives way."""
        ticket = self.ticket
        if ticket is None or not 0 <= start < end <= len(ticket.messages[index].text):
            return
        text = ticket.messages[index].text[start:end]
        made = Entity(type=entity_type, start=start, end=end, text=text, source=EntitySource.AGENT)
        others = [entity for entity in self._entities(index) if may_stand(entity, made)]
        self._correct_entities(index, [*others, made])

    def remove_entity(self, index: int, entity: Entity) -> None:
        """Say that this is no entity."""
        self._correct_entities(index, [other for other in self._entities(index) if other != entity])

    def _correct_entities(self, index: int, entities: Sequence[Entity]) -> None:
        ticket = self.ticket
        if ticket is not None:
            ordered = sorted(entities, key=place)
            self._act(lambda: self._feedback.correct_entities(ticket.id, index, ordered))

    def _act(self, act: Callable[[], Awaitable[FeedbackEvent]]) -> None:
        async def work() -> None:
            self._recorded(await act())

        self._scope.start("correct", work)

    def _entities(self, index: int) -> tuple[Entity, ...]:
        understanding = self.view.understandings.get(index) if self.view else None
        return understanding.entities if understanding else ()

    def _of(self, index: int, message: Message) -> Understanding | None:
        if self.view is None or message.role is not Role.CUSTOMER:
            return None
        return self.view.understandings.get(index)

    async def _read(self) -> None:
        view = self.view
        if view is None:
            return
        try:
            understanding = await self._tickets.understand(view.ticket.id)
        except EngineError:
            self.reader_away = True  # the labels follow when the engine is back; the status bar says how it is
            return
        self.reader_away = False
        index = view.ticket.last_customer_index()
        if index is not None and self.view is view:
            self.view = _Read(view, {**view.understandings, index: understanding})


class _Read:
    """A view with one more message read, until the ticket is loaded again."""

    def __init__(self, view: TicketView, understandings: dict[int, Understanding]) -> None:
        self.ticket = view.ticket
        self.understandings = understandings
        self.order = view.order
        self.products = view.products
        self.suggestion = view.suggestion
        self.composer = view.composer
        self.events = view.events
