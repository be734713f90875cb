"""What kinds, states, times and acts are called on the knowledge screen. No Qt."""

from datetime import UTC, datetime

from agent_assist.domain.article_versions import VersionCause
from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus, Visibility
from agent_assist.domain.language import Language
from ui.i18n import I18n
from ui.knowledge.acts import ActKind, Done
from ui.text_keys import Key

# Word and tone of each state; a tone never stands without its word.
STATUS_LOOKS = {
    ArticleStatus.DRAFT: (Key.KB_STATUS_DRAFT, "warn"),
    ArticleStatus.APPROVED: (Key.KB_STATUS_APPROVED, "good"),
    ArticleStatus.BLOCKED: (Key.KB_STATUS_BLOCKED, "bad"),
}
KIND_KEYS = {
    ArticleKind.ARTICLE: Key.KB_KIND_ARTICLE,
    ArticleKind.FAQ: Key.KB_KIND_FAQ,
    ArticleKind.MACRO: Key.KB_KIND_MACRO,
}
VISIBILITY_KEYS = {Visibility.PUBLIC: Key.KB_PUBLIC, Visibility.INTERNAL: Key.KB_INTERNAL}
LANGUAGE_KEYS = {Language.ZH: Key.LANG_ZH, Language.EN: Key.LANG_EN}
CAUSE_KEYS = {
    VersionCause.IMPORT: Key.KB_CAUSE_IMPORT,
    VersionCause.EDIT: Key.KB_CAUSE_EDIT,
    VersionCause.REVIEW: Key.KB_CAUSE_REVIEW,
    VersionCause.RESTORE: Key.KB_CAUSE_RESTORE,
    VersionCause.DELETE: Key.KB_CAUSE_DELETE,
}
FIELD_KEYS = {
    "title": Key.KB_FIELD_TITLE,
    "text": Key.KB_FIELD_TEXT,
    "kind": Key.KB_FIELD_KIND,
    "status": Key.KB_FIELD_STATUS,
    "language": Key.KB_FIELD_LANGUAGE,
    "visibility": Key.KB_FIELD_VISIBILITY,
    "question": Key.KB_FIELD_QUESTION,
    "variants": Key.KB_FIELD_VARIANTS,
    "intents": Key.KB_FIELD_INTENTS,
    "tags": Key.KB_FIELD_TAGS,
    "products": Key.KB_FIELD_PRODUCTS,
    "owner": Key.KB_FIELD_OWNER,
    "valid_from": Key.KB_FIELD_VALID_FROM,
    "valid_until": Key.KB_FIELD_VALID_UNTIL,
    "source": Key.KB_FIELD_SOURCE,
}
ACT_KEYS = {
    ActKind.CREATED: Key.KB_DONE_CREATED,
    ActKind.SAVED: Key.KB_DONE_SAVED,
    ActKind.APPROVED: Key.KB_DONE_APPROVED,
    ActKind.BLOCKED: Key.KB_DONE_BLOCKED,
    ActKind.DRAFTED: Key.KB_DONE_DRAFTED,
    ActKind.RESTORED: Key.KB_DONE_RESTORED,
    ActKind.DELETED: Key.KB_DONE_DELETED,
    ActKind.UNDONE: Key.TOAST_UNDONE,
    ActKind.REFUSED: Key.KB_DONE_REFUSED,
}
MANY_KEYS = {
    ActKind.APPROVED: Key.KB_DONE_MANY_APPROVED,
    ActKind.BLOCKED: Key.KB_DONE_MANY_BLOCKED,
    ActKind.DRAFTED: Key.KB_DONE_MANY_DRAFTED,
    ActKind.DELETED: Key.KB_DONE_MANY_DELETED,
}


def day(moment: datetime | None) -> str:
    """A day in local time, "" for none; with the time where it is not midnight."""
    if moment is None:
        return ""
    local = moment.astimezone()
    return f"{local:%Y-%m-%d}" if (local.hour, local.minute) == (0, 0) else f"{local:%Y-%m-%d %H:%M}"


def status_of(i18n: I18n, article: Article, now: datetime | None = None) -> tuple[str, str]:
    """The state's word and tone; an approved article that does not hold now says so."""
    moment = now or datetime.now(UTC)
    if article.status is ArticleStatus.APPROVED:
        if article.valid_until is not None and article.valid_until <= moment:
            return i18n(Key.KB_STATUS_OVER), "bad"
        if article.valid_from is not None and article.valid_from > moment:
            return i18n(Key.KB_STATUS_TO_COME), "accent"
    key, tone = STATUS_LOOKS[article.status]
    return i18n(key), tone


def validity(i18n: I18n, article: Article) -> str:
    """In which time an article holds, "" where always."""
    start, end = day(article.valid_from), day(article.valid_until)
    if start and end:
        return i18n(Key.KB_HOLDS_BETWEEN, start=start, end=end)
    if end:
        return i18n(Key.KB_HOLDS_UNTIL, end=end)
    return i18n(Key.KB_HOLDS_FROM, start=start) if start else ""


def done_text(i18n: I18n, done: Done) -> str:
    """What was done, in a sentence."""
    if done.kind is ActKind.NOTHING:
        return i18n(Key.TOAST_NOTHING_TO_UNDO)
    if done.count > 1 and done.kind in MANY_KEYS:
        return i18n(MANY_KEYS[done.kind], n=done.count)
    if done.kind is ActKind.UNDONE:
        return i18n(Key.TOAST_UNDONE)
    return i18n(ACT_KEYS[done.kind], title=done.title)
