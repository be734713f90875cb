"""The status bar: engine and models with icon and words, the progress of long work, replies sent."""

from PySide6.QtWidgets import QHBoxLayout, QStatusBar, QWidget

from agent_assist.domain.events import DraftsPrepared, EngineState, EngineStateChanged
from agent_assist.domain.language import Language
from ui.device_words import why
from ui.error_words import in_words
from ui.i18n import I18n
from ui.look import Look
from ui.shell.engine_status import EngineStatus
from ui.shell.history import History
from ui.state_looks import STATE_LOOKS
from ui.text_keys import Key
from ui.widgets.basics import clear_layout, label
from ui.widgets.elided import ElidedLabel

MODEL_KEYS = {"engine": Key.ENGINE_ENGINE, "encoder": Key.ENGINE_ENCODER, "reply": Key.ENGINE_REPLY}
TASK_KEYS = {"understand": Key.TASK_UNDERSTAND, "import": Key.TASK_IMPORT, "index": Key.TASK_INDEX}


class StatusBar(QStatusBar):
    """Shows an `EngineStatus` and a `History`."""

    def __init__(self, look: Look, i18n: I18n) -> None:
        super().__init__()
        self._look, self._i18n = look, i18n
        self._status: EngineStatus | None = None
        self._history: History | None = None
        self.setSizeGripEnabled(False)
        models = QWidget()
        self._models = QHBoxLayout(models)
        self._models.setContentsMargins(12, 2, 8, 2)
        self._models.setSpacing(6)
        self._progress, self._prepared, self._sent = label(), label(), label()
        self.addWidget(models, 1)
        self.addPermanentWidget(self._progress)
        self.addPermanentWidget(self._prepared)
        self.addPermanentWidget(self._sent)
        look.changed.connect(self.render_status)
        i18n.changes.subscribe(self.render_status)

    def attach(self, status: EngineStatus, history: History) -> None:
        """Show this state from now on."""
        self._status, self._history = status, history
        status.changes.subscribe(self.render_status)
        history.toasted.subscribe(self.render_status)
        self.render_status()

    def render_status(self) -> None:
        """Show the present state."""
        if self._status is None or self._history is None:
            return
        clear_layout(self._models)
        for event in self._status.shown():
            self._add(event)
        self._models.addStretch(1)
        progress = self._status.progress
        self._progress.setText("")
        if progress is not None:
            task = self._i18n(TASK_KEYS.get(progress.task, Key.TASK_OTHER))
            key = Key.STATUS_PROGRESS if progress.total else Key.STATUS_PROGRESS_OPEN
            self._progress.setText(self._i18n(key, task=task, done=progress.done, total=progress.total))
        self._render_prepared(self._status.prepared)
        self._sent.setText(self._i18n(Key.STATUS_TODAY, n=self._history.sent) if self._history.sent else "")
        self._sent.setContentsMargins(8, 0, 12, 0)

    def _render_prepared(self, counts: DraftsPrepared) -> None:
        key = Key.STATUS_PREPARED
        if counts.in_work:
            key = Key.STATUS_PREPARING_PAUSED if counts.paused else Key.STATUS_PREPARING
        shown = counts.ready or counts.in_work
        self._prepared.setText(self._i18n(key, n=counts.ready, in_work=counts.in_work) if shown else "")
        self._prepared.setToolTip(self._i18n(Key.STATUS_PREPARED_TIP) if shown else "")
        self._prepared.setContentsMargins(8, 0, 0, 0)

    def _add(self, event: EngineStateChanged) -> None:
        key, icon, token = STATE_LOOKS[event.state]
        mark = label()
        mark.setPixmap(self._look.pixmap(icon, token, 14))
        model, state = self._i18n(MODEL_KEYS.get(event.model, Key.ENGINE_ENGINE)), self._i18n(key)
        # Where a model runs is told in a word, the reason (in the engine's own words) to whoever points at it.
        ready = event.state is EngineState.READY
        shown = event.device.upper() if ready else in_words(self._i18n, event.detail)
        if ready and event.problem:
            shown = self._i18n(Key.ENGINE_OTHER_MODEL)
            mark.setPixmap(self._look.pixmap("alert", "warn", 14))
        line_key = Key.ENGINE_LINE_DETAIL if shown else Key.ENGINE_LINE
        line = ElidedLabel(self._i18n(line_key, model=model, state=state, detail=shown))
        tip = in_words(self._i18n, event.detail)
        if ready and self._i18n.language is not Language.EN:  # the engine's own sentence is English
            told = (in_words(self._i18n, event.problem), why(self._i18n, event.detail.removeprefix(event.problem)))
            tip = " ".join(filter(None, told))
        line.setToolTip(tip or line.text())
        self._models.addWidget(mark)
        self._models.addWidget(line)
        self._models.addSpacing(10)
