"""Each sentence of a draft knows the sentence of the source that it rests on."""

from agent_assist.domain.suggestion import Source
from agent_assist.suggestion.guard.grounding import ground_sentences

RETURNS = "Unworn boots can be returned within 7 days. Sale items are final."
FEES = "Return shipping costs $5. Express delivery costs $12."


def source(text: str, start: int) -> Source:
    return Source(doc_id="d", title="t", passage=text, start=start, end=start + len(text))


def test_a_sentence_points_at_its_source_in_the_articles_characters() -> None:
    draft = "Hello! You can return unworn boots within one week. The express delivery is $12."
    found = ground_sentences(draft, [source(RETURNS, 100), source(FEES, 40)])
    assert [draft[one.start : one.end] for one in found] == [
        "Hello!",
        "You can return unworn boots within one week.",
        "The express delivery is $12.",
    ]
    assert [(one.source, one.free) for one in found] == [(None, True), (0, False), (1, False)]
    assert RETURNS[found[1].source_start - 100 : found[1].source_end - 100].strip() == RETURNS.split(". ")[0] + "."
    assert FEES[found[2].source_start - 40 : found[2].source_end - 40].strip() == "Express delivery costs $12."


def test_what_rests_on_nothing_is_told() -> None:
    draft = "您好，请问需要帮助吗？我们的耳机续航30小时。"
    found = ground_sentences(draft, [source("签收后7天内可退货。", 0)])
    assert [(one.source, one.free) for one in found] == [(None, True), (None, False)]


def test_what_says_that_nobody_knows_needs_no_source_but_a_figure_does() -> None:
    draft = (
        "7天内可退货。关于您问的“头饰包不包括”，资料里没有写明，我帮您核实后回复您。"
        "As for “do I get a lid”, our notes don't say, so I'll check and get back to you. I'll check the 30 metres."
    )
    found = ground_sentences(draft, [source("签收后7天内可退货。", 0)])
    assert [(one.source, one.free) for one in found] == [(0, False), (None, True), (None, True), (None, False)]


def test_without_sources_and_without_a_draft_there_is_nothing_to_rest_on() -> None:
    assert ground_sentences("", []) == ()
    assert [one.source for one in ground_sentences("Boots are fine.", [])] == [None]
