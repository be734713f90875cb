"""Writing an article: the form, what is the matter with it, the preview, and saving."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from agent_assist.domain.article_versions import Problem, ProblemKind
from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.knowledge.editor.clash import ClashPanel
from ui.knowledge.editor.form import ArticleForm
from ui.knowledge.editor.presenter import EditorPresenter
from ui.knowledge.editor.preview import PreviewPanel
from ui.knowledge.words import FIELD_KEYS, day
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.flow import padded_flow

KEEP_PAUSE_MS = 400
PROBLEM_KEYS = {
    ProblemKind.EMPTY: Key.KB_PROBLEM_EMPTY,
    ProblemKind.TOO_LONG: Key.KB_PROBLEM_TOO_LONG,
    ProblemKind.TIMES: Key.KB_PROBLEM_TIMES,
    ProblemKind.UNKNOWN_SLOT: Key.KB_PROBLEM_UNKNOWN_SLOT,
}


class EditorView(QFrame):
    """Shows an `EditorPresenter`."""

    def __init__(self, presenter: EditorPresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._look, self._i18n, self._actions = presenter, look, i18n, actions
        self._texts = Texts(i18n)
        self._pause = QTimer(self, singleShot=True, interval=KEEP_PAUSE_MS)
        self._pause.timeout.connect(self._paused)
        self.form = ArticleForm(presenter, look, i18n, touched=self._pause.start)
        self.clash = ClashPanel(presenter, look, i18n)
        self.preview = PreviewPanel(presenter.filling, look, i18n)
        self._resumed, self._problems = label("muted", wrap=True), label("warn", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_head())
        layout.addWidget(self._make_scroll(), 1)
        layout.addWidget(self._make_foot())
        presenter.replaced.subscribe(self._show)
        presenter.changes.subscribe(self.render_editor)
        i18n.changes.subscribe(self._anew)
        look.changed.connect(self._anew)
        self._anew()

    def focus_first(self) -> None:
        """Put the keyboard into the title, or into the text where there is a title."""
        article = self._presenter.article
        (self.form.text if article and article.title else self.form.lines["title"]).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; what is unsaved stays kept."""
        if event.key() == Qt.Key.Key_Escape:
            self._presenter.leave()
        else:
            super().keyPressEvent(event)

    def render_editor(self) -> None:
        """Show state, problems, preview and clash."""
        article = self._presenter.article
        if article is None:
            return
        self._title.setText(self._i18n(Key.KB_EDITING if self._presenter.base else Key.KB_WRITING))
        resumed = self._presenter.resumed_at
        self._resumed.setVisible(resumed is not None)
        self._resumed.setText(self._i18n(Key.KB_RESUMED, time=day(resumed)))
        self._render_problems()
        self.form.render_form()
        self.preview.render_preview()
        self.clash.render_clash()
        fatal = any(problem.fatal for problem in self._presenter.problems) or bool(self._presenter.bad_times)
        self.save.setEnabled(self._presenter.changed and not fatal and not self._presenter.saving)
        self.save.setIcon(self._look.icon("check", "on_accent" if self.save.isEnabled() else "text_faint"))
        self.discard.setEnabled(self._presenter.changed)
        kept = self._presenter.kept
        self._state.setText(self._i18n(Key.KB_KEPT) if kept else "")

    def _make_head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("paneHeader")
        self._title = label("heading")
        row = QHBoxLayout(head)
        row.setContentsMargins(18, 10, 18, 10)
        row.addWidget(self._title)
        row.addStretch()
        return head

    def _make_scroll(self) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 12, 18, 12)
        column.setSpacing(10)
        self.form.between.addWidget(self._problems)
        self.form.between.addWidget(self.preview)
        for part in (self._resumed, self.clash, self.form):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        self.form.text.escape_pressed.connect(self._presenter.leave)
        self.form.variants.escape_pressed.connect(self._presenter.leave)
        return scroll

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("sunken")
        self._state = label("faint")
        self.save = button("primary", lambda: self._actions.trigger("save_article"))
        self.close_ = button("", self._presenter.leave)
        self.discard = button("quiet", self._presenter.discard)
        for made, key in ((self.save, Key.KB_SAVE), (self.close_, Key.KB_LEAVE), (self.discard, Key.KB_DISCARD)):
            self._texts.bind(made.setText, key)
        row = padded_flow(foot, 8)
        for part in (self.save, self.close_, self.discard, self._state):
            row.addWidget(part)
        return foot

    def _render_problems(self) -> None:
        untouched = not self._presenter.changed
        told = [one for one in self._presenter.problems if not (untouched and one.kind is ProblemKind.EMPTY)]
        lines = [self._problem(problem) for problem in told]
        lines += [
            self._i18n(Key.KB_PROBLEM_BAD_TIME, field=self._i18n(FIELD_KEYS[name]))
            for name in sorted(self._presenter.bad_times)
        ]
        self._problems.setText("\n".join(lines))
        self._problems.setVisible(bool(lines))

    def _problem(self, problem: Problem) -> str:
        field = FIELD_KEYS.get(problem.field, Key.KB_FIELD_TEXT)
        return self._i18n(PROBLEM_KEYS[problem.kind], field=self._i18n(field), slot=problem.detail)

    def _paused(self) -> None:
        self._presenter.keep()
        self._presenter.preview()

    def _show(self) -> None:
        self._pause.stop()
        if self._presenter.article is not None:
            self.form.show_article(self._presenter.article)
            self._pause.stop()
        self.render_editor()

    def _anew(self) -> None:
        self.save.setToolTip(self._actions.tooltip("save_article"))
        self._show()
