"""How far indexing is, with pause and stop."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from agent_assist.domain.sources import IndexingProgress, IndexingState
from ui.i18n import I18n, Texts
from ui.knowledge.sources.presenter import SourcesPresenter
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.words import duration

STATES = {
    IndexingState.RUNNING: Key.KB_INDEX_RUNNING,
    IndexingState.PAUSED: Key.KB_INDEX_PAUSED,
    IndexingState.STOPPED: Key.KB_INDEX_STOPPED,
}


class IndexingBar(QFrame):
    """Hidden while nothing is to be done."""

    def __init__(self, presenter: SourcesPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("sunken")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._text, self._detail = label("strong"), label("small", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self._texts.bind(self.bar.setAccessibleName, Key.KB_PROGRESS)
        self.pause = button("", presenter.pause)
        self.cancel = button("", presenter.cancel)
        self._texts.bind(self.cancel.setText, Key.KB_CANCEL)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._text)
        row.addWidget(self.bar, 1)
        row.addWidget(self.pause)
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 10, 18, 10)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._detail)
        presenter.moved.subscribe(self.render_bar)
        i18n.changes.subscribe(self.render_bar)
        look.changed.connect(self.render_bar)
        self.render_bar()

    def render_bar(self) -> None:
        """Show the progress."""
        progress = self._presenter.progress
        state = STATES.get(progress.state)
        self.setVisible(state is not None)
        if state is None:
            return
        self.bar.setFixedHeight(self._look.scale.px(6))
        self._text.setText(self._i18n(state))
        self.bar.setRange(0, progress.files_total)
        self.bar.setValue(progress.files_done)
        paused = progress.state is not IndexingState.RUNNING
        self.pause.setText(self._i18n(Key.KB_INDEX_GO_ON if paused else Key.KB_INDEX_PAUSE))
        self._detail.setText(self._told(progress))

    def _told(self, progress: IndexingProgress) -> str:
        parts = [
            self._i18n(Key.KB_INDEX_FILES, n=progress.files_total, done=f"{progress.files_done:,}"),
            self._i18n(Key.KB_INDEX_PASSAGES, n=progress.passages),
        ]
        if progress.files_failed:
            parts.append(self._i18n(Key.KB_INDEX_FAILED, n=progress.files_failed))
        if progress.passages_per_second:
            parts.append(self._i18n(Key.KB_INDEX_SPEED, n=round(progress.passages_per_second)))
        if progress.seconds_left is not None:
            parts.append(self._i18n(Key.KB_INDEX_LEFT, time=duration(self._i18n, progress.seconds_left / 60)))
        return " · ".join(parts)
