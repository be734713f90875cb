"""Adding a model: a file, a folder, or an address of the local network, with its trial's progress."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from ui.error_words import in_words
from ui.i18n import I18n, Texts
from ui.models.presenter import ModelsPresenter
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.flow import FlowLayout
from ui.widgets.inputs import LineInput


class AddCard(QFrame):
    """Shows what is being added and what came of it."""

    def __init__(self, presenter: ModelsPresenter, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("card")
        self._presenter, self._i18n = presenter, i18n
        self._texts = Texts(i18n)
        title, hint = label("heading"), label("muted", wrap=True)
        self._texts.bind(title.setText, Key.MODELS_ADD)
        self._texts.bind(hint.setText, Key.MODELS_ADD_HINT)
        self.file = button("", lambda: self._ask(QFileDialog.FileMode.ExistingFile))
        self.folder = button("", lambda: self._ask(QFileDialog.FileMode.Directory))
        self.server = button("", self._toggle_server)
        self.cancel = button("", presenter.cancel_adding)
        for made, key in (
            (self.file, Key.MODELS_ADD_FILE),
            (self.folder, Key.MODELS_ADD_FOLDER),
            (self.server, Key.MODELS_ADD_SERVER),
            (self.cancel, Key.PICKER_CANCEL),
        ):
            self._texts.bind(made.setText, key)
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=8)
        for made in (self.file, self.folder, self.server, self.cancel):
            flow.addWidget(made)
        self._state, self.problem, self._notes = label(wrap=True), label("bad", wrap=True), label("warn", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        for part in (title, hint, buttons, self._make_server(), self._state, self.bar, self.problem, self._notes):
            column.addWidget(part)

    def render_card(self) -> None:
        """Show what is under way."""
        i18n, copying = self._i18n, self._presenter.copying
        for made in (self.file, self.folder, self.server, self.connect_button):
            made.setEnabled(copying is None)
        self.cancel.setVisible(copying is not None)
        self._state.setVisible(copying is not None)
        self.bar.setVisible(copying is not None)
        self.bar.setAccessibleName(i18n(Key.MODELS_ADD))
        if copying is not None:
            key = Key.MODELS_COPYING if copying.total else Key.MODELS_TRYING
            self._state.setText(i18n(key, name=copying.name))
            self.bar.setRange(0, 1000 if copying.total else 0)  # 0 moves to and fro
            self.bar.setValue(1000 * copying.done // copying.total if copying.total else 0)
        self.problem.setText(in_words(self._i18n, self._presenter.problem))
        self.problem.setVisible(bool(self._presenter.problem))
        self._notes.setText("\n".join(in_words(self._i18n, note) for note in self._presenter.notes))
        self._notes.setVisible(bool(self._presenter.notes))

    def _make_server(self) -> QWidget:
        self._server = QWidget()
        self.address, self.key = LineInput(), LineInput()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        for line, key in ((self.address, Key.MODELS_ADDRESS), (self.key, Key.MODELS_KEY)):
            self._texts.bind(line.setPlaceholderText, key)
            self._texts.bind(line.setAccessibleName, key)
            line.returnPressed.connect(self._connect_server)
        self.public = QCheckBox()
        self._texts.bind(self.public.setText, Key.MODELS_PUBLIC)
        warning = label("muted", wrap=True)
        self._texts.bind(warning.setText, Key.MODELS_SERVER_HINT)
        self.connect_button = button("primary", self._connect_server)
        self._texts.bind(self.connect_button.setText, Key.MODELS_CONNECT)
        row = QHBoxLayout()
        row.addWidget(self.address, 2)
        row.addWidget(self.key, 1)
        row.addWidget(self.connect_button)
        column = QVBoxLayout(self._server)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (warning, self.public):
            column.addWidget(part)
        column.insertLayout(1, row)
        self._server.hide()
        return self._server

    def _toggle_server(self) -> None:
        self._server.setVisible(self._server.isHidden())
        if self._server.isVisible():
            self.address.setFocus()

    def _connect_server(self) -> None:
        url = self.address.text().strip()
        if url:
            self._presenter.add_server(url, key=self.key.text(), allow_public=self.public.isChecked())
            self.key.clear()

    def _ask(self, mode: QFileDialog.FileMode) -> None:
        """Ask where it is, without blocking anything."""
        dialog = QFileDialog(self, self._i18n(Key.MODELS_ADD))
        dialog.setFileMode(mode)
        if mode is QFileDialog.FileMode.ExistingFile:
            dialog.setNameFilters([f"GGUF ({'*.gguf'})", f"{self._i18n(Key.IMPORT_ALL_FILES)} (*)"])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self._presenter.add(Path(path)))
        dialog.open()
