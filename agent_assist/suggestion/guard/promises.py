"""What a reply promises: certainty, acts that are said to be done or will be done at once, gifts, money, exceptions.

Each sort of promise has its words in the draft and the words in evidence on which it may rest: "free" rests on 免费 or
"at no cost", a refund that "has been made" on an order that says refunded or on the agent's own earlier message. What
every reply says ("we will check", 尽快) promises nothing. Sorts `by_act` rest on the same act in evidence: "we will
refund" on what the passages say of refunds; when, for how much and to whom is for the other sorts and the values.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent_assist.domain.patterns.spans import fold


@dataclass(frozen=True, slots=True)
class Sort:
    """`draft` finds the promise, `ground` the words that make it; no `ground`: the promise's own words."""

    draft: re.Pattern[str]
    ground: re.Pattern[str] | None = None
    by_act: bool = False


_DOING_ZH = (
    r"退款|退钱|退给|退还|打款|转账|补发|重发|重寄|再寄|寄出|发货|发出|安排|加急|催|升级|申请|备注|登记|上报|"
    r"反馈|提交|取消|处理|修改|拦截|"
    r"联系|通知|补寄|补偿|补差|赔|换新|垫付|减免|免|送|回电|致电|派送|派人|上门|到账|开通|延长|恢复|解决|转交|转接"
)
_CHECKING_ZH = r"核实|查|确认|了解|看|问|咨询|核对"
_DONE_EN = (
    r"refunded|escalated|shipped|dispatched|sent|processed|cancelled|canceled|arranged|contacted|forwarded|"
    r"passed|flagged|"
    r"updated|changed|applied|issued|reported|notified|informed|expedited|upgraded|replaced|credited|waived|"
    r"asked|requested|"
    r"booked|reserved|extended|prioriti[sz]ed|released|opened|submitted|told|instructed|initiated|started|added|removed"
)
_DO_EN = (
    r"refund|replace|send|ship|dispatch|escalate|expedite|credit|compensate|waive|cover|upgrade|give|offer|"
    r"arrange|cancel|"
    r"call|reimburse|pay|match|double|extend|issue|process|prioriti[sz]e|reship|resend|deliver|contact|"
    r"personally|pick|come|fix|repair|rush|"
    r"hold|reserve|add|throw|make"
)
_NOW_EN = (
    r"immediately|right away|right now|straight away|at once|instantly|today|tonight|"
    r"this (?:morning|afternoon|evening|minute)|tomorrow|asap|by tomorrow"
)
_SORTS: tuple[Sort, ...] = (
    # certainty
    Sort(
        re.compile(
            r"保证|确保(?!您已)|担保|包您|承诺|绝对|百分百|必定|必达|(?<!不)一定(?:会|能|可以|到|给|为|帮|让|"
            r"在|按|准时|送)|肯定(?:会|能|可以|到|给|为|帮|让|送|没)"
        )
    ),
    Sort(
        re.compile(
            r"\b(?:i|we)(?: can| do)? guarantee\b|\bguaranteed to\b|\bpromises?\b|\bdefinitely\b|\bfor sure\b|"
            r"\bassure you\b|\brest assured\b|\bcertainly (?:will|arrive|be)|\bwithout fail\b|\bmake sure\b|"
            r"\bnever happen\b|\bensure that\b"
        )
    ),
    Sort(re.compile(r"\bguarante\w+"), re.compile(r"guarante|warrant|cover")),
    # done already
    Sort(
        re.compile(
            rf"(?!已经?(?:发货|发出|寄出))(?:已经?|刚刚?|都)(?:经)?(?:[^，。！？、\s不的待未]{{0,12}}?)"
            rf"(?:{_DOING_ZH})(?!的话|后|之后|"
            rf"以后|的(?:订单|商品|包裹)|到|达)"
        ),
        by_act=True,
    ),
    Sort(
        re.compile(
            rf"(?:仓库|同事|主管|经理|专员|快递)[^，。！？\s]{{0,6}}(?:已经?|优先|专门)"
            rf"[^，。！？\s]{{0,6}}(?:{_DOING_ZH})"
        ),
        by_act=True,
    ),
    Sort(
        re.compile(
            rf"\b(?:i|we|they|our team|the warehouse|my manager)(?:'ve| have|'s| has)?(?: (?:already|just|now|"
            rf"also))* (?:{_DONE_EN})\b(?! (?:to|for) (?:you )?if)"
        ),
        by_act=True,
    ),
    Sort(
        re.compile(
            r"\b(?:your|the) (?:refund|replacement|order|parcel|request|case|payment|return|exchange)"
            r"\b[^.!?]{0,20}\b(?:has|have) (?:already |now |just )?been (?:\w+ed|sent|made|put)\b"
        ),
        by_act=True,
    ),
    # will be done for you
    Sort(
        re.compile(
            rf"(?:我|我们|这边|我这边|让|会|将|给您|帮您|为您|替您|可以给您)(?:[^，。！？\s不]{{0,8}}?)(?:给您|"
            rf"帮您|为您|替您|向您|跟您|帮忙|安排|优先|专人|主管|额外|破例|特批)(?!{_CHECKING_ZH})"
            rf"(?:[^，。！？\s不]{{0,8}}?)(?:{_DOING_ZH}|打折|折扣|回电|电话|道歉|礼物|满意|优惠)"
        ),
        by_act=True,
    ),
    Sort(
        re.compile(
            rf"\b(?:i|we|our team|a manager|someone|my manager|a colleague)(?:'ll| will|'d| would| can| could)"
            rf"(?: (?:also|gladly|happily|personally|now|then|immediately|just))* (?:{_DO_EN})\b(?! (?:you )"
            rf"?(?:back )?(?:once|as soon as|when|if))"
        ),
        by_act=True,
    ),
    Sort(
        re.compile(
            r"\byou(?:'ll| will| are going to) (?:\w+ )?(?:receive|get|have)\b[^.!?]{0,40}\b(?:refund|voucher|"
            r"credit|replacement|discount|compensation|gift)\b(?!s? (?:up to|within|until|if))"
        ),
        re.compile(r"\b(?:full refund|refund|voucher|credit|replacement|discount|compensation|gift)\b"),
    ),
    Sort(
        re.compile(r"(?:给您|帮您|为您|替您)[^，。！？\s不]{0,6}(?:补发|重发|重寄|再寄|补寄|换新|退款|赔|补偿)"),
        by_act=True,
    ),
    # at once
    Sort(
        re.compile(rf"(?:马上|立即|立刻|即刻|现在就|今天就|今晚|今天内|当场|秒)[^，。！？\s不]{{0,8}}(?:{_DOING_ZH})"),
        re.compile(r"马上|立即|立刻|即刻|即时|当天|当日|实时"),
    ),
    Sort(
        re.compile(
            rf"\b(?:refund|ship|send|dispatch|deliver|replace|arriv|get|have|process|receive|transfer)"
            rf"\w*\b[^.!?;]{{0,40}}\b(?:{_NOW_EN})\b"
        ),
        re.compile(rf"\b(?:{_NOW_EN}|same[- ]day|instant)\b"),
    ),
    # for nothing
    Sort(
        re.compile(r"免费|免单|免邮|包邮|免运费|不收(?:取)?(?:任何)?(?:费|钱|运费)|白送|全免|零元"),
        re.compile(
            r"免费|免单|免邮|包邮|免运费|免收|不收|不另收|无需付费|免除|免票|0元|由(?:我们|卖家|商家|店铺|本店)"
            r"承担|(?:我们|卖家|商家|店铺|本店)承担|免[^疫责]|free\b|no charge|no cost"
        ),
    ),
    Sort(
        re.compile(r"赠送|送您|送一|送个|送份|额外送|附赠|礼物|小礼品"),
        re.compile(r"赠|送[^货达到上往至修检出]|礼|附[^近]|gift|free"),
    ),
    Sort(
        re.compile(
            r"\bfree\b(?! (?:to|time|from|of (?:any )?(?:defects|bpa|scratches)))|\bno (?:extra )?(?:charge|"
            r"cost)\b|\bcomplimentary\b|\bon us\b|\bgifts?\b(?! card)|\bat our (?:expense|cost)\b|\bwaive[ds]?\b"
        ),
        re.compile(
            r"\bfree\b|no (?:extra )?(?:charge|cost)|complimentary|\bincluded\b|\bgift|waive|at our|we (?:pay|"
            r"cover)|免费|免|包邮"
        ),
    ),
    Sort(
        re.compile(
            r"(?:我们|商家|店铺|本店|这边)(?:来|全部|都)?(?:承担|负担|出|报销)|(?:运费|费用)"
            r"(?:[^，。！？\s由您]{0,4})我们[^，。！？\s]{0,4}承担"
        ),
        re.compile(r"(?:我们|卖家|商家|店铺|本店|双方)[^，。！？\s]{0,6}承担|我方承担|双方各|免运费|包邮"),
    ),
    Sort(
        re.compile(r"\b(?:we|we'll|we will|i'll)(?: also| gladly)? (?:cover|pay)\b"),
        re.compile(r"\bwe (?:also )?(?:cover|pay)|at our (?:expense|cost)|free return|paid by us"),
    ),
    # money and favours
    Sort(
        re.compile(r"赔偿|补偿|赔付|赔给|赔您|[三双两]倍(?:赔|返|补|退|积)|假一赔|退一赔"),
        re.compile(r"赔|补偿|双倍|三倍"),
    ),
    Sort(
        re.compile(r"优惠券|代金券|红包|返现|返利|折扣券|无门槛|额外(?:优惠|打|折)|打个?折"),
        re.compile(r"券|红包|返现|返利|折"),
    ),
    Sort(
        re.compile(
            r"\bcompensat\w+|\breimburse\w*|\bvouchers?\b|\bcoupons?\b|\bstore credit\b|\bgoodwill\b|\bcash "
            r"?back\b|\bextra discount\b|\bprice match\b|\bmatch any price\b|\bdouble your\b"
        ),
        re.compile(
            r"compensat|reimburse|voucher|coupon|credit|goodwill|cash ?back|discount|promo|price match|double|gift card"
        ),
    ),
    Sort(re.compile(r"破例|特批|通融|例外给|特殊处理|开绿灯|内部价|额外申请"), re.compile(r"破例|特批|例外|特殊")),
    Sort(
        re.compile(
            r"\bexceptions?\b(?! (?:of|are|is))|\bspecial (?:deal|offer|price)\b|\bjust (?:for|this) (?:you|once)\b"
        ),
        re.compile(r"exception|special|unless|except"),
    ),
    # without limits
    Sort(
        re.compile(
            r"(?:随时|任何时候|无条件|任意时间|不限时|无限期|永远|永久|终身|终生|任何理由|不限次)(?!联系|咨询|"
            r"告诉|找|问|和我|跟我|为您|欢迎|留言|反馈|滴滴|关注)[^，。！？\s]{0,4}"
        ),
        re.compile(
            r"随时|任何时候|无条件|任意|不限|无限|永远|永久|终身|终生|任何理由|any ?time|unconditional|lifetime"
        ),
    ),
    Sort(
        re.compile(
            r"\b(?:at )?any ?time\b(?<!ask any time)|\bno questions asked\b|\bunconditional(?:ly)?\b|"
            r"\blifetime\b|\bforever\b|\bunlimited\b|\bno matter what\b"
        ),
        re.compile(r"any ?time|no questions|unconditional|lifetime|forever|unlimited|whenever|随时|终身|无条件"),
    ),
    Sort(
        re.compile(
            r"(?:帮您|给您|为您|替您|优先|马上|立即|仓库)[^，。！？\s]{0,4}加急|加急(?:处理|发|配送|安排)|"
            r"优先(?:为您|给您|帮您|安排|派送|发货|处理)"
        ),
        re.compile(r"加急|优先"),
    ),
    Sort(
        re.compile(r"\bexpedit\w+|\bpriorit\w+|\brush(?:ed)? (?:it|your)"), re.compile(r"expedit|priorit|rush|express")
    ),
)
_NOT_ZH = re.compile(r"(?:不|无法|没有|没法|难以|未|别|并非|不敢|恕)[^，。！？\s]{0,4}$")
_NOT_EN = re.compile(r"(?:\bnot\b|n't\b|\bcannot\b|\bunable to\b|\bnever\b|\bno\b|\bif\b|\bwhether\b)[^.!?,;]{0,24}$")
_ASKS = re.compile(r"[？?]|吗|是否|要不要|需不需要")
_WILL_CHECK = re.compile(
    rf"(?:{_CHECKING_ZH})(?:一下|清楚|后|完|到)?|\b(?:check|look into|find out|ask|verify|confirm|see)\b"
)
_DONE = re.compile(r"已|刚|\b(?:has|have|was|were|'ve|been)\b|\b\w+ed\b|\bsent\b")
# What counts as the same act.
_ACTS = tuple(
    re.compile(family)
    for family in (
        r"退款|退钱|退给|退还|打款|转账|垫付|到账|refund|reimburse|credit",
        r"补发|重发|重寄|再寄|补寄|换新|replac|reship|resend",
        r"发货|寄出|发出|派送|配送|\bship|\bsend|\bsent|dispatch|deliver",
        r"加急|催|优先|expedit|priorit|rush|escalat",
        r"赔|补偿|补差|compensat",
        r"减免|免[费运]|waive|cover|\bpay\b",
        r"回电|致电|电话|\bcall",
        r"联系|通知|反馈|上报|转交|转接|contact|notif|inform|forward|passed|reported|told|instruct|flagged|asked",
        r"派人|上门|安排|arrange|pick|\bcome\b|\bfix|repair|personally",
        r"取消|拦截|cancel",
        r"修改|改[^善]|updat|chang",
        r"申请|登记|提交|备注|appl|request|submit|book|reserve|hold",
        r"升级|开通|延长|upgrad|extend",
        r"恢复|解决|处理|process|issue|initiat|start|open|releas",
        r"打折|折扣|优惠|discount|\boffer|\bgive|match|double",
        r"送(?![货达到上往至修检])|礼物|gift|throw in|\badd",
        r"道歉|满意|make",
    )
)
_SENTENCE = re.compile(r"[^。！!；;\n.？?]+(?:\.(?=\S)[^。！!；;\n.？?]+)*[。！!；;\n.？?]*")


def find_promises(draft: str, grounds: Sequence[str]) -> list[tuple[int, int]]:
    """(start, end) of what the draft promises and none of `grounds` (passages, order, the agent's own words) does."""
    folded = fold(draft)
    held = "\n".join(map(fold, grounds))
    found: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(folded):
        if not _ASKS.search(match[0]):
            found += [
                span
                for span in _in_sentence(folded, match.start(), match.end(), held)
                if all(span[1] <= start or span[0] >= end for start, end in found)
            ]
    return sorted(found)


def _in_sentence(folded: str, start: int, end: int, held: str) -> Iterator[tuple[int, int]]:
    for sort in _SORTS:
        for match in sort.draft.finditer(folded, start, end):
            if not _is_denied(folded, start, match) and not _is_grounded(sort, match[0], held):
                yield match.span()


def _is_denied(folded: str, start: int, match: re.Match[str]) -> bool:
    before = folded[max(start, match.start() - 30) : match.start()]
    return bool(_NOT_ZH.search(before) or _NOT_EN.search(before))


def _is_grounded(sort: Sort, written: str, held: str) -> bool:
    if sort.ground:
        return sort.ground.search(held) is not None
    if not sort.by_act:
        return written in held
    if "尽快" in written:
        return True
    acts = [family for family in _ACTS if family.search(written)]
    # 已发货 of the order lets the draft say that it was sent; a passage on how parcels are sent does not.
    done = _DONE.search(written) is not None
    return bool(acts) and all(_was_done(family, held) if done else family.search(held) for family in acts)


def _was_done(family: re.Pattern[str], held: str) -> bool:
    return any(_DONE.search(held, max(0, act.start() - 12), act.end() + 1) for act in family.finditer(held))
