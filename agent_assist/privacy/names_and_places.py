"""Names of people and postal addresses that no model has marked: told by what stands around them and by their build.

Meant for masking, where a name too many costs little. A Chinese name is taken for one where a name is expected and it
begins with a common surname; names in running text are left to the models' entities.
"""

import re
from collections.abc import Iterator

_NAME_EN = r"[A-Z][a-zA-Z'’-]+(?: (?:[A-Z]\. )?[A-Z][a-zA-Z'’-]+){0,2}"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊"
    "白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文欧殷詹洪樊兰施章岳齐俞葛宣那牛柳翟温鲁聂焦辛管柴"
)
_NAME_ZH = rf"(?:欧阳|上官|司马|诸葛|慕容|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}"
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾"
    "|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
# Han characters of place names: without those that lead to one (寄到, 住在, 改为) or ask about it (能送吗).
_HAN = r"(?:(?![到在是住寄送改的我你他了请址为和去往给能会吗呢啊没不])[\u4e00-\u9fff])"
_REGION = rf"(?:(?:{_PROVINCES})(?:省|市|\w{{0,5}}自治区)|(?:北京|天津|上海|重庆)\w{{2,3}}区)"
_GAP = "[ ,，、:：]{0,2}"
_PHONE = r"1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}"

_NAMES = (
    re.compile(
        r"(?:[Mm]y name is|[Tt]his is|I am|I'm|[Nn]ame:|[Rr]ecipient:|Dear|Hi|Hello|Mr\.?|Mrs\.?|Ms\.?) "
        rf"({_NAME_EN})"
    ),
    re.compile(rf"(?:[Rr]egards|[Ss]incerely|[Tt]hanks|[Cc]heers|[Bb]est),?\s*\n\s*({_NAME_EN})"),
    re.compile(rf"\n\s*[-–—]?\s*({_NAME_EN})\s*\Z"),  # a signature: nothing but a name on the last line
    re.compile(r"(?:我叫|姓名|收件人|收货人|联系人|名字)(?:是|为)?[:： ]?([\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff])"),
    re.compile(rf"(?:我叫|姓名|收件人|收货人|联系人|名字)(?:是|为)?[:： ]?({_NAME_ZH})"),
    re.compile(r"([\u4e00-\u9fff])(?=(?:先生|女士|小姐)(?:您好|你好|[，,：:！!。 ]|$))"),
    # as parcels are addressed: name and phone side by side, the address behind
    re.compile(rf"(?<![\u4e00-\u9fff])({_NAME_ZH})(?=[ ,，、:：]{{0,2}}{_PHONE})"),
    re.compile(rf"{_PHONE}[ ,，、]{{0,2}}({_NAME_ZH})(?=[ ,，、。]|(?:{_PROVINCES})|$)"),
    # at the head of an address what can be a name is one, however rare the surname
    re.compile(rf"(?:\A|{_PHONE}{_GAP})({_HAN}{{2,4}}?)(?={_GAP}(?:{_PHONE}{_GAP})?{_REGION})"),
)
_NOT_NAMES = frozenset(
    {"There", "Team", "All", "Sir", "Madam", "Customer", "Support", "Friend", "Folks", "Everyone", "Not", "The", "Just"}
    | {"地址", "新地址", "收货地址", "收件地址", "收货信息", "电话", "手机", "手机号", "全国", "发往", "来自"}
    | {"谢谢", "谢谢您", "谢谢你", "谢谢啦", "谢谢了", "马上", "方便", "安排", "白天", "何时", "万一", "周末", "尽快"}
)

_NUMERAL = r"[0-9a-zA-Z一二三四五六七八九十百-]"
_ADDRESSES = (
    re.compile(
        rf"(?:(?:{_PROVINCES})(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)?)?"
        rf"(?:{_HAN}{{2,6}}(?:市|州|盟))?(?:{_HAN}{{1,6}}(?:区|县|旗|镇|乡|街道))?"
        rf"(?:{_HAN}|[0-9]){{1,10}}(?:路|街|巷|弄|大道|胡同|村|小区|花园|苑|大厦|广场){_HAN}{{0,4}}{_NUMERAL}{{1,8}}"
        r"(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|层)"
        rf"(?:{_NUMERAL}{{1,6}}(?:号楼|号|栋|幢|座|单元|室|楼|层|户)?)*"
    ),
    # at least two levels from a province down, and what follows them
    re.compile(
        rf"(?:{_PROVINCES})(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)?"
        rf"(?:{_HAN}{{2,9}}(?:市|州|盟|地区))?{_HAN}{{1,9}}(?:区|县|旗|市)(?:{_HAN}|[0-9a-zA-Z()（）-]){{0,40}}"
    ),
)
_CAPITALISED = r"[A-Z][\w'’.-]+"
_STREETS = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Close|Crescent"
    "|Circle|Parkway|Pkwy|Highway|Hwy|Route|Trail"
)
_ADDRESS_EN = re.compile(
    rf"\b[0-9]{{1,5}}[A-Za-z]?,? (?:[NSEW]{{1,2}}\.? )?(?:{_CAPITALISED} ){{1,4}}(?:{_STREETS})\b\.?"
    r"(?:[,\s]{1,3}(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|#)\.? ?#?[A-Za-z0-9-]+)?"
    # town, state, postcode, country: capitalised words and codes, a comma or a line each
    rf"(?:(?:,\s?|\n\s*)(?:{_CAPITALISED} ?){{1,3}}(?:,? ?[A-Z]{{2}})?"
    r"(?: ?[A-Z0-9]{2,4} ?[0-9][A-Z0-9]{1,4})?){0,3}"
)


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Places (start, end) of names."""
    for pattern in _NAMES:
        for match in pattern.finditer(text):
            if match[1].split(" ")[0] not in _NOT_NAMES:
                yield match.span(1)


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Places (start, end) of postal addresses."""
    for pattern in (*_ADDRESSES, _ADDRESS_EN):
        for match in pattern.finditer(text):
            yield match.span()
