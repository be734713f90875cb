"""The panel beside the conversation, in sections that fold up; each is shown anew only when what it shows changed."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from agent_assist.domain.solved import SolvedTicket
from ui.actions import Actions
from ui.card.order_card import OrderCard, text_label
from ui.card.presenter import CardPresenter
from ui.card.product_card import ProductCard
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.side.presenter import MOST_EARLIER, Section, SidePresenter
from ui.side.rows import OtherTicketRow, SolvedRow
from ui.side.section import SectionView
from ui.text_keys import Key
from ui.widgets.basics import button
from ui.widgets.elided import ElidedLabel
from ui.widgets.flow import FlowLayout
from ui.widgets.scroll_column import ScrollColumn

MOST_ORDERS = 12
TITLES = {
    Section.ORDER: Key.SIDE_ORDER,
    Section.CUSTOMER: Key.CARD_CUSTOMER,
    Section.PRODUCTS: Key.CARD_PRODUCTS,
    Section.EARLIER: Key.SIDE_EARLIER,
    Section.SIMILAR: Key.SIDE_SIMILAR,
}


class SideView(QFrame):
    """Shows a `CardPresenter` and a `SidePresenter`. `reply_asked` carries a solved ticket whose reply is wanted in the
    editor, `hint` a passing remark; `closed` asks to hide the panel."""

    reply_asked = Signal(object)
    hint = Signal(str)
    closed = Signal()

    def __init__(self, card: CardPresenter, presenter: SidePresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._card, self._presenter, self._look, self._i18n, self._actions = card, presenter, look, i18n, actions
        self._texts = Texts(i18n)
        self._shown: dict[Section, object] = {}
        self._asked: QWidget | None = None
        self._make_head()
        self._scroll = ScrollColumn(margins=(0, 0, 0, 12), spacing=0)
        self.sections = {section: self._section(section) for section in Section}
        for view in self.sections.values():
            self._scroll.column.addWidget(view)
        self._scroll.column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._scroll, 1)
        for changes in (card.changes, presenter.changes):
            changes.subscribe(self.render_side)
        card.asked.subscribe(self._bring)
        i18n.changes.subscribe(self._rebuild)
        look.changed.connect(self._rebuild)
        self._rebuild()

    def focus_first(self) -> None:
        """Put the keyboard onto the first section's head."""
        self.sections[Section.ORDER].head.setFocus()

    def holds_focus(self) -> bool:
        """Whether the keyboard is in here."""
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def render_side(self) -> None:
        """Show the presenters' state."""
        came_from = self._presenter.came_from
        self.back.setVisible(came_from is not None)
        if came_from is not None:
            self.back.setText(self._i18n(Key.SIDE_BACK, ticket=came_from))
        self._title.set_line(self._card.customer or self._i18n(Key.SIDE_TITLE))
        card, side = self._card, self._presenter
        facts = (card.order, card.looked_up, card.missing, card.looking, card.order_focused, card.parcel_focused)
        self._render(Section.ORDER, facts, self._fill_order)
        self._render(Section.CUSTOMER, (card.order, card.customer, card.contact, side.history), self._fill_customer)
        self._render(Section.PRODUCTS, (card.products, card.focused_sku), self._fill_products, len(card.products))
        total = side.history.total if side.history else None
        self._render(Section.EARLIER, side.history, self._fill_earlier, total)
        similar = (side.similar, frozenset(side.unfolded))
        self._render(Section.SIMILAR, similar, self._fill_similar, len(side.similar or ()))

    def _rebuild(self) -> None:
        self._shown.clear()
        self.hide_button.setIcon(self._look.icon("panel"))
        self.hide_button.setToolTip(self._actions.tooltip("side"))
        self.hide_button.setAccessibleName(self._i18n(Key.SIDE_HIDE))
        self.back.setIcon(self._look.icon("chevron-left", "accent_text", 14))
        self.back.setToolTip(self._actions.tooltip("back"))
        self.render_side()

    def _render(
        self, section: Section, state: object, fill: Callable[[SectionView], None], count: int | None = None
    ) -> None:
        view = self.sections[section]
        view.render_head(folded=section in self._presenter.folded, count=count)
        if self._shown.get(section, self) != state:
            self._shown[section] = state
            keyboard = self._place_of_focus(view)
            view.clear()
            fill(view)
            if keyboard is not None:
                self._focus_again(view, keyboard)

    def _place_of_focus(self, view: SectionView) -> int | None:
        """Which row of a section has the keyboard, so that unfolding one does not lose it."""
        rows = view.body.findChildren(SolvedRow)
        focused = QApplication.focusWidget()
        return next(
            (place for place, row in enumerate(rows) if focused and (row is focused or row.isAncestorOf(focused))), None
        )

    def _focus_again(self, view: SectionView, place: int) -> None:
        items = (view.column.itemAt(index) for index in range(view.column.count()))
        rows = [row for item in items if item is not None and isinstance(row := item.widget(), SolvedRow)]
        if place < len(rows):
            rows[place].show()  # the layout would, a moment too late for the keyboard
            rows[place].setFocus()

    # what the sections hold

    def _fill_order(self, view: SectionView) -> None:
        card = self._card
        self._asked = None
        if card.looking is not None:
            self._asked = text_label(self._i18n(Key.CARD_LOOKING, text=card.looking), "muted", wrap=True)
            view.add(self._asked)
        if card.missing is not None:
            self._asked = text_label(self._i18n(Key.CARD_NOT_FOUND, text=card.missing), "warn", wrap=True)
            view.add(self._asked)
        if card.looked_up is not None:
            view.add(text_label(self._i18n(Key.CARD_OTHER_ORDER), "warn", wrap=True))
            self._asked = self._add_order(
                view, OrderCard(card.looked_up, self._i18n, parcel_focused=card.parcel_focused)
            )
        if card.order is not None:
            focused = card.order_focused and card.looked_up is None
            own = OrderCard(card.order, self._i18n, parcel_focused=focused and card.parcel_focused)
            place = self._add_order(view, own)
            if focused:
                self._asked = place
        elif card.looked_up is None:
            view.add(text_label(self._i18n(Key.SIDE_NO_ORDER), "muted", wrap=True))

    def _add_order(self, view: SectionView, made: OrderCard) -> QWidget:
        view.add(made)
        parcel = made.parcel
        return parcel if parcel is not None and parcel.objectName() == "asked" else made

    def _fill_customer(self, view: SectionView) -> None:
        order, history = self._card.order, self._presenter.history
        lines = (
            (order.customer, order.customer_phone, order.customer_email, order.shipping_address)
            if order
            else (self._card.customer,)
        )
        contact = self._card.contact
        if contact and not any(contact in "".join(line.split()).casefold() for line in lines):
            lines = (*lines, contact)
        for line in filter(None, lines):
            view.add(text_label(line, wrap=True, select=True))
        own = order.order_number if order else ""
        others = [one.order_number for one in history.orders if one.order_number != own] if history else []
        if others:
            view.add(self._orders(others))

    def _orders(self, numbers: list[str]) -> QWidget:
        """The customer's other orders; each opens its card."""
        holder = QWidget()
        flow = FlowLayout(holder, spacing=10)
        flow.addWidget(text_label(self._i18n(Key.SIDE_ORDERS), "small"))
        for number in numbers[:MOST_ORDERS]:
            made = button("link", partial(self._card.look_up_order, number))
            made.setText(number)
            made.setAccessibleName(f"{self._i18n(Key.SIDE_ORDER)} {number}")
            flow.addWidget(made)
        return holder

    def _fill_products(self, view: SectionView) -> None:
        products, wanted = self._card.products, self._card.focused_sku
        for product in sorted(products, key=lambda product: product.sku != wanted):
            made = ProductCard(product, self._i18n, focused=product.sku == wanted)
            view.add(made)
            if product.sku == wanted:
                self._asked = made
        if not products:
            view.add(text_label(self._i18n(Key.SIDE_NO_PRODUCTS), "muted", wrap=True))

    def _fill_earlier(self, view: SectionView) -> None:
        history = self._presenter.history
        if history is None:
            view.add(text_label(self._i18n(Key.SIDE_LOADING), "faint", wrap=True))
            return
        for other in history.tickets:
            row = OtherTicketRow(other, self._i18n)
            row.opened.connect(lambda ticket_id=other.row.id: self._presenter.go_to(ticket_id))
            view.add(row)
        if not history.tickets:
            view.add(text_label(self._i18n(Key.SIDE_NO_EARLIER), "muted", wrap=True))
        elif history.total > MOST_EARLIER:
            more = history.total - len(history.tickets)
            view.add(text_label(self._i18n(Key.SIDE_MORE, n=more), "faint", wrap=True))

    def _fill_similar(self, view: SectionView) -> None:
        similar = self._presenter.similar
        if similar is None:
            view.add(text_label(self._i18n(Key.SIDE_LOADING), "faint", wrap=True))
            return
        for number, solved in enumerate(similar):
            row = SolvedRow(solved, self._look, self._i18n, unfolded=number in self._presenter.unfolded)
            row.opened.connect(lambda number=number: self._presenter.expand(number))
            row.used.connect(lambda solved=solved: self.reply_asked.emit(solved))
            row.copied.connect(lambda solved=solved: self._copy(solved))
            row.ticket_asked.connect(lambda solved=solved: self._presenter.go_to(solved.ticket_id))
            view.add(row)
        if not similar:
            view.add(text_label(self._i18n(Key.SIDE_NO_SIMILAR), "muted", wrap=True))

    # acts

    def _copy(self, solved: SolvedTicket) -> None:
        QGuiApplication.clipboard().setText(solved.reply_text)
        self.hint.emit(self._i18n(Key.SIDE_COPIED))

    def _bring(self) -> None:
        """What a message asked for comes into sight, its section folded out."""
        section = Section.PRODUCTS if self._card.focused_sku else Section.ORDER
        self._presenter.unfold(section)
        QTimer.singleShot(0, self, self._scroll_to_asked)

    def _scroll_to_asked(self) -> None:
        if self._asked is not None:
            self._scroll.ensureWidgetVisible(self._asked, 0, 24)

    def _section(self, section: Section) -> SectionView:
        return SectionView(TITLES[section], self._look, self._i18n, lambda: self._presenter.toggle(section))

    def _make_head(self) -> None:
        self._head = QFrame()
        self._head.setObjectName("paneHeader")
        self._title = ElidedLabel(tone="heading")
        self.back = button("link", self._presenter.go_back)
        self.hide_button = button("quiet", self.closed.emit)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.hide_button)
        column = QVBoxLayout(self._head)
        column.setContentsMargins(16, 6, 8, 6)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.back)
