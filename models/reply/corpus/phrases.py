"""Turns of phrase that the corpus generator puts around the situations: greetings, moods, joins, order lines."""

import random
import re
from collections.abc import Mapping, Sequence

from models.reply.corpus.slots import draw

GREETING: Mapping[str, str] = {"zh": "您好，", "en": "Hello! "}

# What an upset customer writes before and after the question.
ANGRY: Mapping[str, Sequence[tuple[str, str]]] = {
    "zh": (
        ("太让人生气了！", ""), ("你们怎么回事啊？！", ""), ("都问了三遍了没人理，", "！"), ("什么破店，", ""),
        ("我真的很失望，", ""), ("", "再不给说法我就投诉了！"), ("", "这服务太差了！"), ("等了这么久也没人回，", ""),
        ("气死我了，", "！！"), ("", "别再跟我打太极了"), ("第一次遇到这种卖家，", ""), ("", "，给个准话行不行"),
        ("差评预定！", ""), ("", "不解决我就找平台"),
    ),
    "en": (
        ("This is ridiculous. ", ""), ("I'm really disappointed. ", ""), ("Third time I'm asking: ", ""),
        ("", " This is unacceptable!"), ("WORST shop ever!! ", ""), ("", " Answer me now or I'll dispute the charge."),
        ("I am so angry right now. ", ""), ("", " I've wasted hours on this."), ("Nobody ever replies here! ", ""),
        ("", " Terrible service."), ("What kind of company is this? ", ""), ("", " I will leave a one-star review."),
    ),
}  # fmt: skip

# Words around a question that change nothing about it.
CHATTER: Mapping[str, Sequence[tuple[str, str]]] = {
    "zh": (
        ("你好，", ""), ("您好，麻烦问一下，", ""), ("在吗？", ""), ("亲，", ""), ("老板，", ""), ("", "，谢谢"),
        ("", "，麻烦了"),
        ("你好，我上周在你们店买了{prod9}，", ""), ("我是老顾客了，想问下", ""), ("请问一下哈，", ""),
        ("", "，急！"),
        ("打扰了，", "，在线等"), ("我朋友推荐我来的，", ""), ("", "，我有点着急"), ("嗨~", ""),
        ("我看了半天没找到，", ""),
    ),
    "en": (
        ("Hi, ", ""), ("Hello there! ", ""), ("Quick question: ", ""), ("Hey, hope you're well. ", ""),
        ("", " Thanks!"),         ("Hi, I bought a {prod9} from you last week. ", ""), ("Sorry to bother you, ", ""),
        ("", " Thank you in advance."),
        ("", " Please let me know asap."), ("Good afternoon, ", ""), ("I've looked everywhere on your site but ", ""),
        ("Dear support team, ", " Kind regards, Alex"), ("", " cheers"), ("I'm a regular customer. ", ""),
    ),
}  # fmt: skip

APOLOGY: Mapping[str, Sequence[str]] = {
    "zh": ("非常抱歉给您带来不好的体验。", "很抱歉让您着急了。", "非常抱歉，给您添麻烦了。"),
    "en": ("I'm very sorry about this. ", "I'm sorry for the trouble. ", "I sincerely apologise for this experience. "),
}

# A reply that apologises already.
SORRY = re.compile(r"(很|非常|十分)?抱歉|I'm (very )?sorry")

# How a second question is joined on, and its answer.
JOINS: Mapping[str, Sequence[tuple[str, str]]] = {
    "zh": (("另外，", "另外，"), ("还有，", "另外，"), ("顺便问下", "另外，"), (" ", "另外，"), ("然后", "另外，")),
    "en": ((" Also, ", " Also, "), (" And another thing: ", " Also, "), (" ", " Also, "),
           (" One more question: ", " Also, ")),
}  # fmt: skip

# First words that lose their capital in the middle of a sentence; brands and "I" keep theirs.
SENTENCE_STARTS = tuple(
    f"{word} "
    for word in (
        "Yes,", "Sure,", "If", "It", "The", "You", "Your", "Please", "We", "Our", "For", "Orders", "All", "Once",
        "In-stock", "Double", "Size", "Parcels", "Refunds", "Hold", "Charge", "A", "An", "At", "No,", "Both", "These",
        "Dark", "Points",
    )
)  # fmt: skip

# Replies where the notes hold no answer; {topic} is what the matter is called. None of them states a fact.
_MISSING: Mapping[str, Sequence[str]] = {
    "zh": (
        "关于{topic}，目前的资料里没有写明，我先帮您核实。方便提供一下订单号或商品链接吗？",
        "关于{topic}，我这边暂时没有查到准确的说明，需要向同事核实后回复您。请问您的订单号是多少？",
        "关于{topic}，现有资料没有相关说明，不敢随意答复您。请您提供订单号，我核实后马上回复您。",
        "{topic}这边暂时没有查到说明，我先核实一下。请问是哪一笔订单或哪款商品呢？",
    ),
    "en": (
        "I don't have information about {topic} in front of me, so I'll check it for you. "
        "Could you share your order number or the product link?",
        "Our notes don't say anything about {topic}, and I don't want to guess. "
        "May I have your order number so that I can check with the team?",
        "I couldn't find anything about {topic} yet. Let me check with my colleagues; "
        "could you tell me your order number or the item?",
    ),
}
_TOPICLESS = {"zh": "您问的这一点", "en": "this"}


def say_missing(topic: str, language: str, rng: random.Random) -> str:
    """A reply that says that nothing is known of `topic`, and asks."""
    return rng.choice(_MISSING[language]).replace("{topic}", topic or _TOPICLESS[language])


# The same where a sheet of facts does not hold the one that is asked for.
FACET_MISSING: Mapping[str, Sequence[str]] = {
    "zh": ("资料里没有写明{topic}，我帮您核实后回复您。", "关于{topic}，资料里暂时没有写明，我核实后尽快回复您。"),
    "en": (
        "Our notes don't mention {topic}. I'll check and get back to you.",
        "I don't have information about {topic} here. Let me check and get back to you.",
    ),
}

FACET_JOINS: Mapping[str, Sequence[str]] = {"zh": ("，", "；", "。"), "en": (", ", "; ", "; ")}

SHEET_TITLES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "product": {
        "zh": ("{brand9}{prod9}", "{prod9}参数", "{brand9} {model9}", "商品信息"),
        "en": ("{brand9} {prod9}", "About the {prod9}", "{brand9} {model9}", "Product data"),
    },
    "shop": {
        "zh": ("购物须知", "店铺规则", "{brand9}旗舰店说明", "常见问题"),
        "en": ("Good to know", "Shop rules", "{brand9} store", "FAQ"),
    },
}

# The agent's wish and the sentence that fulfils it at the end of the reply.
HINTS: Mapping[str, Sequence[tuple[str, str]]] = {
    "zh": (
        ("补偿{amt1}元优惠券", "另外，我们为您补偿一张{amt1}元优惠券，请注意查收。"),
        ("提醒他发照片", "请您拍几张清晰的照片发给我们。"),
        ("说明{hours1}小时内回复", "我们会在{hours1}小时内回复您。"),
        ("请客户留电话", "方便留一个联系电话吗？"),
        ("祝他生活愉快", "祝您生活愉快！"),
        ("送{gift1}作为补偿", "为表歉意，我们会送您{gift1}。"),
        ("告诉他已经加急", "我们已经为您加急处理。"),
        ("引导去App自助办理", "您也可以在App里自助办理。"),
        ("感谢耐心等待", "感谢您的耐心等待。"),
        ("邀请评价", "如果满意，欢迎给我们一个好评。"),
    ),
    "en": (
        ("offer a ${amt1} voucher", "As an apology, we'd like to offer you a ${amt1} voucher."),
        ("ask for photos", "Could you send us a few clear photos?"),
        ("say we answer within {hours1} hours", "We will get back to you within {hours1} hours."),
        ("ask for a phone number", "Could you leave us a phone number?"),
        ("wish a nice day", "Have a lovely day!"),
        ("add {gift1} as a present", "We will also send you {gift1} as a small present."),
        ("say it is escalated", "I have escalated this for you."),
        ("point to self-service in the app", "You can also do this yourself in the app."),
        ("thank for the patience", "Thank you for your patience."),
        ("invite a review", "If you are happy with our service, we would love a review."),
    ),
}

# Lines about the order as the ticket view knows them, in sets that belong together.
_ORDERS: Mapping[str, Sequence[Sequence[str]]] = {
    "zh": (
        ("订单 {order1}：已发货，运输中", "商品：{prod1} x1", "实付：{price1} CNY", "下单日期：{iso1}",
         "{carrier1}运单号：{track1}", "最新进度（{stamp1}）：快件到达{city1}转运中心"),
        ("订单 {order1}：已签收", "商品：{prod1} x1、{prod2} x{n1}", "实付：{price1} CNY", "下单日期：{iso1}"),
        ("订单 {order1}：已发货", "承运：{carrier1} {track1}", "{date1} 14:20 已到达{city1}转运中心"),
        ("订单 {order1}：待付款", "商品：{prod1} x1，{amt1}元"),
        ("订单 {order1}：已签收", "商品：{prod1} x{n1}", "合计：{amt1} CNY"),
        ("订单 {order1}：已付款，待发货", "下单时间：{date1}"),
        ("订单 {order1}：已退款", "合计：{amt1} CNY"),
    ),
    "en": (
        ("Order {order1}: shipped, in transit", "Items: {prod1} x1", "Total: {price1} USD", "Ordered on: {iso1}",
         "{carrier1} tracking: {track1}", "Latest ({mday1}): Arrived at {city1} hub"),
        ("Order {order1}: delivered", "Items: {prod1} x1, {prod2} x{n1}", "Total: {price1} EUR", "Ordered on: {iso1}"),
        ("Order {order1}: shipped", "Carrier: {carrier1} {track1}", "{date1} 14:20 Arrived at {city1} hub"),
        ("Order {order1}: pending payment", "Item: {prod1} x1, ${amt1}"),
        ("Order {order1}: delivered", "Items: {prod1} x{n1}", "Total: ${amt1}"),
        ("Order {order1}: paid, not shipped yet", "Placed: {date1}"),
        ("Order {order1}: refunded", "Total: ${amt1}"),
    ),
}  # fmt: skip


def order_lines(language: str, rng: random.Random) -> list[str]:
    """A few plausible lines about an order that nobody asked about."""
    lines = rng.choice(_ORDERS[language])
    values = draw(lines, rng)
    return [values.fill(line, language) for line in lines]
