"""A box to try a search in: what the agent's card would find for a question, how relevant it is, and why."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from agent_assist.domain.knowledge import Hit
from agent_assist.domain.language import Language
from ui.i18n import I18n, Texts
from ui.knowledge.trial.presenter import TrialPresenter
from ui.knowledge.trial.reasons import reasons, word_places
from ui.knowledge.words import KIND_KEYS, LANGUAGE_KEYS
from ui.look import Look
from ui.text_keys import Key
from ui.textpos import to_qt
from ui.widgets.basics import EmptyState, button, chip, clear_layout, label
from ui.widgets.combo import Combo, fill
from ui.widgets.flat_text import FlatText
from ui.widgets.flow import FlowLayout
from ui.widgets.inputs import LineInput
from ui.widgets.scroll_column import ScrollColumn
from ui.words import percent

PAUSE_MS = 250


class TrialView(QFrame):
    """Shows a `TrialPresenter`; `opened` carries a hit whose article is to be shown."""

    opened = Signal(object)

    def __init__(self, presenter: TrialPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._shown: object = None
        self.heads: list[QWidget] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_head())
        self._empty = EmptyState(look, "search")
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._make_list(), 1)
        presenter.changes.subscribe(self.render_trial)
        i18n.changes.subscribe(self._anew)
        look.changed.connect(self._anew)
        self._anew()

    def focus_question(self) -> None:
        """Put the cursor into the question."""
        self.question.setFocus()
        self.question.selectAll()

    def render_trial(self) -> None:
        """Show what was found, or why there is nothing."""
        presenter = self._presenter
        self._summary.setText(self._summed())
        state = (tuple(presenter.hits), presenter.asked)
        self._scroll.setVisible(bool(presenter.hits))
        self._empty.setVisible(not presenter.hits)
        nothing = bool(presenter.asked)
        self._empty.set_texts(
            self._i18n(Key.KB_TRIAL_NOTHING_TITLE if nothing else Key.KB_TRIAL_EMPTY_TITLE),
            self._i18n(Key.KB_TRIAL_NOTHING_HINT if nothing else Key.KB_TRIAL_EMPTY_HINT),
        )
        if state != self._shown:
            self._shown = state
            self._fill()

    def _summed(self) -> str:
        presenter = self._presenter
        if presenter.searching:
            return self._i18n(Key.KB_TRIAL_SEARCHING)
        if not presenter.hits:
            return ""
        enough = sum(hit.score >= presenter.threshold for hit in presenter.hits)
        return self._i18n(Key.KB_TRIAL_SUMMARY, n=enough, least=percent(presenter.threshold))

    def _make_head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("paneHeader")
        self.question = LineInput()
        self.question.setClearButtonEnabled(True)
        self._texts.bind(self.question.setPlaceholderText, Key.KB_TRIAL_PLACEHOLDER)
        self._texts.bind(self.question.setAccessibleName, Key.KB_TRIAL_PLACEHOLDER)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.question.textChanged.connect(lambda _text: self._pause.start())
        self.question.returnPressed.connect(self._ask)
        self.language = Combo()
        self.language.setMinimumContentsLength(9)
        self._texts.bind(self.language.setAccessibleName, Key.KB_FIELD_LANGUAGE)
        self._texts.bind_call(self._fill_languages)
        self.language.activated.connect(lambda _place: self._presenter.set_language(self.language.currentData()))
        self.internal = QCheckBox()
        self._texts.bind(self.internal.setText, Key.KB_TRIAL_INTERNAL)
        self.internal.toggled.connect(self._presenter.set_internal)
        self._summary = label("small", wrap=True)
        options = QWidget()
        row = FlowLayout(options, spacing=10)
        row.addWidget(self.language)
        row.addWidget(self.internal)
        column = QVBoxLayout(head)
        column.setContentsMargins(18, 12, 18, 10)
        column.setSpacing(8)
        for part in (self.question, options, self._summary):
            column.addWidget(part)
        return head

    def _fill_languages(self) -> None:
        any_: list[tuple[object, str]] = [(None, self._i18n(Key.INBOX_ANY_LANGUAGE))]
        fill(self.language, [*any_, *((one, self._i18n(LANGUAGE_KEYS[one])) for one in Language)])

    def _make_list(self) -> QScrollArea:
        self._scroll = ScrollColumn(margins=(18, 12, 18, 12), spacing=10)
        self._column = self._scroll.column
        return self._scroll

    def _fill(self) -> None:
        clear_layout(self._column)
        below = False
        for hit in self._presenter.hits:
            if hit.score < self._presenter.threshold and not below:
                below = True
                line = label("section", wrap=True)
                line.setText(self._i18n(Key.KB_TRIAL_BELOW, least=percent(self._presenter.threshold)))
                self._column.addWidget(line)
            self._column.addWidget(self._hit(hit))
        self._column.addStretch(1)

    def _hit(self, hit: Hit) -> QFrame:
        box = QFrame()
        box.setObjectName("suggestionCard")
        column = QVBoxLayout(box)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        title = button("link", lambda: self.opened.emit(hit))
        room = 60
        title.setText(hit.passage.title if len(hit.passage.title) <= room else hit.passage.title[: room - 1] + "…")
        title.setToolTip(hit.passage.title)
        head = QHBoxLayout()
        head.setSpacing(8)
        tone = "good" if hit.score >= self._presenter.threshold else "warn"
        head.addWidget(chip(self._i18n(Key.KB_TRIAL_SCORE, score=percent(hit.score)), tone))
        head.addWidget(title)
        head.addStretch()
        head.addWidget(chip(self._i18n(KIND_KEYS[hit.passage.kind])))
        column.addLayout(head)
        text = FlatText()
        text.setAccessibleName(hit.passage.title)
        text.set_plain(hit.passage.text)
        self._mark(text, hit)
        column.addWidget(text)
        why = label("small", wrap=True)
        why.setText(" · ".join(reasons(self._i18n, hit)))
        column.addWidget(why)
        return box

    def _mark(self, text: FlatText, hit: Hit) -> None:
        tone = QTextCharFormat()
        tone.setFontWeight(QFont.Weight.DemiBold)
        tone.setFontUnderline(True)
        cursor = QTextCursor(text.document())
        for start, end in word_places(hit.passage.text, hit):
            cursor.setPosition(to_qt(hit.passage.text, start))
            cursor.setPosition(to_qt(hit.passage.text, end), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(tone)

    def _ask(self) -> None:
        self._pause.stop()
        self._presenter.ask(self.question.text())

    def _anew(self) -> None:
        self._shown = None
        self.render_trial()
