"""The window over the real services and database, with a scripted engine: both sides mean the same by each act."""

from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_assist.domain.attachments import Picture
from agent_assist.domain.feedback import FeedbackKind, RejectReason
from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.domain.tickets import TicketState
from agent_assist.domain.understanding import EntitySource
from agent_assist.engine.testing import ScriptedEngine
from tests.e2e.desk import Desk, open_desk, run
from tests.helpers.modifiers import ALT
from tests.helpers.pictures import picture
from ui.composer.presenter import Phase
from ui.knowledge.acts import ActKind
from ui.knowledge.presenter import Room
from ui.thread.presenter import Note

PARCEL = "TK-1011"
Job = Callable[[Desk, ScriptedEngine], Awaitable[None]]


@pytest.fixture
def over_real_services(qapp: QApplication, tmp_path: Path) -> Callable[[Job], None]:
    def do(job: Job) -> None:
        async def work() -> None:
            engine = ScriptedEngine()
            async with open_desk(qapp, tmp_path / "profile", engine=engine) as desk:
                await desk.load_shop()
                await job(desk, engine)

        run(qapp, work)

    return do


def test_accept_and_undo(over_real_services: Callable[[Job], None]) -> None:
    async def job(desk: Desk, _engine: ScriptedEngine) -> None:
        composer, history = desk.session.desk.composer, desk.session.desk.history
        await desk.open(PARCEL)
        composer.ask(again=True)
        await desk.until(lambda: composer.phase in {Phase.READY, Phase.NONE})
        composer.typed("an own reply")
        assert composer.send(goes_on=True)
        await desk.until(lambda: desk.shown != PARCEL)
        assert (await desk.app.tickets.get(PARCEL)).state is TicketState.ANSWERED
        history.undo()
        await desk.until(lambda: desk.shown == PARCEL)
        assert (await desk.app.tickets.get(PARCEL)).state is TicketState.WAITING
        assert composer.text == "an own reply"
        assert not desk.program.window.notice.isVisible()

    over_real_services(job)


def test_labels_are_corrected_and_taken_back(over_real_services: Callable[[Job], None]) -> None:
    async def job(desk: Desk, _engine: ScriptedEngine) -> None:
        thread, history = desk.session.desk.thread, desk.session.desk.history
        await desk.open(PARCEL)
        index = thread.correct_index()
        assert index is not None
        await desk.until(lambda: thread.intents_of(index))
        before = thread.intents_of(index)
        thread.correct_intents(index, ["logistics.track", "complaint.service"])
        await desk.until(lambda: thread.intents_of(index) == ("logistics.track", "complaint.service"))
        assert thread.view is not None
        text = thread.view.ticket.messages[index].text
        start = text.index("林晓雯")
        thread.mark_entity(index, start, start + 3, "person")

        def marked() -> bool:
            entities = thread.view.understandings[index].entities if thread.view else ()
            return any(e.source is EntitySource.AGENT and e.text == "林晓雯" for e in entities)

        await desk.until(marked)
        for _ in range(2):
            taken_back = history.toast
            history.undo()
            await desk.until(lambda taken_back=taken_back: history.toast is not taken_back)
        await desk.until(lambda: thread.intents_of(index) == before)
        assert not marked()
        assert not desk.program.window.notice.isVisible()

    over_real_services(job)


def test_a_rejected_suggestion_and_its_log(over_real_services: Callable[[Job], None], tmp_path: Path) -> None:
    async def job(desk: Desk, _engine: ScriptedEngine) -> None:
        composer, log = desk.session.desk.composer, desk.session.desk.log
        rows = [desk.session.desk.inbox.row(index) for index in range(60)]
        for row in filter(None, rows):
            await desk.open(row.id)
            await desk.until(lambda: composer.phase in {Phase.READY, Phase.NONE})
            if composer.phase is Phase.READY:
                break
        assert composer.sources
        composer.expand(0)
        await desk.until(lambda: composer.places.get(0))
        place = composer.places[0]
        assert place is not None
        assert place.passage == composer.sources[0].passage
        composer.reject(RejectReason.INCOMPLETE)
        await desk.until(lambda: composer.phase is Phase.REJECTED)
        log.load()
        await desk.until(lambda: log.events)
        assert log.events[0].kind is FeedbackKind.REJECTED
        log.undo(log.events[0])
        await desk.until(lambda: composer.phase is Phase.READY)
        log.export("sft", tmp_path / "sft.jsonl")
        await desk.until(lambda: log.exported is not None)
        assert not desk.program.window.notice.isVisible()

    over_real_services(job)


def test_an_unsent_text_is_there_after_a_restart(qapp: QApplication, tmp_path: Path) -> None:
    async def job() -> None:
        async with open_desk(qapp, tmp_path / "profile", engine=ScriptedEngine()) as desk:
            await desk.load_shop()
            await desk.open(PARCEL)
            await desk.type("half a sentence")
        async with open_desk(qapp, tmp_path / "profile", engine=ScriptedEngine()) as desk:
            await desk.until(lambda: desk.session.desk.inbox.total > 0)
            await desk.open(PARCEL)
            assert desk.session.view.composer.editor.toPlainText() == "half a sentence"

    run(qapp, job)


def test_preferences_are_kept_in_the_settings(over_real_services: Callable[[Job], None]) -> None:
    async def job(desk: Desk, _engine: ScriptedEngine) -> None:
        desk.program.choose("ui.language", "zh")
        desk.program.choose("ui.theme", "dark")
        desk.program.choose("ui.font_scale", "1.25")
        settings = desk.app.settings
        assert (settings.ui.language, settings.ui.theme, settings.ui.font_scale) == ("zh", "dark", 1.25)

    over_real_services(job)


def test_an_article_is_written_reviewed_and_taken_back(over_real_services: Callable[[Job], None]) -> None:
    async def job(desk: Desk, _engine: ScriptedEngine) -> None:
        knowledge = desk.session.knowledge
        presenter, editor = knowledge.presenter, knowledge.presenter.editor
        desk.session.show_knowledge()
        await desk.until(lambda: presenter.article.version is not None)
        presenter.create()
        await desk.until(lambda: editor.open)
        editor.typed(title="Moon", text="We deliver to the moon within {what} days.")
        editor.leave()
        await desk.until(lambda: editor.drafts)
        editor.resume(editor.drafts[0])
        await desk.until(lambda: editor.open)
        assert [problem.detail for problem in editor.problems] == ["what"]
        editor.save()
        await desk.until(lambda: presenter.acts.done.count)
        made = presenter.acts.done.steps[0].doc_id
        assert await desk.app.article_drafts.all() == []
        await desk.until(lambda: presenter.article.version and presenter.article.version.doc_id == made)
        assert not [hit for hit in await desk.app.knowledge.search("deliver to the moon") if hit.passage.doc_id == made]
        presenter.review([], ArticleStatus.APPROVED)
        await desk.until(lambda: presenter.acts.done.kind is ActKind.APPROVED)
        presenter.trial.ask("deliver to the moon")
        await desk.until(lambda: presenter.trial.asked)
        assert presenter.trial.hits[0].passage.doc_id == made
        presenter.acts.undo()
        await desk.until(lambda: presenter.acts.done.kind is ActKind.UNDONE)
        assert (await desk.app.articles.get(made)).article.status is ArticleStatus.DRAFT
        for room in Room:
            presenter.enter(room)
            await desk.until(lambda: not presenter.conflicts.looking and not presenter.gaps.loading)
        assert presenter.conflicts.found is not None
        assert presenter.gaps.report is not None
        assert [source.articles > 0 for source in presenter.sources.sources or ()] == [True]
        assert not desk.program.window.notice.isVisible()

    over_real_services(job)


def test_a_text_that_was_being_written_is_there_after_closing(qapp: QApplication, tmp_path: Path) -> None:
    async def work() -> None:
        async with open_desk(qapp, tmp_path / "profile", engine=ScriptedEngine()) as desk:
            desk.session.show_knowledge()
            editor = desk.session.knowledge.presenter.editor
            editor.create()
            await desk.until(lambda: editor.open)
            editor.typed(text="half a sen")
        async with open_desk(qapp, tmp_path / "profile", engine=ScriptedEngine()) as desk:
            desk.session.show_knowledge()
            editor = desk.session.knowledge.presenter.editor
            await desk.until(lambda: editor.drafts)
            assert [draft.article.text for draft in editor.drafts] == ["half a sen"]

    run(qapp, work)


def test_a_mail_with_a_picture_a_note_and_the_customers_other_ticket(qapp: QApplication, tmp_path: Path) -> None:
    async def work() -> None:
        mails = [tmp_path / f"{number}.eml" for number in (1, 2)]
        for number, path in enumerate(mails):
            path.write_bytes(mail_with_picture(number))
        async with open_desk(qapp, tmp_path / "profile", engine=ScriptedEngine()) as desk:
            desk.session.desk.intake.import_tickets(mails)
            await desk.until(lambda: desk.session.desk.inbox.total == 2)
            await desk.close_report()
            first, second = (f"m{number}@example.com" for number in (0, 1))
            await desk.open(first)
            presenter, view = desk.session.desk, desk.session.view
            files, side, notes = presenter.attachments, presenter.side, presenter.notes
            await desk.until(lambda: [one.name for one in files.pictures] == ["cup.png"])
            await desk.until(lambda: isinstance(files.thumbnail(files.pictures[0]), Picture))
            files.open(files.pictures[0])
            await desk.until(lambda: isinstance(files.large, Picture))
            assert isinstance(files.large, Picture)
            assert (files.large.full_width, files.large.full_height) == (61, 43)
            await desk.press(view.light_box, Qt.Key.Key_Escape)
            files.save(files.pictures[0], tmp_path / "saved.png")
            await desk.until(lambda: presenter.saved is not None)
            assert (tmp_path / "saved.png").read_bytes() == picture(size=(61, 43))
            await desk.until(lambda: side.history is not None)
            assert [one.row.id for one in (side.history.tickets if side.history else ())] == [second]
            notes.begin()
            notes.typed("call the courier")
            assert notes.keep()
            await desk.until(lambda: any(isinstance(item, Note) for item in presenter.thread.items()))
            presenter.history.undo()
            await desk.until(lambda: notes.text == "call the courier")
            notes.typed("call the courier today")
            assert not desk.program.window.notice.isVisible()
        async with open_desk(qapp, tmp_path / "profile", engine=ScriptedEngine()) as desk:
            await desk.until(lambda: desk.session.desk.inbox.total == 2)
            await desk.open(first)
            await desk.until(lambda: desk.session.view.note.isVisible())
            assert desk.session.view.note.editor.toPlainText() == "call the courier today"

    run(qapp, work)


def mail_with_picture(number: int) -> bytes:
    """One of a customer's mails."""
    message = EmailMessage()
    message["From"], message["Subject"] = "Ann Lee <ann@example.com>", f"Broken {number}"
    message["Date"], message["Message-ID"] = "Mon, 02 Nov 2026 09:30:00 +0000", f"<m{number}@example.com>"
    message.set_content("The cup came broken.")
    if number == 0:
        message.add_attachment(picture(size=(61, 43)), "image", "png", filename="cup.png")
    return message.as_bytes()


def test_grades_are_corrected_and_taken_back(over_real_services: Callable[[Job], None]) -> None:
    async def job(desk: Desk, _engine: ScriptedEngine) -> None:
        thread, history, view = desk.session.desk.thread, desk.session.desk.history, desk.session.view
        await desk.open(PARCEL)
        index = thread.correct_index()
        assert index is not None
        await desk.until(lambda: thread.understanding(index))
        window = desk.program.window

        def labels() -> tuple[str, str]:
            read = thread.understanding(index)
            return (read.sentiment.label, read.urgency.label) if read else ("", "")

        before = labels()
        for key, digit in ((Qt.Key.Key_S, Qt.Key.Key_1), (Qt.Key.Key_U, Qt.Key.Key_1)):
            await desk.press(window, key, ALT)
            picker = view.conversation.corrections.picker
            assert picker is not None
            toast = history.toast
            await desk.press(picker.search, digit)
            await desk.until(lambda toast=toast: history.toast is not toast)
        await desk.until(lambda: labels() == ("very_negative", "low"))
        await desk.until(lambda: thread.bubbles()[-1].predicted is not None)
        said = thread.bubbles()[-1].predicted
        assert said is not None
        assert (said.sentiment.label, said.urgency.label) == before
        for _ in range(2):
            toast = history.toast
            await desk.press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            await desk.until(lambda toast=toast: history.toast is not toast)
        await desk.until(lambda: labels() == before)

    over_real_services(job)
