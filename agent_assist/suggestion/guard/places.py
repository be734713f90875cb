"""Cities, regions and countries by name, in both languages; 江浙沪 is three of them."""

import re
from collections.abc import Iterator

_PAIRS = (
    "北京 beijing,上海 shanghai,天津 tianjin,重庆 chongqing,河北 hebei,山西 shanxi,辽宁 liaoning,吉林 jilin,"
    "黑龙江 heilongjiang,"
    "江苏 jiangsu,浙江 zhejiang,安徽 anhui,福建 fujian,江西 jiangxi,山东 shandong,河南 henan,湖北 hubei,湖南 "
    "hunan,广东 guangdong,"
    "海南 hainan,四川 sichuan,贵州 guizhou,云南 yunnan,陕西 shaanxi,甘肃 gansu,青海 qinghai,内蒙古 inner "
    "mongolia,广西 guangxi,"
    "西藏 tibet,宁夏 ningxia,新疆 xinjiang,香港 hong kong,澳门 macau,台湾 taiwan,广州 guangzhou,深圳 shenzhen,"
    "杭州 hangzhou,"
    "南京 nanjing,苏州 suzhou,无锡 wuxi,宁波 ningbo,温州 wenzhou,嘉兴 jiaxing,义乌 yiwu,合肥 hefei,福州 fuzhou,"
    "厦门 xiamen,"
    "泉州 quanzhou,济南 jinan,青岛 qingdao,郑州 zhengzhou,武汉 wuhan,长沙 changsha,佛山 foshan,东莞 dongguan,"
    "珠海 zhuhai,"
    "中山市 zhongshan,惠州 huizhou,海口 haikou,三亚 sanya,成都 chengdu,贵阳 guiyang,昆明 kunming,西安 xi'an,"
    "兰州 lanzhou,"
    "西宁 xining,银川 yinchuan,乌鲁木齐 urumqi,拉萨 lhasa,哈尔滨 harbin,长春 changchun,沈阳 shenyang,大连 "
    "dalian,石家庄 shijiazhuang,"
    "太原 taiyuan,呼和浩特 hohhot,南昌 nanchang,南宁 nanning,徐州 xuzhou,常州 changzhou,绍兴 shaoxing,金华 "
    "jinhua,台州 taizhou,"
    "美国 usa,加拿大 canada,英国 uk,澳大利亚 australia,澳洲 australia,新西兰 new zealand,日本 japan,韩国 korea,"
    "新加坡 singapore,"
    "马来西亚 malaysia,泰国 thailand,越南 vietnam,菲律宾 philippines,印度尼西亚 indonesia,印度 india,德国 "
    "germany,法国 france,"
    "意大利 italy,西班牙 spain,葡萄牙 portugal,荷兰 netherlands,比利时 belgium,瑞士 switzerland,奥地利 austria,"
    "瑞典 sweden,"
    "挪威 norway,丹麦 denmark,芬兰 finland,波兰 poland,爱尔兰 ireland,希腊 greece,俄罗斯 russia,巴西 brazil,"
    "墨西哥 mexico,"
    "迪拜 dubai,欧盟 eu,欧洲 europe,亚洲 asia,非洲 africa,东南亚 southeast asia,"
    "阿拉斯加 alaska,夏威夷 hawaii,波多黎各 puerto rico,加州 california,纽约 new york,德州 texas,佛罗里达 "
    "florida,伦敦 london,"
    "柏林 berlin,巴黎 paris,东京 tokyo,悉尼 sydney,墨尔本 melbourne,多伦多 toronto,洛杉矶 los angeles,芝加哥 chicago,"
    "西雅图 seattle,波士顿 boston,苏格兰 scotland,北爱尔兰 northern ireland,威尔士 wales,曼彻斯特 manchester,"
    "奥克兰 auckland,"
    "温哥华 vancouver,魁北克 quebec,慕尼黑 munich,汉堡 hamburg,米兰 milan,罗马 rome,马德里 madrid"
)
_MORE = {
    "united states": "美国",
    "u.s.": "美国",
    "us": "美国",
    "america": "美国",
    "united kingdom": "英国",
    "britain": "英国",
    "england": "英国",
    "great britain": "英国",
    "the netherlands": "荷兰",
    "south korea": "韩国",
    "uae": "阿联酋",
    "阿联酋": "阿联酋",
    "macao": "澳门",
    "xian": "西安",
    "european union": "欧盟",
}
GROUPS = {
    "江浙沪": ("江苏", "浙江", "上海"),
    "江浙沪皖": ("江苏", "浙江", "上海", "安徽"),
    "港澳台": ("香港", "澳门", "台湾"),
    "港澳": ("香港", "澳门"),
    "京津冀": ("北京", "天津", "河北"),
    "东三省": ("辽宁", "吉林", "黑龙江"),
    "珠三角": ("广州", "深圳", "佛山", "东莞", "珠海", "惠州", "广东"),
    "川渝": ("四川", "重庆"),
    "新疆西藏": ("新疆", "西藏"),
    "云贵川": ("云南", "贵州", "四川"),
    "北上广深": ("北京", "上海", "广州", "深圳"),
    "北上广": ("北京", "上海", "广州"),
    "新藏": ("新疆", "西藏"),
}
_CANON: dict[str, str] = {}
for _pair in _PAIRS.split(","):
    _zh, _, _en = _pair.partition(" ")
    _CANON |= {_zh: _CANON.get(_en, _zh), _en: _CANON.get(_en, _zh)}
_CANON |= _MORE
_HAN_NAMES = sorted((name for name in (*_CANON, *GROUPS) if not name.isascii()), key=len, reverse=True)
_LATIN_NAMES = sorted((name for name in _CANON if name.isascii()), key=len, reverse=True)
_HAN = re.compile("|".join(map(re.escape, _HAN_NAMES)))
# "us" is a place only in capitals, which folded text has not: it is left to "to the US" and "US customers".
_LATIN = re.compile(
    r"(?<![a-z])(?:" + "|".join(re.escape(name) for name in _LATIN_NAMES if name != "us") + r")(?![a-z])"
    r"|(?<=\bthe )us(?= |[,.;]|$)"
)
_NOT_PLACES = re.compile(r"海南[鸡]|印度[神]|大连[衣]|上海[鲜]|江西[服]")


def find_places(folded: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, key) of each name; a group such as 江浙沪 is its own key."""
    for match in _HAN.finditer(folded):
        if not _NOT_PLACES.match(folded, match.start()):
            yield match.start(), match.end(), _CANON.get(match[0], match[0])
    for match in _LATIN.finditer(folded):
        yield match.start(), match.end(), _CANON[match[0]]


def members(key: str) -> tuple[str, ...]:
    """The places that a name covers, itself among them."""
    return (key, *GROUPS.get(key, ()))
