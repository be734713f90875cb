"""What an article is, besides its text: state, kind, time, question, products, origin."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent_assist.domain.article_versions import ArticleVersion
from agent_assist.domain.knowledge import Article
from agent_assist.domain.language import Language
from ui.i18n import I18n
from ui.knowledge.words import CAUSE_KEYS, KIND_KEYS, LANGUAGE_KEYS, VISIBILITY_KEYS, status_of, validity
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import chip, clear_layout, label
from ui.widgets.flow import FlowLayout
from ui.words import clock

VARIANTS_SHOWN = 4


class FactsView(QWidget):
    """Chips, then a line for each field that is filled in."""

    def __init__(self, look: Look, i18n: I18n) -> None:
        super().__init__()
        self._look, self._i18n = look, i18n
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._shown: object = None

    def show_version(self, version: ArticleVersion) -> None:
        """Show the facts of a version."""
        state = (version, self._i18n.language, self._look.palette.dark)
        if state == self._shown:
            return
        self._shown = state
        clear_layout(self._column)
        self._column.addWidget(self._chips(version))
        asked, others = self._lines(version.article)
        for line in asked:
            self._add(line)
        self._add(" · ".join([*others, self._changed(version)]))

    def _chips(self, version: ArticleVersion) -> QWidget:
        article = version.article
        holder = QWidget()
        row = FlowLayout(holder)
        if version.deleted:
            row.addWidget(chip(self._i18n(Key.KB_STATUS_DELETED), "bad"))
        else:
            text, tone = status_of(self._i18n, article)
            row.addWidget(chip(text, tone))
        for key in (KIND_KEYS[article.kind], LANGUAGE_KEYS[article.language], VISIBILITY_KEYS[article.visibility]):
            row.addWidget(chip(self._i18n(key)))
        for tag in article.tags:
            row.addWidget(chip(f"#{tag}", "plain"))
        return holder

    def _lines(self, article: Article) -> tuple[list[str], list[str]]:
        """What it answers, a line each, and the other fields."""
        variants = " / ".join(article.variants[:VARIANTS_SHOWN])
        if len(article.variants) > VARIANTS_SHOWN:
            variants += " …"
        asked = [(Key.KB_FIELD_QUESTION, article.question), (Key.KB_FIELD_VARIANTS, variants)]
        others = [
            (Key.KB_FIELD_VALIDITY, validity(self._i18n, article)),
            (Key.KB_FIELD_INTENTS, ", ".join(self._i18n.intent(intent) for intent in article.intents)),
            (Key.KB_FIELD_PRODUCTS, ", ".join(article.products)),
            (Key.KB_FIELD_OWNER, article.owner),
            (Key.KB_FIELD_SOURCE, article.source.replace("\\", "/").rpartition("/")[2]),
        ]
        mark = "：" if self._i18n.language is Language.ZH else ": "
        told = [[f"{self._i18n(key)}{mark}{value}" for key, value in group if value] for group in (asked, others)]
        return told[0], told[1]

    def _changed(self, version: ArticleVersion) -> str:
        return self._i18n(
            Key.KB_CHANGED,
            n=version.number,
            time=clock(self._i18n, version.at, datetime.now(UTC)),
            who=version.author or self._i18n(CAUSE_KEYS[version.cause]),
        )

    def _add(self, text: str) -> None:
        line = label("small", wrap=True, selectable=True)
        line.setText(text)
        self._column.addWidget(line)
