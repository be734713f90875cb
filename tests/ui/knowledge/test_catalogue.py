"""The list of articles: shelves, filters, pages, and acts on what is selected with their way back."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus, Visibility
from agent_assist.domain.language import Language
from tests.ui.knowledge.conftest import Screen, article
from ui.knowledge.acts import ActKind
from ui.knowledge.catalogue.presenter import Shelf

Make = Callable[[Sequence[Article]], Screen]
APPROVED, BLOCKED, DRAFT = ArticleStatus.APPROVED, ArticleStatus.BLOCKED, ArticleStatus.DRAFT


def status(screen: Screen, doc_id: str) -> ArticleStatus:
    return screen.services.articles.versions[doc_id][-1].article.status


async def test_shelves_count_and_show_what_wants_attention(make: Make) -> None:
    now = datetime.now(UTC)
    screen = make(
        [
            article("draft"),
            article("blocked", status=BLOCKED),
            article("soon", status=APPROVED, valid_until=now + timedelta(days=3)),
            article("over", status=APPROVED, valid_until=now - timedelta(days=3)),
            article("far", status=APPROVED, valid_until=now + timedelta(days=300)),
        ]
    )
    await screen.do(screen.presenter.activate)
    catalogue = screen.presenter.catalogue
    assert [catalogue.counts[shelf] for shelf in Shelf] == [5, 1, 3, 1, 1, 1]
    for shelf, expected in ((Shelf.EXPIRING, "soon"), (Shelf.EXPIRED, "over"), (Shelf.REVIEW, "draft")):
        await screen.do(lambda shelf=shelf: catalogue.show(shelf))
        row = catalogue.row(0)
        assert (catalogue.total, row and row.article.doc_id) == (1, expected)


async def test_each_filter_narrows_and_clearing_widens(make: Make) -> None:
    screen = make(
        [
            article("plain"),
            article("zh", language=Language.ZH, tags=("退款",), kind=ArticleKind.FAQ, question="多久"),
            article("secret", visibility=Visibility.INTERNAL),
        ]
    )
    await screen.do(screen.presenter.activate)
    catalogue = screen.presenter.catalogue
    assert catalogue.tags == ["退款"]
    for act in (
        lambda: catalogue.set_language(Language.ZH),
        lambda: catalogue.set_tag("退款"),
        lambda: catalogue.set_kind(ArticleKind.FAQ),
        lambda: catalogue.set_visibility(Visibility.INTERNAL),
        lambda: catalogue.search(" 多久 "),
    ):
        await screen.do(act)
        assert catalogue.total == 1
        assert catalogue.filtered
        await screen.do(catalogue.clear)
        assert (catalogue.total, catalogue.filtered) == (3, False)


async def test_thousands_are_loaded_page_by_page(make: Make) -> None:
    screen = make([article(f"a{number:04}") for number in range(2_500)])
    await screen.do(screen.presenter.activate)
    catalogue = screen.presenter.catalogue
    assert (catalogue.total, screen.services.articles.asked) == (2_500, [(0, 100)])
    assert catalogue.row(1_234) is None
    await screen.settle()
    row = catalogue.row(1_234)
    assert row is not None
    assert row.article.doc_id == "a1234"
    assert len(screen.services.articles.asked) == 2


async def test_many_are_approved_at_once_and_taken_back(make: Make) -> None:
    screen = make([article(f"a{number:03}") for number in range(250)])
    await screen.do(screen.presenter.activate)
    await screen.do(lambda: screen.presenter.review(list(range(5, 245)), APPROVED))
    done = screen.presenter.acts.done
    assert (done.kind, done.count, done.undoable) == (ActKind.APPROVED, 240, True)
    assert [status(screen, one) for one in ("a004", "a005", "a244", "a245")] == [DRAFT, APPROVED, APPROVED, DRAFT]
    await screen.do(screen.presenter.acts.undo)
    assert status(screen, "a100") is DRAFT
    assert screen.presenter.acts.done.kind is ActKind.UNDONE
    await screen.do(screen.presenter.acts.undo)
    assert screen.presenter.acts.done.kind is ActKind.NOTHING


async def test_stopping_amid_many_keeps_what_was_done_and_can_be_undone(make: Make) -> None:
    screen = make([article(f"a{number}") for number in range(5)])
    await screen.do(screen.presenter.activate)
    acts, articles = screen.presenter.acts, screen.services.articles
    seen: list[tuple[int, int] | None] = []

    def stop_at_two() -> None:
        seen.append(acts.progress)
        if acts.progress == (2, 5):
            articles.gate = asyncio.Event()

    acts.moved.subscribe(stop_at_two)
    screen.presenter.review([0, 1, 2, 3, 4], BLOCKED)
    while articles.gate is None:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    acts.cancel()
    await screen.settle()
    assert [status(screen, f"a{number}") for number in range(5)] == [BLOCKED, BLOCKED, DRAFT, DRAFT, DRAFT]
    assert (acts.done.count, acts.progress) == (2, None)
    articles.gate = None
    await screen.do(acts.undo)
    assert status(screen, "a0") is DRAFT


async def test_without_a_selection_the_shown_article_is_meant(screen: Screen) -> None:
    await screen.do(lambda: screen.presenter.open("two"))
    await screen.do(lambda: screen.presenter.review([], BLOCKED))
    assert status(screen, "two") is BLOCKED
    assert status(screen, "one") is DRAFT


async def test_what_somebody_changed_since_is_not_undone(screen: Screen) -> None:
    await screen.do(lambda: screen.presenter.open("two"))
    await screen.do(lambda: screen.presenter.review([], APPROVED))
    screen.services.articles.put(article("two", text="Bo's", status=APPROVED))
    await screen.do(screen.presenter.acts.undo)
    assert screen.services.articles.versions["two"][-1].article.text == "Bo's"
    assert (screen.presenter.acts.done.kind, screen.errors) == (ActKind.REFUSED, [])


async def test_the_list_follows_changes_made_elsewhere(screen: Screen) -> None:
    screen.services.articles.put(article("four"))
    await screen.settle()
    assert (screen.presenter.catalogue.total, screen.presenter.catalogue.counts[Shelf.ALL]) == (4, 4)


async def test_nothing_is_read_before_the_screen_is_shown(make: Make) -> None:
    screen = make([article()])
    screen.services.articles.put(article("two"))
    await screen.settle()
    assert screen.services.articles.asked == []
