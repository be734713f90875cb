"""Pictures of the window with the sample shop: `python -m tests.e2e.screenshots DIR`, or `make screenshots OUT=DIR`.

Every screen in {zh, en} x {light, dark} x {100%, 150%}, and the desk and what lies beside it in high contrast, over the
real models where they are built, else over the scripted engine (the file names say which). Looks may be named behind
DIR, such as en-light or zh-dark-150.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Collection, Iterator
from itertools import product
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from agent_assist.domain.tickets import Queue
from agent_assist.domain.wording import Rewording
from agent_assist.engine.api import Engine
from agent_assist.engine.local import local_engine
from agent_assist.engine.testing import ScriptedEngine
from tests.e2e.desk import Desk, open_desk, run
from tests.helpers.models import models_dir
from ui.composer.presenter import Phase
from ui.knowledge.presenter import Room
from ui.theme import THEMES
from ui.widgets.picker import Picker

SIZE = (1440, 900)
# Tickets of the sample shop with an order, several turns and an answer in the knowledge.
TICKETS = {"zh": "TK-1036", "en": "TK-1045"}
# Sample tickets with pictures, and such that are written in the other language.
WITH_FILES = {"zh": "TK-1043", "en": "TK-1069"}
FOREIGN = {"zh": "TK-1045", "en": "TK-1036"}
NOTES = {"zh": "仓库确认发错颜色，已登记。", "en": "Second dented tumbler this week: told the warehouse."}
TYPED = {"zh": "您好，我们会在3天内给您退款88元。", "en": "Hello, we will refund you $88 within 3 days."}
SEARCHED = {"zh": "工单", "en": "ticket"}
QUESTIONS = {"zh": "退款多久到账", "en": "How long does a refund take?"}


async def settle(desk: Desk) -> None:
    """Wait until the open ticket is read and its suggestion is there."""
    composer, thread = desk.session.desk.composer, desk.session.desk.thread
    await desk.until(lambda: composer.phase in {Phase.READY, Phase.NONE, Phase.ANSWERED, Phase.AWAY})
    await desk.until(lambda: not thread.reading)
    await asyncio.sleep(0.5)


def looks() -> Iterator[tuple[str, str, str, str]]:
    """Name, language, theme and scale of each; high contrast at 100 % alone, which differs in its colours only."""
    for language, theme in product(("en", "zh"), THEMES):
        for scale in ("1.0",) if theme.startswith("contrast") else ("1.0", "1.5"):
            yield f"{language}-{theme}" + ("" if scale == "1.0" else "-150"), language, theme, scale


async def take_all(desk: Desk, out: Path, kind: str, wanted: Collection[str]) -> None:
    """Every look, or those that are `wanted` by their names."""
    window = desk.program.window
    for look, language, theme, scale in looks():
        if wanted and look not in wanted:
            continue
        for setting, value in (("ui.language", language), ("ui.theme", theme), ("ui.font_scale", scale)):
            desk.program.choose(setting, value)
        window.resize(*SIZE)
        name = look + kind
        desk.session.show_desk()
        await desk.open(TICKETS[language])
        await settle(desk)
        window.grab().save(str(out / f"desk-{name}.png"))
        if theme.startswith("contrast"):
            await take_rooms(desk, out, name)
            continue
        conversation = desk.session.view.conversation
        conversation.correct_newest()
        await asyncio.sleep(0.3)
        window.grab().save(str(out / f"intents-{name}.png"))
        conversation.dismiss_picker()
        for take in (take_inbox, take_conversation, take_composer, take_knowledge, take_rooms):
            await take(desk, out, name)
        desk.session.show_log()
        await asyncio.sleep(0.3)
        window.grab().save(str(out / f"log-{name}.png"))


async def take_inbox(desk: Desk, out: Path, name: str) -> None:
    """Selected tickets and until when to snooze them, all filters over the snoozed ones, and one customer's tickets."""
    window, inbox, view = desk.program.window, desk.session.desk.inbox, desk.session.view.inbox
    people = desk.app.triage
    ids = await desk.app.tickets.ids(inbox.query, offset=0, limit=60)
    await people.assign(ids[1:3], people.me)
    snoozed = await people.snooze(ids[50:55], people.snooze_choices()[-1].until)
    await desk.until(lambda: inbox.counts.get(Queue.SNOOZED) == len(snoozed.ticket_ids))
    for index in (1, 2, 4):
        inbox.toggle_mark(index)
    actions = desk.program.window.table
    actions.trigger("snooze")
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"inbox-selected-{name}.png"))
    for picker in window.findChildren(Picker):
        picker.dismiss()
    inbox.marks.clear()
    inbox.set_queue(Queue.SNOOZED)
    view.filters.toggle.setChecked(True)
    await desk.until(lambda: inbox.total == len(snoozed.ticket_ids))
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"inbox-snoozed-{name}.png"))
    view.filters.toggle.setChecked(False)
    await people.undo(snoozed.id)
    inbox.set_queue(Queue.WAITING)
    await desk.until(lambda: inbox.total > len(snoozed.ticket_ids))
    several = next(place for place in range(60) if (row := inbox.peek(place)) is not None and row.open_tickets > 1)
    inbox.select_index(several)
    inbox.show_customer()
    await desk.until(lambda: bool(inbox.query.customer) and inbox.total < 60)
    await settle(desk)
    window.grab().save(str(out / f"inbox-customer-{name}.png"))
    inbox.leave_customer()
    await desk.open(TICKETS[name[:2]])
    await settle(desk)


async def take_conversation(desk: Desk, out: Path, name: str) -> None:
    """Files, a corrected label and a note; a picture large; the picker of moods; a translation or why there is none."""
    window, presenter, view = desk.program.window, desk.session.desk, desk.session.view
    await desk.open(WITH_FILES[name[:2]])
    await settle(desk)
    thread, files, notes = presenter.thread, presenter.attachments, presenter.notes
    index = thread.correct_index() or 0
    if not thread.bubbles()[-1].corrected:
        thread.correct_urgency(index, "high")
        await desk.until(lambda: thread.bubbles()[-1].corrected)
    notes.begin()
    notes.typed(NOTES[name[:2]])
    notes.keep()
    await desk.until(lambda: not notes.keeping)
    await desk.until(lambda: all(files.thumbnail(one) for one in files.pictures))
    await desk.until(lambda: presenter.side.similar is not None)
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"files-{name}.png"))
    files.open(files.pictures[0])
    await desk.until(lambda: files.large is not None)
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"picture-{name}.png"))
    files.close()
    view.conversation.corrections.sentiment(index)
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"mood-{name}.png"))
    view.conversation.dismiss_picker()
    await desk.open(FOREIGN[name[:2]])
    await settle(desk)
    view.conversation.translate_newest()
    await desk.until(lambda: not presenter.translations.writing)
    notes.begin()
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"translation-{name}.png"))
    notes.leave()
    presenter.translations.hide_all()
    await desk.open(TICKETS[name[:2]])
    await settle(desk)


async def take_composer(desk: Desk, out: Path, name: str) -> None:
    """A hint being given, a doubt in what was typed, a rewrite beside it, and a summary or why there is none.

    Where no draft is offered, what is typed is the agent's own knowledge and nobody doubts it.
    """
    window, presenter, view = desk.program.window, desk.session.desk, desk.session.view
    drafting, composer, summary = presenter.drafting, presenter.composer, presenter.summary
    drafting.open_hint()
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"hint-{name}.png"))
    drafting.close_hint()
    view.composer.editor.insertPlainText(TYPED[name[:2]])
    drafted = composer.suggestion is not None and bool(composer.suggestion.draft)
    await desk.until(lambda: bool(composer.check.doubts) or not drafted)
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"doubt-{name}.png"))
    drafting.reword(Rewording.FORMAL)
    await desk.until(lambda: drafting.rewrite is None or not drafting.rewrite.writing)
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"rewrite-{name}.png"))
    drafting.close()
    view.composer.editor.clear()
    summary.write()
    await desk.until(lambda: not summary.writing)
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"summary-{name}.png"))
    summary.toggle()
    await desk.until(lambda: composer.kept or not composer.text)


async def take_knowledge(desk: Desk, out: Path, name: str) -> None:
    """Each part of the knowledge screen; at the end the desk's ticket is shown again."""
    window, presenter = desk.program.window, desk.session.knowledge.presenter
    desk.session.show_knowledge()
    await desk.until(lambda: presenter.article.version is not None)
    for room in Room:
        presenter.enter(room)
        await desk.until(lambda: not presenter.conflicts.looking and not presenter.gaps.loading)
        if room is Room.TRIAL:
            desk.session.knowledge.view.trial.question.setText(QUESTIONS[name[:2]])
            await desk.until(lambda: presenter.trial.asked == QUESTIONS[name[:2]])
        await asyncio.sleep(0.3)
        window.grab().save(str(out / f"knowledge-{room}-{name}.png"))
    presenter.enter(Room.ARTICLES)
    presenter.edit()
    await desk.until(lambda: presenter.editor.open)
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"knowledge-editor-{name}.png"))
    presenter.editor.leave()


async def take_rooms(desk: Desk, out: Path, name: str) -> None:
    """The palette, the list of keys, settings, models with a self-test, and a step of the tour; then the desk again."""
    window, rooms = desk.program.window, desk.session.rooms
    rooms.show_settings()
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"settings-{name}.png"))
    rooms.show_models()
    await desk.until(lambda: rooms.models.cards is not None and bool(rooms.models.states))
    if not rooms.models.steps:
        rooms.models.test()
    await desk.until(lambda: not rooms.models.testing)
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"models-{name}.png"))
    desk.session.show_desk()
    rooms.palette_view.open()
    rooms.palette_view.search.setText(SEARCHED[name[:2]])
    await desk.until(lambda: not rooms.palette.looking)
    await asyncio.sleep(0.3)
    window.grab().save(str(out / f"palette-{name}.png"))
    rooms.palette_view.dismiss()
    dialog = rooms.show_keys()
    await asyncio.sleep(0.3)
    dialog.grab().save(str(out / f"keys-{name}.png"))
    dialog.reject()
    rooms.tour.start()
    for place in ("welcome", "list", "suggestion"):
        while rooms.tour.step is not None and not rooms.tour.step.title.value.startswith(f"tour.{place}"):
            rooms.tour.go_on()
        await asyncio.sleep(0.3)
        window.grab().save(str(out / f"tour-{place}-{name}.png"))
    rooms.tour.end()


def main() -> None:
    """Take the pictures."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "build/screenshots")
    out.mkdir(parents=True, exist_ok=True)
    built = (models_dir() / "encoder").is_dir()
    application = QApplication([])

    async def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            engine: Engine = local_engine(models_dir()) if built else ScriptedEngine()
            async with open_desk(application, Path(folder) / "profile", engine=engine) as desk:
                desk.session.desk.intake.load_samples()
                await desk.until(lambda: desk.session.desk.inbox.total > 0 and not desk.session.desk.intake.running)
                await take_all(desk, out, "" if built else "-scripted", sys.argv[2:])

    run(application, work)


if __name__ == "__main__":
    main()
