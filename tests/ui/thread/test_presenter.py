"""What was read is shown, and corrections go out as whole sets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.language import Language
from agent_assist.domain.understanding import OUT_OF_SCOPE, EntitySource
from tests.ui.doubles import ServicesDouble
from tests.ui.doubles.around import attachment
from ui.tasks import Tasks
from ui.thread.presenter import FIRST_SHOWN, Note, ThreadPresenter

REFUND = "TK-1009"


class Thread:
    def __init__(self) -> None:
        self.services = ServicesDouble()
        self.errors: list[Exception] = []
        self.tasks = Tasks(self.errors.append)
        self.recorded: list[FeedbackEvent] = []
        self.presenter = ThreadPresenter(
            self.services.tickets, self.services.feedback, self.tasks.scope(), recorded=self.recorded.append
        )

    async def open(self, ticket_id: str = REFUND) -> ThreadPresenter:
        self.presenter.show(await self.services.tickets.open(ticket_id))
        await self.tasks.idle()
        return self.presenter


@pytest.fixture
def thread() -> Thread:
    return Thread()


async def test_an_unread_message_is_read_on_opening(thread: Thread) -> None:
    thread.presenter.show(await thread.services.tickets.open(REFUND))
    assert thread.presenter.bubbles()[-1].reading
    await thread.tasks.idle()
    bubble = thread.presenter.bubbles()[-1]
    assert bubble.understanding is not None
    assert not bubble.reading


async def test_without_an_engine_the_thread_is_shown_and_read_later(thread: Thread) -> None:
    thread.services.shelf.engine = False
    presenter = await thread.open()
    assert presenter.reader_away
    assert presenter.bubbles()[0].understanding is None
    assert thread.errors == []
    thread.services.shelf.engine = True
    presenter.read()
    await thread.tasks.idle()
    assert not presenter.reader_away
    assert presenter.bubbles()[0].understanding is not None


async def test_out_of_scope_stands_alone(thread: Thread) -> None:
    presenter = await thread.open()
    presenter.correct_intents(0, ["refund.status", OUT_OF_SCOPE])
    await thread.tasks.idle()
    assert thread.recorded[0].intents == ("refund.status",)
    presenter.correct_intents(0, [OUT_OF_SCOPE])
    await thread.tasks.idle()
    assert thread.recorded[1].intents == ()


async def test_a_mark_replaces_what_it_crosses_and_keeps_the_rest(thread: Thread) -> None:
    presenter = await thread.open()
    view = presenter.view
    assert view is not None
    before = view.understandings[0].entities
    target = next(entity for entity in before if entity.type == "amount")
    presenter.mark_entity(0, target.start + 1, target.end + 3, "quantity")
    await thread.tasks.idle()
    after = thread.recorded[0].entities
    assert after is not None
    assert target not in after
    assert len(after) == len(before)
    made = next(entity for entity in after if entity.type == "quantity")
    assert made.source is EntitySource.AGENT
    assert made.text == view.ticket.messages[0].text[target.start + 1 : target.end + 3]
    assert [entity.start for entity in after] == sorted(entity.start for entity in after)


async def test_a_mark_around_another_leaves_it_there(thread: Thread) -> None:
    presenter = await thread.open()
    view = presenter.view
    assert view is not None
    inner = next(entity for entity in view.understandings[0].entities if entity.type == "amount")
    presenter.mark_entity(0, inner.start, inner.end + 3, "product")
    await thread.tasks.idle()
    after = thread.recorded[0].entities
    assert after is not None
    assert inner in after
    assert [entity.type for entity in after if entity.start == inner.start] == ["product", "amount"]


async def test_a_mark_outside_the_message_is_not_made(thread: Thread) -> None:
    presenter = await thread.open()
    presenter.mark_entity(0, 5, 5, "person")
    presenter.mark_entity(0, 0, 10_000, "person")
    await thread.tasks.idle()
    assert thread.recorded == []


async def test_an_entity_is_removed(thread: Thread) -> None:
    presenter = await thread.open()
    assert presenter.view is not None
    first, *rest = presenter.view.understandings[0].entities
    presenter.remove_entity(0, first)
    await thread.tasks.idle()
    assert list(thread.recorded[0].entities or ()) == rest


async def test_a_long_thread_shows_its_newest_messages_first(thread: Thread) -> None:
    for number in range(FIRST_SHOWN + 4):
        await thread.services.feedback.send(REFUND, f"reply {number}", suggestion=None)
    presenter = await thread.open()
    assert presenter.hidden == 5
    assert len(presenter.bubbles()) == FIRST_SHOWN
    presenter.show_earlier()
    assert len(presenter.bubbles()) == FIRST_SHOWN + 5


async def test_moods_and_urgency_are_corrected_and_the_models_word_stays(thread: Thread) -> None:
    presenter = await thread.open()
    said = presenter.bubbles()[-1].understanding
    assert said is not None
    presenter.correct_sentiment(0, "very_positive")
    await thread.tasks.idle()
    presenter.correct_urgency(0, "low")
    await thread.tasks.idle()
    await thread.open()
    bubble = presenter.bubbles()[-1]
    assert bubble.understanding is not None
    assert (bubble.understanding.sentiment.label, bubble.understanding.urgency.label) == ("very_positive", "low")
    assert bubble.corrected == {FeedbackKind.SENTIMENT_CORRECTED, FeedbackKind.URGENCY_CORRECTED}
    assert bubble.predicted == said


async def test_notes_stand_between_the_messages_by_time(thread: Thread) -> None:
    shelf = thread.services.shelf
    await thread.services.feedback.add_note(REFUND, "first")
    await thread.services.feedback.send(REFUND, "a reply", suggestion=None)
    shelf.now += timedelta(hours=1)
    await thread.services.feedback.add_note(REFUND, "last")
    shelf.tickets[REFUND] = replace(
        shelf.tickets[REFUND],
        messages=tuple(
            replace(message, at=shelf.now - timedelta(minutes=30)) if message.text == "a reply" else message
            for message in shelf.tickets[REFUND].messages
        ),
    )
    presenter = await thread.open()
    kinds = [item.event.note if isinstance(item, Note) else item.message.text[:9] for item in presenter.items()]
    assert kinds[-3:] == ["first", "a reply", "last"]
    assert len(presenter.bubbles()) == len(kinds) - 2


async def test_a_message_tells_its_language_and_holds_its_files(thread: Thread) -> None:
    thread.services.shelf.attachments[REFUND] = (attachment(1), attachment(2))
    presenter = await thread.open()
    bubble = presenter.bubbles()[0]
    assert bubble.language is Language.EN
    assert [one.id for one in bubble.attachments] == [1, 2]
