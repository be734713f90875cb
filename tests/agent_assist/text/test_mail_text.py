"""HTML becomes the words a reader sees; quoted mail and signatures are told from what is new."""

import pytest

from agent_assist.text.html_text import html_to_text
from agent_assist.text.quoting import split_quoted

QUOTED = [
    ("Not working.\n\nOn Mon, 2 Nov 2026 at 09:30, Shop\n<s@shop.com> wrote:\n> Hello\n> Try this", "Not working."),
    ("Thanks\n\n-----Original Message-----\nFrom: Shop\nSent: Monday\n\nold", "Thanks"),
    ("Any news?\n________________________________\nFrom: Shop <s@x.com>\nSent: Monday\nTo: me\n\nold", "Any news?"),
    ("还是不行\n\n------------------ 原始邮件 ------------------\n发件人: 客服\n发送时间: 周一\n旧的", "还是不行"),
    ("什么时候退款？\n\n在 2026年11月2日，青禾优选 <s@shop.cn> 写道：\n\n您好", "什么时候退款？"),
    ("請盡快處理\n\n青禾 <s@shop.tw> 於 2026年11月2日 週一 上午9:30寫道：\n> 您好", "請盡快處理"),
    ("收到了\n\n发件人：客服\n日期：2026-11-02\n收件人：我\n主题：回复\n旧的内容", "收到了"),
    ("坏了\n\n发自我的iPhone", "坏了"),
    ("Broken\n\n-- \nBob Smith\nACME Ltd", "Broken"),
    ("Broken\n\nSent from my Galaxy", "Broken"),
    ("> did you try?\nYes I did.\n> and now?\nStill dead.", "Yes I did.\nStill dead."),
    ("- the left one is dead\n- the right one too\nThanks,\nplease send new ones", None),
    ("From: the beginning it was broken\nI want a refund", None),
    ("On Monday I wrote: nothing came back", None),
    ("> only a quote", None),
]


@pytest.mark.parametrize(("text", "new"), QUOTED)
def test_quotes_and_signatures_go_to_the_context(text: str, new: str | None) -> None:
    found, context = split_quoted(text)
    assert found == (text if new is None else new)
    assert bool(context) == (new is not None)


def test_html_quotes_are_marked_and_deep_nesting_is_survived() -> None:
    assert html_to_text("<div>new<blockquote>old<br>lines</blockquote></div>") == "new\n> old\n> lines"
    assert html_to_text("<div>" * 1000 + "deep") == "deep"
    assert html_to_text("<div>" * 200_000 + "deep &amp; far") == "deep & far"  # minutes in the parser
    assert html_to_text("") == ""
