"""The suggestion's life, and that the agent's text is safe."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind, RejectReason
from agent_assist.domain.suggestion import NoneReason, SentenceSource, Source, SourceKind
from agent_assist.domain.tickets import TicketState
from tests.ui.doubles import ServicesDouble, drafted, not_answered, silent
from ui.composer.presenter import ComposerPresenter, Confirm, Phase, Place
from ui.composer.renewal import Why
from ui.tasks import Tasks

REFUND, PARCEL = "TK-1009", "TK-1011"


class Composer:
    def __init__(self) -> None:
        self.services = ServicesDouble()
        self.errors: list[Exception] = []
        self.tasks = Tasks(self.errors.append)
        self.recorded: list[FeedbackEvent] = []
        self.time = 0.0
        self.presenter = ComposerPresenter(
            tickets=self.services.tickets,
            suggestions=self.services.suggestions,
            feedback=self.services.feedback,
            reply_checks=self.services.reply_checks,
            canned=self.services.canned,
            knowledge=self.services.knowledge,
            scope=self.tasks.scope(),
            recorded=self.recorded.append,
            clock=lambda: self.time,
        )

    async def open(self, ticket_id: str) -> ComposerPresenter:
        self.presenter.show(await self.services.tickets.open(ticket_id))
        await self.tasks.idle()
        return self.presenter

    async def do(self, act: Callable[[], object]) -> None:
        act()
        await self.tasks.idle()


@pytest.fixture
def composer() -> Composer:
    return Composer()


async def test_a_waiting_ticket_gets_a_suggestion_in_steps(composer: Composer) -> None:
    gate = composer.services.suggestions.gate = asyncio.Event()
    phases: list[tuple[Phase, bool]] = []
    composer.presenter.changes.subscribe(
        lambda: phases.append((composer.presenter.phase, bool(composer.presenter.sources)))
    )
    composer.presenter.show(await composer.services.tickets.open(REFUND))
    for _ in range(5):
        await asyncio.sleep(0)
    assert composer.presenter.phase is Phase.WRITING
    half = composer.presenter.draft
    gate.set()
    await composer.tasks.idle()
    assert phases[0] == (Phase.SEARCHING, False)
    assert (Phase.SEARCHING, True) in phases
    assert composer.presenter.phase is Phase.READY
    assert composer.presenter.draft.startswith(half)
    assert len(composer.presenter.draft) > len(half)


async def test_a_kept_suggestion_is_not_asked_for_again(composer: Composer) -> None:
    await composer.open(REFUND)
    await composer.open(PARCEL)
    await composer.open(REFUND)
    assert composer.services.suggestions.asked == [REFUND, PARCEL]
    assert composer.presenter.phase is Phase.READY


async def test_an_answered_ticket_gets_none(composer: Composer) -> None:
    await composer.open(REFUND)
    await composer.do(composer.presenter.accept)
    await composer.open(PARCEL)
    await composer.open(REFUND)
    assert composer.services.shelf.tickets[REFUND].state is TicketState.ANSWERED
    assert composer.presenter.phase is Phase.ANSWERED


@pytest.mark.parametrize(
    ("reason", "phase"),
    [
        (NoneReason.OUT_OF_SCOPE, Phase.NONE),
        (NoneReason.NOTHING_FOUND, Phase.NONE),
        (NoneReason.ENGINE_UNAVAILABLE, Phase.AWAY),
    ],
)
async def test_no_suggestion_says_why(composer: Composer, reason: NoneReason, phase: Phase) -> None:
    composer.services.suggestions.kinds[REFUND] = silent(composer.services.shelf.tickets[REFUND], reason)
    presenter = await composer.open(REFUND)
    assert presenter.phase is phase
    assert not presenter.can_accept


async def test_a_draft_lost_with_the_engine_is_asked_for_again(composer: Composer) -> None:
    gate = composer.services.suggestions.gate = asyncio.Event()
    composer.presenter.show(await composer.services.tickets.open(REFUND))
    for _ in range(5):
        await asyncio.sleep(0)
    composer.presenter.typed("my words")
    composer.services.shelf.engine = False
    gate.set()
    await composer.tasks.idle()
    assert composer.presenter.phase is Phase.AWAY
    composer.services.shelf.engine = True
    await composer.do(composer.presenter.engine_ready)
    assert composer.presenter.phase is Phase.READY
    assert composer.presenter.text == "my words"


async def test_leaving_stops_the_stream_and_keeps_the_text(composer: Composer) -> None:
    composer.services.suggestions.gate = asyncio.Event()
    composer.presenter.show(await composer.services.tickets.open(REFUND))
    for _ in range(5):
        await asyncio.sleep(0)
    composer.presenter.typed("unsent")
    await composer.presenter.finish()
    await composer.tasks.idle()
    assert composer.services.shelf.composers[REFUND] == "unsent"


async def test_nothing_is_sent_for_a_ticket_that_was_just_left(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    presenter.typed("words")
    presenter.leave()
    await composer.do(presenter.accept)
    assert not presenter.send()
    assert composer.services.shelf.log == []


async def test_accepting_is_one_act_however_often_it_is_pressed(composer: Composer) -> None:
    presenter = await composer.open(PARCEL)
    presenter.accept()
    presenter.accept()
    await composer.tasks.idle()
    assert [event.kind for event in composer.recorded] == [FeedbackKind.ACCEPTED]


async def test_doubts_are_confirmed_by_a_second_press(composer: Composer) -> None:
    ticket = composer.services.shelf.tickets[REFUND]
    composer.services.suggestions.kinds[REFUND] = drafted(ticket, doubtful=True)
    presenter = await composer.open(REFUND)
    await composer.do(presenter.accept)
    assert presenter.confirming is Confirm.UNSUPPORTED
    presenter.typed("wait")
    assert presenter.confirming is None
    await composer.do(presenter.accept)
    assert presenter.confirming is Confirm.OWN_TEXT
    await composer.do(presenter.accept)
    assert composer.recorded[0].kind is FeedbackKind.ACCEPTED
    assert presenter.text == ""


async def test_taking_over_needs_an_empty_editor(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    presenter.typed("words")
    assert not presenter.take()
    presenter.typed(" ")
    assert presenter.take()
    assert presenter.text == presenter.draft


async def test_what_is_typed_while_a_reply_goes_out_stays(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    presenter.typed("first")
    presenter.send()
    presenter.typed("second thought")
    await composer.tasks.idle()
    assert composer.recorded[0].final_text == "first"
    assert presenter.text == "second thought"


async def test_sending_after_a_rejection_counts_as_written_alone(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    await composer.do(lambda: presenter.reject(RejectReason.WRONG_FACT))
    assert (presenter.phase, presenter.rejected_as) == (Phase.REJECTED, RejectReason.WRONG_FACT)
    presenter.typed("my own")
    await composer.do(presenter.send)
    assert [event.kind for event in composer.recorded] == [FeedbackKind.REJECTED, FeedbackKind.WRITTEN]


async def test_a_rejection_is_shown_again_until_it_is_taken_back(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    await composer.do(lambda: presenter.reject(RejectReason.INCOMPLETE))
    await composer.open(PARCEL)
    await composer.open(REFUND)
    assert presenter.phase is Phase.REJECTED
    await composer.services.feedback.undo(composer.recorded[0].id)
    await composer.open(REFUND)
    assert presenter.phase is Phase.READY


async def test_a_new_message_asks_anew_and_keeps_the_text(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    presenter.typed("half")
    await composer.services.feedback.send(REFUND, "from elsewhere", suggestion=None)
    await composer.open(REFUND)
    assert presenter.text == "half"
    assert presenter.phase is Phase.ANSWERED


async def test_the_text_is_saved_once_for_each_change(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    presenter.typed("words")
    assert not presenter.kept
    await composer.do(presenter.save)
    assert presenter.kept
    composer.services.shelf.composers.clear()
    await composer.do(presenter.save)
    assert composer.services.shelf.composers == {}


async def test_a_source_is_shown_in_its_place(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    await composer.do(lambda: presenter.expand(1))
    place = presenter.places[1]
    assert place is not None
    assert place.passage == presenter.sources[1].passage
    await composer.do(lambda: presenter.expand(1))
    assert presenter.places == {}


async def test_a_product_is_its_own_place(composer: Composer) -> None:
    product = Source(doc_id="A1", title="Fan", passage="Fan: $9, in stock", start=0, end=17, kind=SourceKind.PRODUCT)
    made = replace(drafted(composer.services.shelf.tickets[REFUND]), sources=(product,))
    composer.services.suggestions.kinds[REFUND] = made
    presenter = await composer.open(REFUND)
    presenter.expand(0)
    assert presenter.places == {0: Place(before="", passage="Fan: $9, in stock", after="")}


async def test_seconds_open_are_counted_from_the_opening(composer: Composer) -> None:
    seen: list[float | None] = []

    async def accept(suggestion: object, *, seconds_open: float | None = None, **_: object) -> FeedbackEvent:
        seen.append(seconds_open)
        raise NotImplementedError

    composer.services.feedback.accept = accept  # type: ignore[method-assign,assignment]
    composer.time = 100.0
    presenter = await composer.open(PARCEL)
    composer.time = 112.5
    await composer.do(presenter.accept)
    assert seen == [12.5]


async def test_an_edited_reply_with_a_doubt_goes_out_at_the_second_press(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    presenter.typed("We refund $77.")
    await composer.do(presenter.send)
    assert composer.recorded == []
    assert presenter.confirming is Confirm.EDITED
    assert [presenter.text[one.start : one.end] for one in presenter.check.doubts] == ["$77"]
    await composer.do(presenter.send)
    assert [one.reason for one in composer.recorded[0].confirmed] == ["amount_not_found"]


async def test_another_text_is_confirmed_anew(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    presenter.typed("We refund $77.")
    await composer.do(presenter.send)
    presenter.typed("We refund $78.")
    assert presenter.confirming is None
    await composer.do(presenter.send)
    assert composer.recorded == []


async def test_an_edited_reply_without_doubts_goes_out_at_once(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    presenter.typed("Thank you.")
    await composer.do(presenter.send)
    assert composer.recorded[0].confirmed == ()


async def test_a_forbidden_word_is_no_matter_of_confirming(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    presenter.typed("forbidden")
    await composer.do(presenter.send)
    await composer.do(presenter.send)
    assert composer.recorded == []
    assert [str(error) for error in composer.errors] == ["A reply must not say that."] * 2
    assert presenter.text == "forbidden"


async def test_a_text_is_looked_over_in_the_pauses(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    presenter.typed("We refund $77.")
    await composer.do(presenter.look_over)
    await composer.do(presenter.look_over)
    assert composer.services.reply_checks.checked == ["We refund $77."]
    assert len(presenter.check.doubts) == 1
    presenter.typed("We refund.")
    assert presenter.check.doubts == ()


async def test_pointing_at_a_sentence_shows_its_source(composer: Composer) -> None:
    made = drafted(composer.services.shelf.tickets[REFUND])
    told = SentenceSource(start=3, end=9, source=1, source_start=0, source_end=20)
    free = SentenceSource(start=0, end=3, free=True)
    composer.services.suggestions.kinds[REFUND] = replace(made, sentences=(free, told))
    presenter = await composer.open(REFUND)
    presenter.point(4)
    assert presenter.pointed == told
    presenter.point(1)
    assert presenter.pointed is None
    presenter.point(4)
    presenter.ask(again=True)
    assert presenter.pointed is None
    await composer.tasks.idle()


async def test_an_accepted_draft_tells_what_was_confirmed(composer: Composer) -> None:
    ticket = composer.services.shelf.tickets[REFUND]
    composer.services.suggestions.kinds[REFUND] = drafted(ticket, doubtful=True)
    presenter = await composer.open(REFUND)
    await composer.do(presenter.accept)
    await composer.do(presenter.accept)
    assert composer.recorded[0].confirmed == presenter.suggestion.doubts if presenter.suggestion else False


async def test_a_question_to_ask_back_can_be_taken_but_not_accepted(composer: Composer) -> None:
    composer.services.suggestions.kinds[REFUND] = not_answered(composer.services.shelf.tickets[REFUND])
    presenter = await composer.open(REFUND)
    assert (presenter.phase, presenter.can_accept, presenter.can_take) == (Phase.NONE, False, True)
    presenter.typed("own words")
    assert not presenter.take()
    presenter.typed("")
    assert presenter.take()
    assert presenter.text == "Our notes do not say. Which one do you mean?"


def with_message(composer: Composer, ticket_id: str, text: str) -> None:
    ticket = composer.services.shelf.tickets[ticket_id]
    message = replace(ticket.messages[ticket.last_customer_index() or 0], text=text)
    composer.services.shelf.tickets[ticket_id] = replace(
        ticket, messages=(*ticket.messages, message), version=ticket.version + 1
    )


async def test_a_newer_message_withdraws_the_draft_and_leaves_the_text_alone(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    first = presenter.draft
    presenter.typed("half a thought")
    with_message(composer, REFUND, "and another thing")
    gate = composer.services.suggestions.gate = asyncio.Event()
    presenter.show(await composer.services.tickets.open(REFUND))
    assert (presenter.phase, presenter.renewal.why) == (Phase.SEARCHING, Why.MESSAGE)
    assert not presenter.can_accept
    presenter.look_back()
    assert (presenter.renewal.looking, presenter.renewal.earlier) == (True, first)
    gate.set()
    await composer.tasks.idle()
    assert presenter.suggestion is not None
    assert presenter.suggestion.ticket_version == 2
    assert presenter.text == "half a thought"
    await composer.open(PARCEL)
    assert presenter.renewal.why is None


async def test_an_own_reply_is_no_new_message(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    await composer.do(presenter.accept)
    await composer.do(lambda: presenter.look_back())
    assert (presenter.renewal.why, presenter.renewal.looking) == (None, False)


async def test_what_no_longer_stands_is_renewed_and_what_does_is_kept(composer: Composer) -> None:
    presenter = await composer.open(REFUND)
    first = presenter.suggestion
    await composer.do(lambda: presenter.check_standing(Why.KNOWLEDGE))
    assert presenter.suggestion is first
    assert presenter.renewal.why is None
    composer.services.suggestions.standing = False
    await composer.do(lambda: presenter.check_standing(Why.ORDER))
    assert presenter.suggestion is not first
    assert (presenter.phase, presenter.renewal.why) == (Phase.READY, Why.ORDER)
