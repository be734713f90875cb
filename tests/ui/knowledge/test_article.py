"""One article: its versions, their differences, what cites it, and the way back to any version."""

from agent_assist.domain.article_versions import DiffKind, VersionCause
from tests.ui.knowledge.conftest import Screen, article
from ui.knowledge.article.presenter import Side, Span


async def test_versions_are_compared_and_brought_back(screen: Screen) -> None:
    screen.services.articles.put(article("one", text="The other text of one."))
    presenter = screen.presenter.article
    await screen.do(lambda: screen.presenter.open("one"))
    await screen.do(lambda: presenter.show(Side.VERSIONS))
    assert [version.number for version in presenter.history] == [2, 1]
    assert presenter.diff is not None
    [field] = presenter.diff.fields
    assert [piece.text for piece in field.pieces if piece.kind is DiffKind.ADDED] == [" other"]
    await screen.do(lambda: screen.presenter.acts.restore("one", 1))
    assert presenter.version is not None
    assert (presenter.version.cause, presenter.version.article.text) == (VersionCause.RESTORE, "The text of one.")
    assert [version.number for version in presenter.history] == [3, 2, 1]
    await screen.do(screen.presenter.acts.undo)
    assert presenter.version.article.text == "The other text of one."


async def test_a_marked_passage_is_let_go_when_the_text_changes(screen: Screen) -> None:
    presenter = screen.presenter.article
    await screen.do(lambda: screen.presenter.open("one", Span(4, 8)))
    assert presenter.span == Span(4, 8)
    screen.services.articles.put(article("one", text="Another."))
    await screen.settle()
    assert presenter.span is None


async def test_replies_that_cite_it_are_read_when_they_are_looked_at(screen: Screen) -> None:
    screen.services.citations.cite("TK-1009", "The text")
    presenter = screen.presenter.article
    await screen.do(lambda: screen.presenter.open("one"))
    assert presenter.citations is None
    await screen.do(lambda: presenter.show(Side.CITED))
    assert [citation.ticket_id for citation in presenter.citations or ()] == ["TK-1009"]


async def test_an_article_that_is_gone_says_so(screen: Screen) -> None:
    await screen.do(lambda: screen.presenter.open("nowhere"))
    assert (screen.presenter.article.version, screen.presenter.article.missing) == (None, True)
    await screen.do(lambda: screen.presenter.open("one"))
    assert not screen.presenter.article.missing


async def test_a_deleted_article_is_shown_and_comes_back(screen: Screen) -> None:
    await screen.do(lambda: screen.presenter.open("one"))
    await screen.do(lambda: screen.presenter.delete([]))
    version = screen.presenter.article.version
    assert version is not None
    assert version.deleted
    assert screen.presenter.catalogue.total == 2
    await screen.do(screen.presenter.edit)
    assert not screen.presenter.editor.open
    await screen.do(screen.presenter.acts.undo)
    assert screen.presenter.catalogue.total == 3
