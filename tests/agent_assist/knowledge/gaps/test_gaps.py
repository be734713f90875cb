"""Groups of questions, their names, and articles begun from them."""

import struct

from agent_assist.domain.knowledge import ArticleKind, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.knowledge.gaps import Grouping, Question, draft_article, name_groups
from agent_assist.knowledge.solved import Side, question_words


def question(text: str, intent: str, *values: float) -> Question:
    length = sum(value * value for value in values) ** 0.5
    vector = struct.pack(f"<{len(values)}f", *(value / length for value in values)) if values else b""
    return Question(side=Side(profile=((intent, 1.0),), words=frozenset(question_words(text))), vector=vector)


WASH = [
    question("羽绒服怎么洗", "product.usage", 1.0, 0.1, 0.0),
    question("羽绒服可以机洗吗", "product.usage", 1.0, 0.2, 0.0),
    question("羽绒服能不能水洗", "product.usage", 1.0, 0.15, 0.1),
]
STUDENT = [
    question("有学生优惠吗", "promotion.coupon", 0.1, 1.0, 0.3),
    question("学生证打几折", "promotion.coupon", 0.0, 1.0, 0.4),
]
ALONE = question("do u sell drones", "presale.availability", 0.2, 0.1, 1.0)


def groups(*questions: Question) -> set[frozenset[int]]:
    grouping = Grouping(questions)
    for _ in grouping.steps():
        pass
    return {frozenset(places) for places in grouping.groups}


def test_questions_that_want_the_same_are_a_group() -> None:
    assert groups(*WASH, *STUDENT, ALONE) == {frozenset({0, 1, 2}), frozenset({3, 4}), frozenset({5})}
    assert groups() == set()
    assert groups(ALONE) == {frozenset({0})}


def test_a_newcomer_leaves_the_other_groups_as_they_are() -> None:
    before = groups(*WASH, *STUDENT)
    after = groups(*WASH, *STUDENT, ALONE, question("学生有折扣吗", "promotion.coupon", 0.1, 1.0, 0.35))
    assert frozenset({0, 1, 2}) in before & after
    assert frozenset({3, 4, 6}) in after


def test_without_vectors_words_group() -> None:
    plain = [question(text, "x") for text in ("羽绒服可以机洗吗", "羽绒服可以机洗么", "有学生优惠吗")]
    bare = [Question(side=Side(profile=(), words=one.side.words)) for one in plain]
    assert groups(*bare) == {frozenset({0, 1}), frozenset({2})}


def test_a_group_is_named_by_what_sets_it_apart() -> None:
    washing, student = name_groups(
        [["请问羽绒服怎么洗", "羽绒服可以机洗吗"], ["有学生优惠吗", "学生证打几折", "学生 [PERSON_1] 打折吗"]]
    )
    assert washing.startswith("羽绒服")
    assert student.startswith("学生")
    assert "PERSON" not in student
    assert name_groups([["does Band 6 sync with strava"], ["is the cardigan certified"]]) == [
        "strava · band · sync",
        "certified · cardigan",
    ]
    assert name_groups([]) == []


def test_an_article_is_begun_from_the_questions() -> None:
    texts = ["羽绒服怎么洗", "羽绒服怎么洗？", "[PERSON_1] 想问 羽绒服可以机洗吗", "[ORDER_1]"]
    article = draft_article("gap-3", name="羽绒服", texts=texts, language=Language.ZH, intent="product.usage")
    assert (article.question, article.variants) == ("羽绒服怎么洗", ("想问 羽绒服可以机洗吗",))
    assert (article.status, article.kind, article.text) == (ArticleStatus.DRAFT, ArticleKind.FAQ, "")
    assert (article.title, article.intents) == ("羽绒服", ("product.usage",))
