"""What is said of attachments, in the window's language."""

from pathlib import PurePosixPath

from agent_assist.domain.attachments import Attachment, AttachmentFault, AttachmentKind, PictureFault
from ui.i18n import I18n
from ui.text_keys import Key
from ui.words import file_size

_PICTURE_KEYS = {
    PictureFault.BROKEN: Key.FILES_BROKEN,
    PictureFault.TOO_MANY_PIXELS: Key.FILES_TOO_MANY_PIXELS,
    PictureFault.TOO_LONG: Key.FILES_TOO_LONG,
    PictureFault.NOT_KEPT: Key.FILES_UNREADABLE,
}
_FAULT_KEYS = {AttachmentFault.TOO_LARGE: Key.FILES_TOO_LARGE, AttachmentFault.UNREADABLE: Key.FILES_UNREADABLE}
# Pictures that stay files. HEIC: the wheels that decode it and are kept up carry an encoder under the GPL.
_UNSHOWN = {".svg": Key.FILES_SVG, ".svgz": Key.FILES_SVG, ".heic": Key.FILES_HEIC, ".heif": Key.FILES_HEIC}


def picture_fault(i18n: I18n, fault: PictureFault) -> str:
    """Why a picture is not shown, and what can be done."""
    return i18n(_PICTURE_KEYS[fault])


def file_remark(i18n: I18n, attachment: Attachment) -> str:
    """What has to be known of a file before it is saved, or why it cannot be; empty where there is nothing."""
    if attachment.fault is not None:
        return i18n(_FAULT_KEYS[attachment.fault], size=file_size(attachment.size))
    kind = _UNSHOWN.get(PurePosixPath(attachment.name.casefold()).suffix)
    if kind is not None and attachment.kind is AttachmentKind.FILE:
        return i18n(kind)
    return i18n(Key.FILES_RISKY) if attachment.risky else ""
