"""The open conversation: its messages with what the models read in them, and the agent's corrections. No Qt."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from agent_assist.domain.attachments import Attachment
from agent_assist.domain.entities import may_stand, place
from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.language import Language, detect_language
from agent_assist.domain.tickets import Message, Role, Ticket
from agent_assist.domain.understanding import OUT_OF_SCOPE, Entity, EntitySource, Understanding
from agent_assist.errors import EngineError
from ui.observable import Changes
from ui.ports import Feedback, Tickets, TicketView
from ui.tasks import Scope

FIRST_SHOWN = 40
CORRECTIONS = frozenset(
    {
        FeedbackKind.INTENTS_CORRECTED,
        FeedbackKind.ENTITIES_CORRECTED,
        FeedbackKind.SENTIMENT_CORRECTED,
        FeedbackKind.URGENCY_CORRECTED,
    }
)

Recorded = Callable[[FeedbackEvent], None]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as it is shown; `understanding` is None for the agent's own and for unread ones.

    `corrected` are the kinds of labels that the agent set, `predicted` what the model had said of the message before
    (None where nothing was corrected, or no model had read it).
    """

    index: int
    message: Message
    understanding: Understanding | None
    reading: bool
    language: Language = Language.EN
    corrected: frozenset[FeedbackKind] = frozenset()
    predicted: Understanding | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note, which is no part of the thread."""

    event: FeedbackEvent


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
        if index is not None and self.understanding(index) is None:
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
        corrected: dict[int, set[FeedbackKind]] = {}
        for event in self.view.events:
            if event.kind in CORRECTIONS:
                corrected.setdefault(event.message_index, set()).add(event.kind)
        files: dict[int, list[Attachment]] = {}
        for attachment in self.view.attachments:
            files.setdefault(attachment.message_index, []).append(attachment)
        messages = list(enumerate(self.view.ticket.messages))[self.hidden :]
        return [
            Bubble(
                index,
                message,
                self._of(index, message),
                reading=self.reading and index == newest,
                language=self._language(index, message),
                corrected=frozenset(corrected.get(index, ())),
                predicted=self.view.predictions.get(index) if index in corrected else None,
                attachments=tuple(files.get(index, ())),
            )
            for index, message in messages
        ]

    def items(self) -> list[Bubble | Note]:
        """The messages shown with the internal notes between them, by time; notes older than all of them are left out
        with the messages beside them."""
        if self.view is None:
            return []
        notes = [Note(event) for event in reversed(self.view.events) if event.kind is FeedbackKind.NOTED]
        bubbles = self.bubbles()
        if self.hidden and bubbles:
            notes = [note for note in notes if note.event.at >= bubbles[0].message.at]
        items: list[Bubble | Note] = []
        for bubble in bubbles:
            while notes and notes[0].event.at < bubble.message.at:
                items.append(notes.pop(0))
            items.append(bubble)
        return [*items, *notes]

    def correct_index(self) -> int | None:
        """The message whose intent Ctrl+L corrects: the newest of the customer."""
        return self.view.ticket.last_customer_index() if self.view else None

    def intents_of(self, index: int) -> tuple[str, ...]:
        """The intents shown for message `index`."""
        understanding = self.understanding(index)
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

    def correct_sentiment(self, index: int, sentiment: str) -> None:
        """Put this sentiment in place of the model's."""
        if (ticket := self.ticket) is not None:
            self._act(lambda: self._feedback.correct_sentiment(ticket.id, index, sentiment))

    def correct_urgency(self, index: int, urgency: str) -> None:
        """Put this urgency in place of the model's."""
        if (ticket := self.ticket) is not None:
            self._act(lambda: self._feedback.correct_urgency(ticket.id, index, urgency))

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

    def understanding(self, index: int) -> Understanding | None:
        """What is known of message `index`, corrections included."""
        return self.view.understandings.get(index) if self.view else None

    def _entities(self, index: int) -> tuple[Entity, ...]:
        understanding = self.understanding(index)
        return understanding.entities if understanding else ()

    def _language(self, index: int, message: Message) -> Language:
        understanding = self.understanding(index)
        return understanding.language if understanding else detect_language(message.text)

    def _of(self, index: int, message: Message) -> Understanding | None:
        return self.understanding(index) if message.role is Role.CUSTOMER else None

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
            self.view = _Read(view, index, understanding)


class _Read:
    """A view with one more message read, until the ticket is loaded again."""

    def __init__(self, view: TicketView, index: int, understanding: Understanding) -> None:
        self.ticket = view.ticket
        self.understandings = {**view.understandings, index: understanding}
        self.predictions = {**view.predictions, index: understanding}
        self.order = view.order
        self.products = view.products
        self.suggestion = view.suggestion
        self.composer = view.composer
        self.events = view.events
        self.attachments = view.attachments
        self.note_draft = view.note_draft
