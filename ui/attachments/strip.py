"""The files beneath a message: pictures as thumbnails, everything else by name and size."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QVBoxLayout, QWidget

from agent_assist.domain.attachments import Attachment, AttachmentKind, Picture, PictureFault
from ui.attachments.pixels import to_pixmap
from ui.attachments.presenter import AttachmentPresenter
from ui.attachments.words import file_remark, picture_fault
from ui.i18n import I18n
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.flow import FlowLayout
from ui.words import file_size

BOX = QSize(120, 90)
NAME_CHARS = 34


class Thumbnail(QAbstractButton):
    """A picture in a box of its own; Enter, Space or a click shows it large."""

    def __init__(self, attachment: Attachment, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.attachment = attachment
        self._look = look
        self._picture: Picture | None = None
        self._pixmap: QPixmap | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        size = file_size(attachment.size)
        self.setAccessibleName(i18n(Key.FILES_PICTURE, name=attachment.name, size=size))
        self.setToolTip(f"{attachment.name} · {size}")

    def set_picture(self, picture: Picture) -> None:
        """Show the pixels."""
        if picture is not self._picture:
            self._picture, self._pixmap = picture, to_pixmap(picture)
            self.update()

    def sizeHint(self) -> QSize:
        """The box at this text size."""
        scale = self._look.scale
        return QSize(scale.px(BOX.width()), scale.px(BOX.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a click, too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, whole, in rounded corners; an icon while it is loaded."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        path = QPainterPath()
        path.addRoundedRect(frame, 6, 6)
        painter.fillPath(path, self._look.colour("sunken"))
        painter.save()
        painter.setClipPath(path)
        if self._pixmap is None:
            icon = self._look.pixmap("picture", "text_faint", 20)
            place = frame.center()
            painter.drawPixmap(int(place.x() - icon.deviceIndependentSize().width() / 2), int(place.y() - 10), icon)
        else:
            shown = QSize(self._pixmap.size()).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            left, top = (self.width() - shown.width()) / 2, (self.height() - shown.height()) / 2
            target = QRectF(left, top, shown.width(), shown.height())
            painter.drawPixmap(target, self._pixmap, QRectF(self._pixmap.rect()))
        painter.restore()
        focused = self.hasFocus()
        painter.setPen(self._look.colour("accent" if focused or self.underMouse() else "border_strong"))
        painter.drawPath(path)
        if focused:
            painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 5, 5)
        painter.end()


class AttachmentStrip(QWidget):
    """The files of one message. `picture_asked` carries a picture to be shown large; whoever shows the strip calls
    `render_pictures` when the presenter has changed."""

    picture_asked = Signal(object)

    def __init__(
        self, attachments: tuple[Attachment, ...], presenter: AttachmentPresenter, look: Look, i18n: I18n
    ) -> None:
        super().__init__()
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._attachments = attachments
        self.thumbnails: dict[int, Thumbnail] = {}
        self.files: dict[int, QWidget] = {}
        holder = QWidget()
        self._flow = FlowLayout(holder, spacing=8)
        self._remark = label("warn", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(holder)
        layout.addWidget(self._remark)
        for attachment in attachments:
            self._add(attachment)
        self.render_pictures()

    def render_pictures(self) -> None:
        """Show the thumbnails that have come; a picture that cannot be shown is a file with the reason."""
        for attachment in self._attachments:
            thumbnail = self.thumbnails.get(attachment.id)
            if thumbnail is None:
                continue
            shown = self._presenter.thumbnail(attachment)
            if isinstance(shown, Picture):
                thumbnail.set_picture(shown)
            elif isinstance(shown, PictureFault):
                self.thumbnails.pop(attachment.id)
                place = self._flow.indexOf(thumbnail)
                self._flow.takeAt(place)
                thumbnail.hide()
                thumbnail.deleteLater()
                self._add_file(attachment, picture_fault(self._i18n, shown))
        self._render_remark()

    def ask_path(self, attachment: Attachment) -> None:
        """Ask where to save a file, without blocking anything. It is written there and never opened."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        ask_where(self, self._presenter, attachment, self._i18n(Key.FILES_SAVE), Path(folder))

    def _add(self, attachment: Attachment) -> None:
        if attachment.kind is AttachmentKind.PICTURE and attachment.fault is None:
            thumbnail = Thumbnail(attachment, self._look, self._i18n)
            thumbnail.clicked.connect(lambda _checked=False: self.picture_asked.emit(attachment))
            self.thumbnails[attachment.id] = thumbnail
            self._flow.addWidget(thumbnail)
        else:
            self._add_file(attachment, file_remark(self._i18n, attachment))

    def _add_file(self, attachment: Attachment, remark: str) -> None:
        size = file_size(attachment.size)
        name = attachment.name
        if len(name) > NAME_CHARS:  # the end says what kind of file it is
            name = f"{name[: NAME_CHARS - 13]}…{name[-12:]}"
        made = button("", lambda: self.ask_path(attachment))
        made.setObjectName("fileChip")
        made.setIcon(self._look.icon("alert" if remark else "clip", "warn" if remark else "text_muted", 14))
        made.setText(f"{name} · {size}")
        made.setAccessibleName(self._i18n(Key.FILES_FILE, name=attachment.name, size=size))
        made.setAccessibleDescription(remark)
        made.setToolTip("\n".join(filter(None, (attachment.name, remark or self._i18n(Key.FILES_SAVE)))))
        made.setEnabled(attachment.fault is None)
        made.setProperty("remark", remark)
        self.files[attachment.id] = made
        self._flow.addWidget(made)

    def _render_remark(self) -> None:
        remarks = [
            f"{attachment.name}: {remark}"
            for attachment in self._attachments
            if (widget := self.files.get(attachment.id)) and (remark := widget.property("remark"))
        ]
        self._remark.setText("\n".join(remarks))
        self._remark.setVisible(bool(remarks))


def ask_where(
    parent: QWidget, presenter: AttachmentPresenter, attachment: Attachment, title: str, folder: Path
) -> None:
    """A file dialog that proposes the attachment's own, safe name."""
    dialog = QFileDialog(parent, title, str(folder / attachment.name))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(attachment.name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: presenter.save(attachment, Path(path)))
    dialog.open()
