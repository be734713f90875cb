"""Prompts for models that were tuned to chat: the prompt's parts as messages, in the model's own template.

What customers write goes through with its control tokens disarmed: only the template's text may contain any.
"""

from collections.abc import Mapping

from jinja2 import TemplateError
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from models.reply.prompt import Prompt
from models.reply.runtime import Vocabulary

_SYSTEM: Mapping[str, str] = {
    "zh": "你是网店客服，正在回复顾客。只根据资料（Notes）和订单（Order）里的内容回答；"
    "没有写明的不要编造，说明需要核实并询问所缺信息。"
    "用中文，礼貌简短，一到四句话，不用列表。只输出回复本身。",
    "en": "You are a support agent of an online shop replying to a customer. Answer only from the notes and the order; "
    "never make up what they do not say, but say that you will check and ask for what is missing. "
    "Write in English, polite and short, one to four sentences, no lists. Output the reply only.",
}
# Private-use characters stand for the contents while the template is rendered.
_SYSTEM_MARK, _USER_MARK = "\ue000", "\ue001"


class ChatTemplate:
    """A model's own template."""

    def __init__(self, template: str, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._formatter = Jinja2ChatFormatter(template=template, eos_token="", bos_token="")

    def tokens(self, prompt: Prompt, language: str) -> list[int]:
        """Token ids of the whole conversation up to where the reply begins."""
        system = _SYSTEM.get(language, _SYSTEM["en"])
        user = prompt.body + prompt.cue
        rendered = self._render()
        tokens = self._vocabulary.tokenize("", begin=True)
        for mark, content in ((_SYSTEM_MARK, system), (_USER_MARK, user)):
            before, found, rendered = rendered.partition(mark)
            tokens += self._vocabulary.tokenize(before, special=True)
            tokens += self._vocabulary.tokenize(content) if found else []
        return tokens + self._vocabulary.tokenize(rendered, special=True)

    def _render(self) -> str:
        try:
            return self._format([("system", _SYSTEM_MARK), ("user", _USER_MARK)])
        except (ValueError, TemplateError):  # some templates refuse a system message
            return self._format([("user", f"{_SYSTEM_MARK}\n\n{_USER_MARK}")])

    def _format(self, messages: list[tuple[str, str]]) -> str:
        chat = [{"role": role, "content": content} for role, content in messages]
        return str(self._formatter(messages=chat).prompt)
