"""A bar above the conversation that unfolds into its summary."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.drafting.words import refusal_text
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.summary.presenter import SummaryPresenter
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.fit_scroll import FitScroll

FIELD_KEYS = {
    "problem": Key.SUMMARY_PROBLEM,
    "done": Key.SUMMARY_DONE,
    "open": Key.SUMMARY_OPEN,
    "next": Key.SUMMARY_NEXT,
}


class SummaryView(QFrame):
    """Shows a `SummaryPresenter`; hidden where the thread is short and has no summary."""

    def __init__(self, presenter: SummaryPresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("summaryBar")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._texts.bind(self.setAccessibleName, Key.SUMMARY_TITLE)
        self.head = button("quiet", lambda: actions.trigger("summary"))
        self._texts.bind_call(lambda: self.head.setToolTip(actions.tooltip("summary")))
        self.again = button("quiet", lambda: presenter.write(again=True))
        self._texts.bind(self.again.setText, Key.SUMMARY_AGAIN)
        self.stop = button("quiet", presenter.stop)
        self._texts.bind(self.stop.setText, Key.DRAFTING_STOP)
        top = QHBoxLayout()
        top.addWidget(self.head)
        top.addStretch()
        top.addWidget(self.stop)
        top.addWidget(self.again)
        self.lines = {name: label(wrap=True, selectable=True) for name in FIELD_KEYS}
        self.remark = label("warn", wrap=True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(8, 0, 8, 4)
        column.setSpacing(2)
        for line in (*self.lines.values(), self.remark):
            column.addWidget(line)
        self.body = FitScroll(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 4)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.body)
        actions.on("summary", presenter.toggle)
        presenter.changes.subscribe(self.render_summary)
        i18n.changes.subscribe(self.render_summary)
        look.changed.connect(self.render_summary)
        self.render_summary()

    def render_summary(self) -> None:
        """Show the presenter's state."""
        presenter, summary = self._presenter, self._presenter.summary
        self.setVisible(presenter.offered)
        title = self._i18n(Key.SUMMARY_TITLE)
        if presenter.writing:
            title = self._i18n(Key.SUMMARY_WRITING, percent=round(100 * presenter.share))
        self.head.setText(title)
        self.head.setIcon(self._look.icon("chevron-down" if presenter.unfolded else "chevron-right", "text_faint", 14))
        self.stop.setVisible(presenter.writing)
        self.again.setVisible(presenter.unfolded and summary is not None and not presenter.writing)
        nothing = self._i18n(Key.SUMMARY_NOTHING)
        for name, text in summary.lines if summary else ():
            self.lines[name].setText(f"{self._i18n(FIELD_KEYS[name])}: {text or nothing}")
        for line in self.lines.values():
            line.setVisible(summary is not None)
        remark = self._remark()
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        self.body.setVisible(presenter.unfolded and (summary is not None or bool(remark)))

    def _remark(self) -> str:
        if self._presenter.refusal is not None:
            return refusal_text(self._i18n, self._presenter.refusal)
        summary, lines = self._presenter.summary, []
        if summary is not None and summary.doubts:
            lines.append(self._i18n(Key.SUMMARY_DOUBTS, figures=", ".join(summary.doubts)))
        if summary is not None and summary.cut:
            lines.append(self._i18n(Key.SUMMARY_CUT))
        return "\n".join(lines)
