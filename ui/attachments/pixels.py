"""Raw pixels as Qt's pictures: none of Qt's decoders ever sees a file that a customer made."""

from PySide6.QtGui import QImage, QPixmap

from agent_assist.domain.attachments import Picture


def to_pixmap(picture: Picture) -> QPixmap:
    """The same pixels; the bytes are copied."""
    image = QImage(
        picture.pixels, picture.width, picture.height, 4 * picture.width, QImage.Format.Format_RGBA8888
    ).copy()
    return QPixmap.fromImage(image)
