"""The models screen's widgets."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.i18n import I18n, Texts
from ui.look import Look
from ui.models.adding import AddCard
from ui.models.cards import ModelRow, RoleCard, TestCard, frame
from ui.models.presenter import ModelsPresenter
from ui.ports.program import ModelCard
from ui.text_keys import Key
from ui.widgets.basics import button, clear_layout, label
from ui.widgets.loading_bar import LoadingBar
from ui.widgets.screen_head import ScreenHead
from ui.widgets.scroll_column import ScrollColumn

CARD_WIDTH = 960


class ModelsView(QWidget):
    """Shows a `ModelsPresenter`."""

    closed = Signal()

    def __init__(self, presenter: ModelsPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("canvas")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self._removing = ""
        self.head = ScreenHead(look, i18n, title=Key.MODELS_TITLE, hint=Key.MODELS_HINT, back=self.closed.emit)
        self.load = button("", presenter.load_anew)
        self._texts.bind(self.load.setText, Key.MODELS_LOAD)
        self.head.add(self.load)
        self.roles = [RoleCard(role, presenter, look, i18n) for role in ("encoder", "reply", "reranker")]
        self.test = TestCard(presenter, look, i18n)
        self.adding = AddCard(presenter, i18n)
        listed, self._list = frame()
        title = label("heading")
        self._texts.bind(title.setText, Key.MODELS_LIST)
        self._rows_holder = QWidget()
        self._rows = QVBoxLayout(self._rows_holder)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._list.addWidget(title)
        self._list.addWidget(self._rows_holder)
        area = ScrollColumn(margins=(24, 20, 24, 24), spacing=16)
        self._cards = (*self.roles, self.test, self.adding, listed)
        for part in self._cards:
            area.column.addWidget(part)
        area.column.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        self._bar = LoadingBar(i18n, presenter.load_anew)
        self.load_now = self._bar.load
        layout.addWidget(self._bar)
        layout.addWidget(area, 1)
        presenter.changes.subscribe(self.render_models)
        i18n.changes.subscribe(self._anew)
        look.changed.connect(self._anew)
        self._listed: tuple[object, ...] = ()
        self._anew()

    def render_models(self) -> None:
        """Show everything as it is now."""
        presenter = self._presenter
        for role in self.roles:
            role.render_card()
        chosen = presenter.card_of("reranker")
        self.roles[-1].setVisible(chosen is not None and chosen.active)
        self.test.render_card()
        self.adding.render_card()
        self._bar.setVisible(presenter.needs_loading)
        self.load.setVisible(not presenter.needs_loading)
        for made in (self.load, self.load_now):
            made.setEnabled(not presenter.loading)
        self._render_list()

    def focus_start(self) -> None:
        """Put the keyboard onto the first thing to do."""
        self.test.run.setFocus()

    def _anew(self) -> None:
        for part in self._cards:
            part.setMaximumWidth(self._look.scale.px(CARD_WIDTH))
        self._listed = ()
        self.render_models()

    def _render_list(self) -> None:
        cards = self._presenter.cards
        shown = (cards, self._removing)
        if shown == self._listed:
            return
        self._listed = shown
        clear_layout(self._rows)
        for card in cards or ():
            if card.name == self._removing:
                self._rows.addWidget(self._make_question(card))
            else:
                self._rows.addWidget(ModelRow(card, self._presenter, self._i18n, ask_removal=self._ask_removal))

    def _ask_removal(self, card: ModelCard) -> None:
        self._removing = card.name
        self.render_models()

    def _make_question(self, card: ModelCard) -> QFrame:
        """Deleting gigabytes is asked twice."""
        question = QFrame()
        question.setObjectName("reasons")
        text = label(wrap=True)
        text.setText(self._i18n(Key.MODELS_REMOVE_ASK, name=card.name))
        sure = button("warn", lambda: self._remove(card))
        sure.setText(self._i18n(Key.MODELS_REMOVE))
        keep = button("", lambda: self._remove(None))
        keep.setText(self._i18n(Key.PICKER_CANCEL))
        row = QHBoxLayout(question)
        row.addWidget(text, 1)
        row.addWidget(keep)
        row.addWidget(sure)
        return question

    def _remove(self, card: ModelCard | None) -> None:
        self._removing = ""
        if card is not None:
            self._presenter.remove(card)
        self.render_models()
