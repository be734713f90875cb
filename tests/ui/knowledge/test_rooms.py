"""Conflicts, gaps, sources and the trial search."""

import asyncio
from dataclasses import replace
from pathlib import Path

from agent_assist.domain.knowledge import Hit, Passage
from agent_assist.domain.language import Language
from agent_assist.domain.sources import FileState, IndexingProgress, IndexingState
from tests.ui.doubles.knowledge import conflict, gap
from tests.ui.knowledge.conftest import Screen
from ui.i18n import I18n
from ui.knowledge.conflicts.presenter import fact_places
from ui.knowledge.presenter import Room
from ui.knowledge.trial.reasons import reasons, word_places


async def test_conflicts_are_looked_for_when_they_are_shown(screen: Screen) -> None:
    conflicts = screen.presenter.conflicts
    screen.services.conflicts.found = [conflict()]
    assert conflicts.found is None
    await screen.do(lambda: screen.presenter.enter(Room.CONFLICTS))
    assert conflicts.found == [conflict()]
    await screen.do(lambda: conflicts.dismiss(conflict()))
    assert conflicts.found == []


async def test_comparing_tells_how_far_it_is_and_can_be_stopped(screen: Screen) -> None:
    conflicts = screen.presenter.conflicts
    screen.services.conflicts.gate = asyncio.Event()
    screen.presenter.enter(Room.CONFLICTS)
    await asyncio.sleep(0)
    assert (conflicts.progress, conflicts.looking) == ((1, 2), True)
    conflicts.cancel()
    await screen.settle()
    assert (conflicts.progress, conflicts.looking, conflicts.found) == (None, False, None)


def test_differing_facts_are_found_in_their_passages() -> None:
    assert fact_places("7 days, then 7 days more", ["7 days", "7 days", "14"]) == [(0, 6), (13, 19)]
    assert fact_places("无", [""]) == []


async def test_a_gap_is_dismissed_brought_back_and_written_for(screen: Screen) -> None:
    gaps = screen.presenter.gaps
    screen.services.gaps.found = [gap()]
    await screen.do(lambda: screen.presenter.enter(Room.GAPS))
    assert gaps.report is not None
    assert gaps.report.open == (gap(),)
    await screen.do(lambda: gaps.dismiss(gap()))
    assert gaps.report.open == ()
    await screen.do(gaps.undo_dismiss)
    assert gaps.report.open == (gap(),)
    await screen.do(lambda: gaps.write(gap()))
    editor = screen.presenter.editor
    assert (screen.presenter.room, editor.open) == (Room.ARTICLES, True)
    assert editor.article is not None
    assert editor.article.question == "Do you deliver to the moon?"
    assert editor.changed


async def test_sources_tell_files_with_errors_first(screen: Screen) -> None:
    screen.services.indexing.add("/shop", failed="A scan without text.")
    sources = screen.presenter.sources
    await screen.do(sources.load)
    assert (sources.chosen, sources.problems) == ("/shop", 1)
    assert [(file.path, file.state) for file in sources.troubled] == [
        ("/shop/b.pdf", FileState.FAILED),
        ("/shop/a.md", FileState.READ),
    ]


async def test_folders_are_followed_looked_through_and_forgotten(screen: Screen) -> None:
    sources, indexing = screen.presenter.sources, screen.services.indexing
    await screen.do(lambda: sources.watch(Path("/shop")))
    assert sources.report is not None
    assert sources.report.added == 2
    assert [source.path for source in sources.sources or ()] == ["/shop"]
    await screen.do(lambda: sources.set_watched("/shop", False))
    assert not (sources.sources or ())[0].watched
    await screen.do(lambda: sources.reindex(["/shop"], anew=True))
    await screen.do(sources.reindex)
    assert indexing.calls == ["watch /shop", "reindex /shop True", "reindex  False"]
    await screen.do(lambda: sources.remove("/shop"))
    assert (sources.sources, sources.chosen, sources.files) == ([], "", [])


async def test_indexing_is_paused_gone_on_with_and_given_up(screen: Screen) -> None:
    sources, indexing = screen.presenter.sources, screen.services.indexing
    indexing.progress = IndexingProgress(state=IndexingState.RUNNING, files_done=1, files_total=9)
    screen.services.events.publish(indexing.progress)
    assert sources.busy
    await screen.do(sources.pause)
    indexing.progress = IndexingProgress(state=IndexingState.PAUSED)
    screen.services.events.publish(indexing.progress)
    await screen.do(sources.pause)
    await screen.do(sources.cancel)
    assert indexing.calls == ["pause", "go on", "cancel"]
    indexing.progress = IndexingProgress()
    screen.services.events.publish(indexing.progress)
    await screen.settle()
    assert not sources.busy


async def test_a_question_is_answered_as_the_agents_search_would(screen: Screen) -> None:
    trial = screen.presenter.trial
    await screen.do(lambda: trial.ask(" refund "))
    assert trial.asked == "refund"
    assert all("refund" in hit.passage.text.casefold() or hit.passage.doc_id for hit in trial.hits)
    assert trial.hits
    assert trial.threshold == 0.35
    await screen.do(lambda: trial.ask("  "))
    assert (trial.hits, trial.asked) == ((), "")


async def test_the_rooms_go_round(screen: Screen) -> None:
    await screen.do(lambda: screen.presenter.step(-1))
    assert screen.presenter.room is Room.TRIAL
    await screen.do(lambda: screen.presenter.step(1))
    assert screen.presenter.room is Room.ARTICLES


def test_the_reasons_of_a_hit_are_told_and_its_words_found_in_the_passage() -> None:
    text = "Refunds take 3 days. A refund is free; prerefund is none."
    passage = Passage(doc_id="one", title="Refunds", text=text, start=0, end=len(text))
    hit = Hit(
        rank=1,
        score=0.9,
        passage=passage,
        similarity=0.86,
        lexical=0.5,
        question_match=0.97,
        question="How long?",
        matched=("refnud", "3 days"),
        slips=(("refnud", "refund"),),
    )
    told = reasons(I18n(Language.EN), hit)
    assert told[0] == "like its question “How long?”: 97%"
    assert "“refnud” was read as “refund”" in told
    assert reasons(I18n(Language.EN), replace(hit, answers=0.83))[0] == "read as an answer: 83%"
    assert "83%" in reasons(I18n(Language.ZH), replace(hit, answers=0.83))[0]
    assert [text[start:end] for start, end in word_places(text, hit)] == ["Refund", "3 days", "refund"]
    assert word_places("ŉ", hit) == []
