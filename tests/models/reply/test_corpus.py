"""The corpus: facts of a reply come from its row, held-out pages stay unseen, same seed same packs."""

import random
import re
from collections import Counter
from collections.abc import Iterable

import pytest

from agent_assist.domain.language import detect_language
from models.reply.corpus.generator import Generator
from models.reply.corpus.pages import KINDS, MISSING, Page, held_out_pages, training_pages
from models.reply.corpus.rows import Row, TaskRow
from models.reply.corpus.sheets import read_facets, slot_types
from models.reply.corpus.slots import LANGUAGES, TYPES, draw, slots_of
from models.reply.corpus.tasks import slip
from models.reply.evaluate import held_out_rows, judge, source_texts

PACKS = list(Generator(training_pages(), seed=3).packs(600))
ROWS = [row for pack in PACKS for row in pack if isinstance(row, Row)]
TASKS = [row for pack in PACKS for row in pack if isinstance(row, TaskRow)]
TEST_ROWS = held_out_rows()
NUMBER = re.compile(r"\d+(?:[.:]\d+)*")


@pytest.mark.parametrize("rows", [ROWS, TEST_ROWS], ids=["training", "held out"])
def test_every_number_of_a_reply_stands_in_its_row(rows: list[Row]) -> None:
    for row in rows:
        known = {number for text in source_texts(row.draft) for number in NUMBER.findall(text)}
        assert set(NUMBER.findall(row.reply)) <= known, (row.situation, row.reply)


def test_the_written_reply_passes_its_own_judgement() -> None:
    bad = [(row.situation, row.reply, row.must, row.wrong) for row in TEST_ROWS if not judge(row, row.reply).good]
    assert not bad


def test_no_slot_is_left_open() -> None:
    for row in ROWS + TEST_ROWS:
        texts = [row.reply, *row.must, *source_texts(row.draft)]
        assert not any(re.search(r"[{}]", text) for text in texts), row.situation


def test_every_slot_has_a_known_type_and_every_situation_a_known_kind() -> None:
    for page in (*training_pages(), *held_out_pages()):
        assert {kind for _, kind in slots_of(page.texts())} <= TYPES, page.id
        assert {one.kind for one in page.situations} <= KINDS, page.id


def test_a_written_reply_holds_what_it_must_and_names_no_slot_that_its_page_lacks() -> None:
    for page in (*training_pages(), *held_out_pages()):
        for language in LANGUAGES:
            shown = page.side(language)
            for situation, side in page.asked(language):
                assert shown is not None, page.id
                place = f"{page.id}.{situation.n} {language}"
                order = shown.order if side.order is None else side.order
                sources = [*(text for one in shown.passages for text in one), *order, *side.asks, *side.thread]
                assert set(slots_of([side.reply, *side.tones.values()])) <= set(slots_of(sources)), place
                assert all(any(part in side.reply for part in fact.split("|")) for fact in side.must), place
                assert not any(fact in side.reply for fact in side.wrong if "|" not in fact), place


def test_facets_say_the_same_in_both_languages() -> None:
    assert slot_types() <= TYPES
    for facet in read_facets():
        slots = [set(slots_of([text])) for s in (facet.zh, facet.en) for text in (s.clause, s.reply)]
        assert all(slots[0] == other for other in slots), facet.id


def test_there_are_enough_situations_in_both_languages() -> None:
    pages = training_pages()
    assert sum(len(page.situations) for page in pages) >= 2000
    sides = Counter(language for page in pages for language in LANGUAGES for _ in page.asked(language))
    assert min(sides.values()) >= 1000
    held_out = Counter(row.draft.language for row in TEST_ROWS)
    assert held_out == {"zh": 150, "en": 150}
    assert sum(row.kind == MISSING for row in TEST_ROWS) == 80


def test_no_held_out_text_is_trained_on() -> None:
    def texts(pages: Iterable[Page]) -> set[str]:
        sides = [
            (shown, asked)
            for page in pages
            for language in LANGUAGES
            if (shown := page.side(language))
            for _, asked in page.asked(language)
        ]
        passages = {text for shown, _ in sides for one in shown.passages for text in one if len(text) > 12}
        return passages | {ask for _, asked in sides for ask in asked.asks if len(ask) > 12}

    assert not texts(training_pages()) & texts(held_out_pages())
    assert not {page.id for page in training_pages()} & {page.id for page in held_out_pages()}


def test_ids_are_unique() -> None:
    ids = [page.id for page in (*training_pages(), *held_out_pages())]
    assert [one for one, count in Counter(ids).items() if count > 1] == []


def test_same_seed_same_packs_other_seed_other_packs() -> None:
    assert list(Generator(training_pages(), seed=3).packs(60)) == PACKS[:60]
    assert list(Generator(training_pages(), seed=4).packs(60)) != PACKS[:60]


def test_the_reply_is_in_the_language_asked_for() -> None:
    wrong = [row.reply for row in ROWS if detect_language(row.reply) != row.draft.language]
    assert len(wrong) < len(ROWS) * 0.01  # a reply may be little more than a brand and a number


def test_rows_hold_what_drafts_meet() -> None:
    assert any(len(row.draft.thread) > 1 for row in ROWS)
    assert any(row.draft.hint for row in ROWS)
    assert any(row.draft.tone != "plain" for row in ROWS)
    assert any(row.kind == MISSING and row.draft.passages for row in ROWS)
    assert any(len(row.draft.passages) > 2 for row in ROWS)
    foreign = [
        row for row in ROWS if row.draft.passages and detect_language(row.draft.passages[0].text) != row.draft.language
    ]
    assert foreign


def test_rows_of_a_pack_share_their_passages() -> None:
    shared = [pack for pack in PACKS if len(pack) > 1 and all(isinstance(row, Row) for row in pack)]
    assert len(shared) > 300
    for pack in shared:
        assert len({str(row.draft.passages) for row in pack if isinstance(row, Row)}) == 1


def test_all_other_tasks_are_there() -> None:
    manners = Counter(str(getattr(row.request, "manner", "summary")) for row in TASKS)
    assert set(manners) == {"warm", "formal", "short", "long", "simple", "correct", "translate", "summary"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_slips_change_words_and_no_figure(language: str) -> None:
    text = {
        "zh": "您好，运费是12.5元，需要在7天内退回。",
        "en": "Hello! The fee is $12.5, don't wait longer than 7 days.",
    }[language]
    rng = random.Random(1)
    slipped = [slip(text, language, rng) for _ in range(50)]
    assert sum(one != text for one in slipped) > 40
    assert all(NUMBER.findall(one) == NUMBER.findall(text) for one in slipped)


def test_a_second_reply_in_a_thread_does_not_greet_again() -> None:
    for row in ROWS:
        if len(row.draft.thread) > 1:
            assert not row.reply.startswith(("您好，", "Hello!")), row


def test_one_value_a_slot_and_no_value_twice() -> None:
    for seed in range(50):
        values = draw(["{days1} {days2} {days3} {days1}"], random.Random(seed))
        filled = values.fill("{days1} {days2} {days3} {days1}", "zh").split()
        assert filled[0] == filled[3]
        assert len(set(filled)) == 3


def test_judging_sees_missing_facts_neighbours_and_made_up_numbers() -> None:
    row = next(row for row in TEST_ROWS if row.must and row.must[0].isdigit() and row.wrong and row.wrong[0].isdigit())
    assert judge(row, row.reply).good
    assert not judge(row, "").has_facts
    assert judge(row, row.reply + " 98765").unsupported == ("98765",)
    assert judge(row, f"{row.reply} {row.wrong[0]}").wrong == (row.wrong[0],)


def test_where_nothing_is_known_only_asking_is_good() -> None:
    row = next(row for row in TEST_ROWS if row.kind == MISSING and row.draft.language == "en")
    assert judge(row, "The notes don't say; which order is it?").good
    assert not judge(row, "Yes, that is possible.").good
