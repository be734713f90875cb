"""Which sentence of which source each sentence of a draft rests on."""

import re
from collections import defaultdict
from collections.abc import Sequence

from agent_assist.domain.patterns.spans import fold
from agent_assist.domain.suggestion import SentenceSource, Source
from agent_assist.suggestion.guard.claims import find_claims
from agent_assist.suggestion.guard.contexts import Span, sentences, words
from agent_assist.suggestion.guard.weights import telling

# Of a sentence's own words, so much has to stand in the source's sentence; a shared value counts as several words.
LEAST = 0.3
_VALUE = 3.0
# Sentences that need no source.
_FREE = re.compile(
    r"^(?:(?:您好|你好|亲|尊敬的|感谢|谢谢|不客气|抱歉|非常抱歉|很抱歉|对不起|祝您|欢迎|请问|希望|好的|没问题|"
    r"如有|如果还有|有任何|有其他|还有)"
    r"|(?:hi|hello|dear|thanks?|thank you|you're welcome|i'm (?:very |so )?sorry|sorry|we apologi[sz]e|best|"
    r"kind|please let (?:me|us) know"
    r"|let (?:me|us) know|if (?:you|there)[^.]*(?:questions?|help|else)|have a|is there|i hope|we hope|good "
    r"(?:morning|afternoon|evening))\b)"
)
# What says that nobody knows rests on nothing either: "the notes don't say, so I'll check".
_OPEN = re.compile(
    r"(?:我|这边|我们).{0,6}(?:核实|确认一下|查一下|问一下)"
    r"|\b(?:i|we)(?:'ll| will|'d| would)? (?:need to |have to )?(?:check|find out|have (?:it|that|this|both) checked)\b"
)
_NOTHING_SAID = 2


def ground_sentences(draft: str, sources: Sequence[Source]) -> tuple[SentenceSource, ...]:
    """A `SentenceSource` for every sentence of `draft`, in order."""
    places = [(index, place) for index, source in enumerate(sources) for place in sentences(source.passage)]
    told = [_content(sources[index].passage, place) for index, place in places]
    seen: dict[str, float] = defaultdict(float)
    for content in told:
        for word in content:
            seen[word] += 1.0
    return tuple(_ground(draft, sentence, sources, places, told, seen) for sentence in _trimmed(draft))


def _ground(
    draft: str,
    sentence: Span,
    sources: Sequence[Source],
    places: Sequence[tuple[int, Span]],
    told: Sequence[frozenset[str]],
    seen: dict[str, float],
) -> SentenceSource:
    own = _content(draft, sentence)
    rated = [_share(own, content, seen, len(told)) for content in told]
    best = max(range(len(rated)), key=rated.__getitem__, default=-1)
    if best < 0 or rated[best] < LEAST:
        return SentenceSource(start=sentence.start, end=sentence.end, free=_is_free(draft, sentence, own))
    index, place = places[best]
    begin = sources[index].start
    return SentenceSource(
        start=sentence.start,
        end=sentence.end,
        source=index,
        source_start=begin + place.start,
        source_end=begin + place.end,
    )


def _share(own: frozenset[str], content: frozenset[str], seen: dict[str, float], count: int) -> float:
    """How much of the sentence's own words the source's sentence holds, rare ones first."""
    total = shared = 0.0
    for word in own:
        weight = _VALUE if word.startswith("=") else 0.3 + telling(word, seen[word], count)
        total += weight
        shared += weight if word in content else 0.0
    return shared / total if total else 0.0


def _content(text: str, span: Span) -> frozenset[str]:
    values = {f"={key}" for claim in find_claims(text) if span.start <= claim.start < span.end for key in claim.keys}
    return frozenset(values | set(words(fold(text[span.start : span.end]))))


def _is_free(draft: str, sentence: Span, own: frozenset[str]) -> bool:
    text = fold(draft[sentence.start : sentence.end]).strip()
    if any(word.startswith("=") for word in own):
        return False
    if text.endswith(("?", "？")) or len(own) <= _NOTHING_SAID:
        return True
    return _FREE.match(text) is not None or _OPEN.search(text) is not None


def _trimmed(draft: str) -> list[Span]:
    """Sentences without the blanks around them."""
    found = []
    for span in sentences(draft):
        text = draft[span.start : span.end]
        found.append(Span(span.start + len(text) - len(text.lstrip()), span.start + len(text.rstrip())))
    return found
