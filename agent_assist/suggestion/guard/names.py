"""Codes of models and coupons, and links, as replies write them."""

import re
from collections.abc import Iterator

_LINK = re.compile(
    r"(?:https?://|www\.)[!-~]{2,500}"
    r"|(?<![a-z0-9@.])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}(?:com|cn|net|org|shop|store|io|co|example|top|cc|me)"
    r"(?:/[!-~]*)?(?![a-z0-9])"
)
_CODE = re.compile(r"(?<![A-Za-z0-9@.])(?=[A-Za-z0-9-]{2,30}(?![A-Za-z0-9]))[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
# 3D, 4K, 5G, USB3 are what a thing can do; 1st, 2nd count; 24h and 30min are told as lengths of time.
_NO_CODE = re.compile(
    r"\d+(?:st|nd|rd|th|[dkgxhms]|hrs?|mins?|pcs?|in|pack|x\d+|am|pm|%)?|[24]k|usb[0-9.]*|h?\d{1,2}h|mp[34]|b2[bc]|"
    r"\d+(?:kg|g|mg|cm|mm|m|km|ml|l|w|kw|v|mah|gb|tb|mb|hz|db|oz|lb|lbs|ft|rpm|day|days|hour|hours|usd|cny|rmb|yuan)",
    re.I,
)
# 7-day, 3-pack, 2-year.
_HYPHENED = re.compile(r"[0-9]+(?:-[a-z]+)+", re.I)
_TRAILING = ".,;:!?)]}'\""


def find_links(folded: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, key) of each address of a page, without its scheme."""
    for match in _LINK.finditer(folded):
        written = match[0].rstrip(_TRAILING)
        key = re.sub(r"^https?://|^www\.|^https?://www\.", "", written).removeprefix("www.").rstrip("/")
        yield match.start(), match.start() + len(written), key


def find_codes(folded: str, text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, key) of each word of letters and digits, such as K-350 or VIP20; hyphens do not count."""
    for match in _CODE.finditer(text):
        written = folded[match.start() : match.end()]
        if _HYPHENED.fullmatch(written):
            continue
        has_both = any(char.isdigit() for char in written) and any(char.isalpha() for char in written)
        if has_both and not _NO_CODE.fullmatch(written):
            yield match.start(), match.end(), code_key(written)


def code_key(written: str) -> str:
    """K-350, k350 and K 350 are one code."""
    return re.sub(r"[-\s_]", "", written)
