"""Files and folders that articles come from: follow, look again, forget; what is the matter with each file."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QListWidget, QListWidgetItem, QSplitter, QVBoxLayout, QWidget

from agent_assist.domain.sources import KnowledgeSource
from ui.actions import Actions
from ui.error_words import in_words
from ui.i18n import I18n, Texts
from ui.knowledge.sources.files import FileTable
from ui.knowledge.sources.presenter import SourcesPresenter
from ui.knowledge.sources.progress import IndexingBar
from ui.knowledge.words import day
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import EmptyState, button, label, set_property
from ui.widgets.flow import padded_flow

PATH = Qt.ItemDataRole.UserRole


class SourcesView(QFrame):
    """Shows a `SourcesPresenter`."""

    def __init__(self, presenter: SourcesPresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._look, self._i18n, self._actions = presenter, look, i18n, actions
        self._texts = Texts(i18n)
        self._confirming = ""
        self.bar = IndexingBar(presenter, look, i18n)
        self._empty = EmptyState(look, "import")
        self._texts.bind_call(
            lambda: self._empty.set_texts(i18n(Key.KB_SOURCES_NONE_TITLE), i18n(Key.KB_SOURCES_NONE_HINT))
        )
        self.list = QListWidget()
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._texts.bind(self.list.setAccessibleName, Key.KB_ROOM_SOURCES)
        self.list.currentItemChanged.connect(self._chosen)
        self.files = FileTable(look, i18n)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self._make_head(), self.bar):
            layout.addWidget(part)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._make_split(), 1)
        presenter.changes.subscribe(self.render_sources)
        presenter.moved.subscribe(self._enable)
        i18n.changes.subscribe(self.render_sources)
        look.changed.connect(self._paint)
        self._paint()
        self.render_sources()

    def render_sources(self) -> None:
        """Show sources and files."""
        sources = self._presenter.sources or ()
        self._split.setVisible(bool(sources))
        self._empty.setVisible(self._presenter.sources is not None and not sources)
        self.list.blockSignals(True)
        self.list.clear()
        for source in sources:
            item = QListWidgetItem(self._line(source))
            item.setData(PATH, source.path)
            item.setToolTip(source.path)
            if source.problem or source.failed:
                item.setIcon(self._look.icon("alert", "bad"))
            self.list.addItem(item)
            if source.path == self._presenter.chosen:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        chosen = self._source()
        self._problem.setText(in_words(self._i18n, chosen.problem) if chosen else "")
        self._problem.setVisible(bool(chosen and chosen.problem))
        self.files.show_files(self._presenter.troubled, root=self._presenter.chosen)
        self._enable()

    def ask_folder(self) -> None:
        """Ask for a folder to follow, without blocking anything."""
        dialog = QFileDialog(self, self._i18n(Key.KB_WATCH_TITLE))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self._presenter.watch(Path(path)))
        dialog.open()

    def _make_head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("paneHeader")
        self.watch = button("primary", self.ask_folder)
        self.add = button("", lambda: self._actions.trigger("add_knowledge"))
        self.all = button("", lambda: self._presenter.reindex())
        self._texts.bind(self.watch.setText, Key.KB_WATCH_FOLDER)
        self._texts.bind(self.add.setText, Key.KB_ADD_FILES)
        self._texts.bind(self.all.setText, Key.KB_REINDEX_ALL)
        row = padded_flow(head, 10)
        for part in (self.watch, self.add, self.all):
            row.addWidget(part)
        return head

    def _make_split(self) -> QSplitter:
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._problem = label("warn", wrap=True)
        self._problem.setContentsMargins(18, 6, 18, 6)
        column.addWidget(self._make_buttons())
        column.addWidget(self._problem)
        column.addWidget(self.files, 1)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.list)
        self._split.addWidget(below)
        self._split.setSizes([220, 420])
        return self._split

    def _make_buttons(self) -> QWidget:
        box = QFrame()
        box.setObjectName("sunken")
        self.follow = button("", self._follow)
        self.again = button("", lambda: self._presenter.reindex([self._presenter.chosen]))
        self.anew = button("", lambda: self._presenter.reindex([self._presenter.chosen], anew=True))
        self.remove = button("quiet", self._remove)
        self._texts.bind(self.again.setText, Key.KB_REINDEX)
        self._texts.bind(self.anew.setText, Key.KB_REINDEX_ANEW)
        self._texts.bind(self.anew.setToolTip, Key.KB_REINDEX_ANEW_TIP)
        self._texts.bind(self.remove.setToolTip, Key.KB_FORGET_TIP)
        row = padded_flow(box, 8)
        for part in (self.follow, self.again, self.anew, self.remove):
            row.addWidget(part)
        return box

    def _line(self, source: KnowledgeSource) -> str:
        parts = [
            self._i18n(Key.KB_SOURCE_WATCHED) if source.watched else "",
            self._i18n(Key.KB_SOURCE_ARTICLES, n=source.articles),
            self._i18n(Key.KB_SOURCE_FILES, n=source.files),
            self._i18n(Key.KB_INDEX_FAILED, n=source.failed) if source.failed else "",
            self._i18n(Key.KB_SOURCE_CHECKED, time=day(source.checked_at)) if source.checked_at else "",
        ]
        return f"{source.path}\n{' · '.join(part for part in parts if part)}"

    def _source(self) -> KnowledgeSource | None:
        return next((one for one in self._presenter.sources or () if one.path == self._presenter.chosen), None)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._presenter.choose(item.data(PATH))

    def _remove(self) -> None:
        """The first press asks: the articles go with their source."""
        path = self._presenter.chosen
        if self._confirming == path:
            self._confirming = ""
            self._presenter.remove(path)
        else:
            self._confirming = path
        self._enable()

    def _follow(self) -> None:
        source = self._source()
        if source is not None:
            self._presenter.set_watched(source.path, not source.watched)

    def _enable(self) -> None:
        source, busy = self._source(), self._presenter.busy
        watched = source is not None and source.watched
        if source is None or self._confirming != source.path:
            self._confirming = ""
            self.remove.setText(self._i18n(Key.KB_FORGET))
        else:
            self.remove.setText(self._i18n(Key.KB_FORGET_CONFIRM, n=source.articles))
        set_property(self.remove, "kind", "warn" if self._confirming else "quiet")
        self.follow.setText(self._i18n(Key.KB_UNWATCH if watched else Key.KB_WATCH))
        for made in (self.follow, self.again, self.anew, self.remove):
            made.setEnabled(source is not None and not busy)
        for made in (self.watch, self.add):
            made.setEnabled(not busy)
        self.all.setEnabled(bool(self._presenter.sources) and not busy)

    def _paint(self) -> None:
        self.watch.setIcon(self._look.icon("book", "on_accent"))
        self.add.setIcon(self._look.icon("import"))
        self.all.setIcon(self._look.icon("refresh"))
        self.render_sources()
