"""The shipped reader on passages that no training has seen, and the writer that is shown what it found."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs
from numpy.typing import NDArray

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, GroundingPassage, Turn
from models.encoder.trunk import TrunkOutput
from models.errors import Stopped
from models.reply.choice import starter
from models.reply.evidence import finder as finder_module
from models.reply.evidence.build import build_evidence
from models.reply.evidence.finder import EvidenceFinder
from models.reply.evidence.layout import ADAPTER_FILE, NAME
from models.reply.evidence.notes import clauses_of, units_of
from models.reply.evidence.shared import shared_finder
from models.reply.types import DraftStats
from models.reply.writer import Writer, pooled
from tests.helpers.models import models_dir

pytestmark = pytest.mark.models

RENT = GroundingPassage(
    doc_id="a",
    title="琴行租赁规则",
    text="民谣吉他：月租88元，押金500元；小提琴：月租120元，押金900元；电钢琴：月租150元，押金1200元。租期最短三个月。",
)
PARKING = GroundingPassage(doc_id="b", title="Parking", text="Customers park free for 2 hours. Then it is $4 an hour.")


@pytest.fixture(scope="module")
def finder() -> EvidenceFinder:
    return EvidenceFinder.load(models_dir() / "evidence" / NAME)


@pytest.fixture(scope="module")
def writer() -> Iterator[Writer]:
    writer = Writer.load(models_dir(), gpu_layers=0)
    yield writer
    writer.close()


def draft(text: str, *passages: GroundingPassage, language: str = "zh") -> Draft:
    thread = [Turn(role=Role.CUSTOMER, text=text)]
    return Draft(id="1", language=language, thread=thread, passages=list(passages))


def test_the_clause_that_answers_is_found_among_its_neighbours(finder: EvidenceFinder) -> None:
    finding = finder.find(draft("小提琴租一个月多少钱", RENT, PARKING))
    assert any("小提琴：月租120元" in key for key in finding.keys)
    assert "小提琴" in finding.draft.passages[0].text
    english = finder.find(draft("how much is parking after two hours", RENT, PARKING, language="en"))
    assert any("$4" in key for key in english.keys)


def test_a_line_of_the_order_is_found(finder: EvidenceFinder) -> None:
    asked = structs.replace(draft("我付了多少钱", RENT), order_facts=["订单 A1：已签收", "实付：57 CNY"])
    assert "实付：57 CNY" in finder.find(asked).keys


def test_a_question_about_something_else_is_less_answerable(finder: EvidenceFinder) -> None:
    asked = finder.find(draft("小提琴租一个月多少钱", RENT)).answerable
    assert finder.find(draft("你们招聘店员吗", RENT)).answerable < asked


def test_each_question_of_a_message_has_its_own_answer(finder: EvidenceFinder) -> None:
    finding = finder.find(draft("小提琴一个月租金多少？租期最短多久？", RENT, PARKING))
    assert [part.question for part in finding.parts] == ["小提琴一个月租金多少？", "租期最短多久？"]
    assert ["小提琴：月租120元" in part.answers[0].clause for part in finding.parts] == [True, False]
    assert "三个月" in finding.parts[1].answers[0].clause
    assert len(finding.keys) >= 2


def test_a_question_that_nothing_answers_is_open_beside_one_that_has_an_answer(finder: EvidenceFinder) -> None:
    finding = finder.find(
        draft("how much is parking after two hours? and do you sell umbrellas?", PARKING, language="en")
    )
    assert [part.open for part in finding.parts] == [False, True]


def test_a_price_is_no_answer_to_how_long(finder: EvidenceFinder) -> None:
    cost = GroundingPassage(doc_id="c", title="校准", text="镜筒可寄回校准，每次330.9元，寄还运费我们出。")
    asked = finder.find(draft("校准一次多少钱", cost))
    assert asked.fitting
    assert "330.9" in asked.parts[0].answers[0].clause
    waiting = finder.find(draft("校准要放你们那儿几天", cost))
    assert waiting.answerable < asked.answerable / 2


def test_a_draft_with_nothing_to_read_stays_as_it_is(finder: EvidenceFinder) -> None:
    finding = finder.find(draft("你好"))
    assert (finding.draft.passages, finding.keys, finding.answerable) == ([], (), 0.0)


def test_another_hint_is_not_read_anew_but_another_message_is(
    finder: EvidenceFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = finder.find(draft("小提琴租一个月多少钱", RENT))
    monkeypatch.setattr(finder, "_read", lambda *_: pytest.fail("read again"))
    hinted = finder.find(structs.replace(draft("小提琴租一个月多少钱", RENT), hint="说可以试租"))
    assert (hinted.keys, hinted.draft.hint) == (first.keys, "说可以试租")
    with pytest.raises(pytest.fail.Exception):
        finder.find(draft("吉他呢", RENT))


def test_a_passage_is_read_once_for_a_question_whatever_stands_beside_it(
    finder: EvidenceFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "小提琴的押金是多少呀"
    asked, rows = [Turn(role=Role.CUSTOMER, text=question)], list[int]()
    run = finder._trunk.run

    def counted(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> TrunkOutput:
        rows.append(len(ids))
        return run(ids, mask)

    monkeypatch.setattr(finder._trunk, "run", counted)
    alone = units_of([RENT])
    first = finder.chances(asked, alone, clauses_of(alone))
    assert sum(rows) == 1
    both = units_of([PARKING, RENT])
    second = finder.chances(asked, both, clauses_of(both))
    assert sum(rows) == 2  # the new one alone
    assert len(second) == len(clauses_of(both))
    assert int(np.argmax(second[-len(first) :])) == int(np.argmax(first))
    finder.find(draft(question, PARKING, RENT))
    assert sum(rows) == 2


def test_search_and_draft_read_with_the_same_reader(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = shared_finder(models_dir() / "evidence" / NAME)
    assert writer._finder is reader
    asked = draft("民谣吉他的押金是多少呢", RENT, PARKING)
    sure, other = reader.judge(asked.thread, asked.passages)
    assert 0 <= other < 0.5 < sure <= 1
    monkeypatch.setattr(reader._trunk, "run", lambda *_: pytest.fail("read again"))
    writer.prompt(asked)


def test_two_who_read_at_once_read_as_one(finder: EvidenceFinder) -> None:
    asked = draft("电钢琴的租金和押金各是多少", RENT, PARKING)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: finder.judge(asked.thread, asked.passages), range(8)))
    assert all(one == pytest.approx(found[0]) for one in found)


def test_passages_without_words_answer_nothing(finder: EvidenceFinder) -> None:
    empty = structs.replace(RENT, text=" ")
    question = [Turn(role=Role.CUSTOMER, text="小提琴租一个月多少钱")]
    assert finder.judge(question, [empty, RENT])[0] == 0.0
    assert finder.judge(question, []) == []


def test_what_is_remembered_of_passages_has_an_end(finder: EvidenceFinder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder_module, "KEPT", 2)
    question = [Turn(role=Role.CUSTOMER, text="租期多长")]
    for number in range(4):
        units = units_of([structs.replace(RENT, title=f"规则{number}")])
        finder.chances(question, units, clauses_of(units))
    assert len(finder._known) <= 2


def test_the_prompt_holds_what_was_found_and_no_other_note(writer: Writer) -> None:
    many = [
        RENT,
        *(structs.replace(PARKING, doc_id=str(n), text=f"Rule {n} is about bus number {n}.") for n in range(9)),
    ]
    prompt = writer.prompt(draft("小提琴租一个月多少钱", *many)).text
    assert "# Key\n- 小提琴：月租120元" in prompt
    assert prompt.count("Rule") < 3


def test_the_draft_says_the_figure_that_was_found(writer: Writer) -> None:
    *_, stats = writer.draft(draft("小提琴租一个月多少钱", RENT, PARKING), should_stop=lambda: False)
    assert isinstance(stats, DraftStats)
    assert "120" in stats.text
    assert not any(wrong in stats.text for wrong in ("88", "150", "500"))


def test_a_draft_that_was_misread_ends_in_the_words_of_the_source(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = draft("小提琴租一个月多少钱", RENT, PARKING)
    *said, kept = writer.draft(asked, should_stop=lambda: False)
    assert isinstance(kept, DraftStats)
    assert (kept.quoted, "".join(map(str, said))) == (False, kept.text)
    monkeypatch.setattr("models.reply.evidence.quoting.misread", lambda *_: True)
    *said, quoted = writer.draft(asked, should_stop=lambda: False)
    assert isinstance(quoted, DraftStats)
    assert (quoted.quoted, "".join(map(str, said))) == (True, kept.text)
    assert quoted.text.startswith("您好，小提琴：月租120元")


def test_what_runs_is_what_was_trained(finder: EvidenceFinder) -> None:
    """int8 on the processor beside float32 of the merged weights."""
    units = units_of([RENT, PARKING])
    clauses = clauses_of(units)
    thread = [Turn(role=Role.CUSTOMER, text="小提琴押金多少")]
    fast = finder.chances(thread, units, clauses)
    assert len(fast) == len(clauses)
    assert all(0.0 <= chance <= 1.0 for chance in fast)
    assert int(np.argmax(fast)) == next(n for n, one in enumerate(clauses) if "押金900元" in one.text)


def test_a_folder_that_is_built_is_left_alone_and_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "encoder").symlink_to(models_dir() / "encoder")
    folder = build_evidence(tmp_path, lambda *_: None)
    before = (folder / ADAPTER_FILE).stat().st_mtime_ns
    assert build_evidence(tmp_path, lambda *_: None) == folder
    assert (folder / ADAPTER_FILE).stat().st_mtime_ns == before
    (folder / ADAPTER_FILE).write_bytes(b"")
    build_evidence(tmp_path, lambda *_: None)
    assert (folder / ADAPTER_FILE).stat().st_size > 500


def test_a_missing_reader_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="models build"):
        EvidenceFinder.load(tmp_path)


def test_only_the_starter_is_shown_what_a_reader_found() -> None:
    assert starter(models_dir()).evidence == models_dir() / "evidence" / NAME


def test_two_opinions_of_an_answer_are_pooled() -> None:
    assert pooled(0.5, 0.5) == pytest.approx(0.5)
    assert pooled(0.9, 0.1) == pytest.approx(0.5)
    assert pooled(0.3, 0.9) > 0.5 > pooled(0.7, 0.1)
    assert pooled(1.0, 0.0) > 0.5  # thanks rest on no clause
    assert 0.0 < pooled(0.0, 0.0) < pooled(1.0, 1.0) < 1.0


def test_without_its_reader_the_writer_shows_the_notes_whole_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "reply").symlink_to(models_dir() / "reply")
    (tmp_path / "evidence" / NAME).mkdir(parents=True)
    (tmp_path / "evidence" / NAME / ADAPTER_FILE).write_bytes(b"damaged")
    for damaged in (True, False):
        if not damaged:
            (tmp_path / "evidence" / NAME / ADAPTER_FILE).unlink()
        writer = Writer.load(tmp_path, gpu_layers=0)
        try:
            prompt = writer.prompt(draft("小提琴租一个月多少钱", RENT)).text
            assert RENT.text in prompt
            assert "# Key" not in prompt
            assert "models build" in writer.device_reason
        finally:
            writer.close()


def test_reading_stops_between_passages_and_is_not_kept(finder: EvidenceFinder) -> None:
    many = [structs.replace(RENT, doc_id=str(n), text=f"{n}。{RENT.text * 5}") for n in range(6)]
    asked: list[bool] = []

    def stop_at_third() -> bool:
        asked.append(True)
        return len(asked) == 3

    with pytest.raises(Stopped):
        finder.find(draft("小提琴呢", *many), should_stop=stop_at_third)
    assert len(asked) == 3
    assert finder.find(draft("小提琴呢", *many)).keys
