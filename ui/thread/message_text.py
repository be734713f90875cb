"""A message's text: selectable, its entities highlighted, with tooltips, clicks and keys."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QToolTip

from agent_assist.domain.entities import innermost
from agent_assist.domain.understanding import Entity
from ui.textpos import from_qt, to_qt
from ui.widgets.flat_text import FlatText

ENTITY_TOKENS = {
    "order_number": "entity_number",
    "tracking_number": "entity_number",
    "quantity": "entity_number",
    "amount": "entity_money",
    "date": "entity_money",
    "product": "entity_thing",
    "brand": "entity_thing",
    "color": "entity_thing",
    "size": "entity_thing",
    "person": "entity_person",
    "address": "entity_person",
    "phone": "entity_person",
    "email": "entity_person",
}
CLICKABLE = {"order_number", "product", "tracking_number"}


def entity_token(entity_type: str) -> str:
    """The palette's ground for an entity type; types of the user's own get the numbers' one."""
    return ENTITY_TOKENS.get(entity_type, "entity_number")


class MessageText(FlatText):
    """One message. Signals carry the entity that was clicked, or that is to be removed; `mark_asked` comes with a
    selection that Enter was pressed on."""

    entity_clicked = Signal(object)
    menu_asked = Signal(object, QPoint)
    mark_asked = Signal()
    remove_asked = Signal(object)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._entities: tuple[Entity, ...] = ()
        self._tips: tuple[str, ...] = ()
        self._pressed: Entity | None = None
        self.viewport().setMouseTracking(True)
        self.set_plain(text)

    def set_entities(self, entities: Sequence[Entity], tips: Sequence[str], grounds: Sequence[QColor]) -> None:
        """Highlight `entities` on their `grounds`; `tips` are their tooltips."""
        self._entities, self._tips = tuple(entities), tuple(tips)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.setCharFormat(QTextCharFormat())
        for entity, ground in zip(entities, grounds, strict=True):
            mark = QTextCharFormat()
            mark.setBackground(ground)
            if entity.type in CLICKABLE:
                mark.setFontUnderline(True)
                mark.setFontWeight(QFont.Weight.Medium)
            cursor.setPosition(to_qt(self._text, entity.start))
            cursor.setPosition(to_qt(self._text, entity.end), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(mark)
        self.fit()

    def selection(self) -> tuple[int, int] | None:
        """The selected characters of the message, without blanks at the ends; None when nothing is selected."""
        cursor = self.textCursor()
        start, end = (from_qt(self._text, place) for place in (cursor.selectionStart(), cursor.selectionEnd()))
        while start < end and self._text[start].isspace():
            start += 1
        while end > start and self._text[end - 1].isspace():
            end -= 1
        return (start, end) if start < end else None

    def links(self) -> list[Entity]:
        """The entities that can be opened, in order."""
        return sorted((one for one in self._entities if one.type in CLICKABLE), key=lambda one: (one.start, one.end))

    def choose(self, entity: Entity) -> None:
        """Select an entity with the keyboard on it: Enter then opens it."""
        cursor = self.textCursor()
        cursor.setPosition(to_qt(self._text, entity.start))
        cursor.setPosition(to_qt(self._text, entity.end), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.setFocus()

    def entity_here(self) -> Entity | None:
        """The entity that is selected, else the one at the text cursor."""
        selected = self.selection()
        if selected is not None:
            return next((one for one in self._entities if (one.start, one.end) == selected), None)
        return innermost(self._entities, from_qt(self._text, self.textCursor().position()))

    def entity_at(self, place: QPoint) -> Entity | None:
        """The entity under a point of the viewport."""
        position = self.document().documentLayout().hitTest(place.toPointF(), Qt.HitTestAccuracy.ExactHit)
        if position < 0:
            return None
        index = from_qt(self._text, position)
        return innermost(self._entities, index)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show an entity's tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            entity = self.entity_at(event.pos())
            tip = self._tips[self._entities.index(entity)] if entity else ""
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember what a click began on."""
        self._pressed = self.entity_at(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on an entity, if it was no selecting."""
        super().mouseReleaseEvent(event)
        entity = self.entity_at(event.position().toPoint())
        clicked = event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection()
        if clicked and entity is not None and entity == self._pressed and entity.type in CLICKABLE:
            self.entity_clicked.emit(entity)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be clicked."""
        super().mouseMoveEvent(event)
        entity = self.entity_at(event.position().toPoint())
        hand = entity is not None and entity.type in CLICKABLE
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.IBeamCursor)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the entity menu."""
        self.menu_asked.emit(self.entity_at(event.pos()), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Without a mouse: Enter opens the entity at the cursor or marks what is selected, Delete says that it is none,
        the menu key shows its menu."""
        entity = self.entity_here()
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if entity is not None and entity.type in CLICKABLE:
                self.entity_clicked.emit(entity)
            elif entity is None and self.selection() is not None:
                self.mark_asked.emit()
            return
        if plain and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and entity is not None:
            self.remove_asked.emit(entity)
            return
        if event.key() == Qt.Key.Key_Menu:
            self.menu_asked.emit(entity, self.mapToGlobal(self.cursorRect().bottomLeft()))
            return
        super().keyPressEvent(event)
