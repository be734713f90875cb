"""Prompts for models that were tuned to chat: the prompt's parts as messages, in the model's own template.

What customers write goes through with its control tokens disarmed: only the template's text may contain any.
"""

import logging
from collections.abc import Mapping

from jinja2 import TemplateError
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from agent_assist.domain.wording import Rewording
from agent_assist.engine.protocol import SUMMARY_FIELDS, Draft, Rewrite, Summarise
from models.reply.prompt import Prompt
from models.reply.runtime import Vocabulary

logger = logging.getLogger(__name__)
# Tone and hint stand in the user's message: with another one the cache still holds all that comes before.
_REPLY: Mapping[str, str] = {
    "zh": "你是网店客服，正在回复顾客。只根据资料（Notes）和订单（Order）里的内容回答；"
    "没有写明的不要编造，说明需要核实并询问所缺信息。如有提示（Hint），照它的要求写，其内容可当作事实。"
    "用中文，礼貌简短，一到四句话，不用列表；末尾标题里写了语气的，按那种语气。只输出回复本身。",
    "en": "You are a support agent of an online shop replying to a customer. Answer only from the notes and the order; "
    "never make up what they do not say, but say that you will check and ask for what is missing. "
    "Where there is a hint, do what it says and take it as true. "
    "Write in English, polite and short, one to four sentences, no lists, in the tone that the last heading names, "
    "if it names one. Output the reply only.",
}
_REWRITE: Mapping[str, str] = {
    "zh": "你在修改网店客服的回复（Draft）。{manner}所有数字、日期、金额、单号、链接和名称必须原样保留，"
    "不增加也不删除任何信息。用中文，只输出修改后的文字。",
    "en": "You edit a reply (Draft) of an online shop's support desk. {manner} Keep every figure, date, amount, "
    "number, link and name exactly; add nothing and leave nothing out. Write in English and output the edited text "
    "only.",
}
_MANNERS: Mapping[str, Mapping[Rewording, str]] = {
    "zh": {
        Rewording.WARM: "把语气改得亲切体贴。",
        Rewording.FORMAL: "把语气改得正式、专业。",
        Rewording.SHORT: "把它改得更短。",
        Rewording.LONG: "把它写得更完整、更周到。",
        Rewording.SIMPLE: "改用简单易懂的话。",
        Rewording.CORRECT: "只改正错别字、标点和语病，其余不动。",
        Rewording.TRANSLATE: "把它翻译成中文。",
    },
    "en": {
        Rewording.WARM: "Make its tone warm and caring.",
        Rewording.FORMAL: "Make its tone formal and professional.",
        Rewording.SHORT: "Make it shorter.",
        Rewording.LONG: "Make it fuller and more considerate.",
        Rewording.SIMPLE: "Put it into simple words.",
        Rewording.CORRECT: "Correct spelling, punctuation and grammar only; leave all else as it is.",
        Rewording.TRANSLATE: "Translate it into English.",
    },
}
_SUMMARY: Mapping[str, str] = {
    "zh": "为接手的同事概括这段客服对话。只输出一个 JSON 对象，依次包含 {fields}："
    "顾客的问题、已经做了什么、还有什么没解决、下一步做什么。"
    "每项一句中文短句，没有的写空字符串；数字和单号照抄，不要编造。",
    "en": "Sum this conversation up for a colleague who takes it over. Output one JSON object only, with {fields} in "
    "this order: the customer's problem, what was done, what is open, the next step. One short English sentence each, "
    "an empty string where there is none; copy figures and numbers, make nothing up.",
}
# Private-use characters stand for the contents while the template is rendered.
_SYSTEM_MARK, _USER_MARK = "\ue000", "\ue001"
# A model that would think aloud first is told that it has done so; replies are short, and nobody reads the thoughts.
_THINKS, _THOUGHT = "<think>", "\n</think>\n\n"
_LONGEST_TEMPLATE = 8192  # characters of what a template may add
NO_TEMPLATE = "it has no chat template, so a plain prompt is used"
_BROKEN = "its chat template cannot be used ({}), so a plain prompt is used"


def usable_template(template: str, vocabulary: Vocabulary) -> "tuple[ChatTemplate | None, str]":
    """The template, or None and why not. Nothing that a template does raises."""
    try:
        return ChatTemplate(template, vocabulary), ""
    except Exception as error:  # jinja runs the file's own program in its sandbox; anything may come of it
        logger.warning("a chat template is not used: %s: %s", type(error).__name__, error)
        return None, _BROKEN.format(type(error).__name__)


def instructions(request: Draft | Rewrite | Summarise) -> str:
    """What a chat model is told to do, in the language of the result."""
    language = request.language if request.language in _REPLY else "en"
    match request:
        case Draft():
            return _REPLY[language]
        case Rewrite():
            return _REWRITE[language].format(manner=_MANNERS[language][request.manner])
        case Summarise():
            return _SUMMARY[language].format(fields=", ".join(f'"{name}"' for name in SUMMARY_FIELDS))


class ChatTemplate:
    """A model's own template, rendered once in jinja's sandbox."""

    def __init__(self, template: str, vocabulary: Vocabulary) -> None:
        """Raises whatever the template leads to, and ValueError for one that leaves the contents out."""
        self._vocabulary = vocabulary
        self._formatter = Jinja2ChatFormatter(template=template, eos_token="", bos_token="")
        self._rendered = self._render()
        if self._rendered.count(_USER_MARK) != 1 or self._rendered.count(_SYSTEM_MARK) != 1:
            raise ValueError("the template leaves out what it is given")
        if len(self._rendered) > _LONGEST_TEMPLATE:
            raise ValueError("the template adds too much")
        if self._rendered.rstrip().endswith(_THINKS):
            self._rendered = self._rendered.rstrip() + _THOUGHT

    def tokens(self, prompt: Prompt, system: str) -> list[int]:
        """Token ids of the whole conversation up to where the text begins; `system` says what to do."""
        user = prompt.body + prompt.cue
        rendered = self._rendered
        begin = tokens = self._vocabulary.tokenize("", begin=True)
        for mark, content in ((_SYSTEM_MARK, system), (_USER_MARK, user)):
            before, found, rendered = rendered.partition(mark)
            head = self._vocabulary.tokenize(before, special=True)
            # Some templates write the begin token themselves.
            tokens = tokens + (head[len(begin) :] if tokens is begin and begin == head[: len(begin)] else head)
            tokens = tokens + (self._vocabulary.tokenize(content) if found else [])
        return tokens + self._vocabulary.tokenize(rendered, special=True)

    def _render(self) -> str:
        try:
            rendered = self._format([("system", _SYSTEM_MARK), ("user", _USER_MARK)])
            if _SYSTEM_MARK in rendered and rendered.index(_SYSTEM_MARK) < rendered.find(_USER_MARK):
                return rendered
        except (ValueError, TypeError, TemplateError):  # some templates refuse a system message, some drop it
            pass
        return self._format([("user", f"{_SYSTEM_MARK}\n\n{_USER_MARK}")])

    def _format(self, messages: list[tuple[str, str]]) -> str:
        chat = [{"role": role, "content": content} for role, content in messages]
        return str(self._formatter(messages=chat, enable_thinking=False).prompt)
