"""All settings of the program."""

from agent_assist.settings.records import Applies, Setting

UI_LANGUAGE = Setting(
    name="ui.language",
    title_en="Language",
    title_zh="语言",
    default="system",
    choices=("system", "zh", "en"),
    names={"system": ("Like the system", "跟随系统"), "zh": ("中文", "中文"), "en": ("English", "English")},
    help_en="Language of the window.",
    help_zh="界面使用的语言。",
)
UI_THEME = Setting(
    name="ui.theme",
    title_en="Theme",
    title_zh="主题",
    default="system",
    choices=("system", "light", "dark", "contrast_light", "contrast_dark"),
    names={
        "system": ("Like the system", "跟随系统"),
        "light": ("Light", "浅色"),
        "dark": ("Dark", "深色"),
        "contrast_light": ("High contrast, light", "高对比浅色"),
        "contrast_dark": ("High contrast, dark", "高对比深色"),
    },
    help_en="Colours of the window.",
    help_zh="界面的配色。",
)
UI_FONT_SCALE = Setting(
    name="ui.font_scale",
    title_en="Text size",
    title_zh="文字大小",
    default=1.0,
    minimum=0.8,
    maximum=2.0,
    help_en="Size of all text; 1 is the desktop's own.",
    help_zh="文字大小，1 为系统默认大小。",
)
UI_NOTIFICATIONS = Setting(
    name="ui.notifications",
    title_en="Notices of urgent tickets",
    title_zh="紧急工单通知",
    default=True,
    help_en="The desktop tells of new urgent tickets while another window is used; customer and number only.",
    help_zh="使用其他窗口时，由系统通知新的紧急工单，只含客户名和工单号。",
)
UI_KEYS = Setting(
    name="ui.keys",
    title_en="Your keys",
    title_zh="自定义按键",
    default="",
    help_en="Keys of your own as action=key, parted by spaces; the window's list of keys (F1) writes them.",
    help_zh="自定义按键，写作“操作=按键”，以空格分隔；由界面中的快捷键列表（F1）写入。",
)
ENGINE_DEVICE = Setting(
    name="engine.device",
    title_en="Device",
    title_zh="运行设备",
    default="auto",
    choices=("auto", "cpu", "cuda"),
    names={"auto": ("By itself", "自动"), "cpu": ("Processor", "处理器"), "cuda": ("Graphics card", "显卡")},
    applies=Applies.WITH_ENGINE,
    help_en="Where the models run; by itself: on the graphics card if there is a fitting one.",
    help_zh="模型运行的设备；自动：有合适的显卡则使用显卡。",
)
ENGINE_GPU_LAYERS = Setting(
    name="engine.gpu_layers",
    title_en="Layers on the graphics card",
    title_zh="显卡上的层数",
    default=-1,
    minimum=-1,
    maximum=999,
    applies=Applies.WITH_ENGINE,
    help_en="Layers of the reply model on the graphics card; -1: as many as fit, 0: none.",
    help_zh="回复模型放在显卡上的层数；-1：尽量多，0：不使用。",
)
SUGGESTION_APPROVED_THRESHOLD = Setting(
    name="suggestion.approved_threshold",
    title_en="Match for reviewed texts",
    title_zh="审核文本的匹配度",
    default=0.91,
    minimum=0.0,
    maximum=1.0,
    help_en="How well a reviewed reply must match the question to be suggested word for word.",
    help_zh="审核过的回复与问题的匹配度达到此值时，原文推荐。",
)
SUGGESTION_MINIMUM_RELEVANCE = Setting(
    name="suggestion.minimum_relevance",
    title_en="Relevance of passages",
    title_zh="段落的相关度",
    default=0.3,
    minimum=0.0,
    maximum=1.0,
    help_en="How relevant a passage must be for a draft to rest on it.",
    help_zh="知识段落的相关度达到此值时，才会用来起草回复。",
)
SUGGESTION_MAX_PASSAGES = Setting(
    name="suggestion.max_passages",
    title_en="Passages per draft",
    title_zh="每份草稿的段落数",
    default=4,
    minimum=1,
    maximum=10,
    help_en="How many passages a draft may rest on.",
    help_zh="起草回复时最多使用的知识段落数。",
)
SUGGESTION_PREFETCH = Setting(
    name="suggestion.prefetch",
    title_en="Prepare replies ahead",
    title_zh="提前准备回复",
    default=True,
    help_en="Read waiting tickets and prepare replies before they are opened.",
    help_zh="在打开工单之前，提前阅读等待中的工单并准备回复。",
)
SUGGESTION_PREFETCH_AHEAD = Setting(
    name="suggestion.prefetch_ahead",
    title_en="Tickets prepared ahead",
    title_zh="提前准备的工单数",
    default=50,
    minimum=1,
    maximum=500,
    help_en="How many waiting tickets are prepared ahead of you, those with the least time left first.",
    help_zh="提前准备多少张等待中的工单，剩余时间最少的优先。",
)
SUGGESTION_MINIMUM_ANSWERABLE = Setting(
    name="suggestion.minimum_answerable",
    title_en="Certainty for a draft",
    title_zh="起草所需的把握",
    default=0.6,
    minimum=0.0,
    maximum=1.0,
    help_en="How likely the sources must answer the customer for a draft; below, a question back is offered.",
    help_zh="资料能回答顾客的把握达到此值时才起草回复；低于此值时，改为建议向顾客提问。",
)
SERVICE_CHAT_FIRST = Setting(
    name="service.chat_first_seconds",
    title_en="First answer in a chat",
    title_zh="聊天首次回复",
    default=30,
    minimum=5,
    maximum=86_400,
    help_en="Seconds within which a new chat is to be answered.",
    help_zh="新聊天应在多少秒内首次回复。",
)
SERVICE_CHAT_FOLLOW_UP = Setting(
    name="service.chat_follow_up_seconds",
    title_en="Later answers in a chat",
    title_zh="聊天后续回复",
    default=180,
    minimum=5,
    maximum=86_400,
    help_en="Seconds within which each later message of a chat is to be answered.",
    help_zh="聊天中的后续消息应在多少秒内回复。",
)
SERVICE_EMAIL = Setting(
    name="service.email_hours",
    title_en="Answer to a mail",
    title_zh="邮件回复",
    default=24,
    minimum=1,
    maximum=720,
    help_en="Working hours within which a mail is to be answered.",
    help_zh="邮件应在多少个工作小时内回复。",
)
SERVICE_OTHER = Setting(
    name="service.other_hours",
    title_en="Answer to other tickets",
    title_zh="其他工单回复",
    default=24,
    minimum=1,
    maximum=720,
    help_en="Working hours within which a ticket of any other kind is to be answered.",
    help_zh="其他渠道的工单应在多少个工作小时内回复。",
)
SERVICE_DAYS = Setting(
    name="service.days",
    title_en="Working days",
    title_zh="工作日",
    default="every_day",
    choices=("every_day", "monday_to_saturday", "monday_to_friday"),
    names={
        "every_day": ("Every day", "每天"),
        "monday_to_saturday": ("Monday to Saturday", "周一至周六"),
        "monday_to_friday": ("Monday to Friday", "周一至周五"),
    },
    help_en="Days on which customers are answered.",
    help_zh="提供客服的日子。",
)
_TIME = r"([01]\d|2[0-3]):[0-5]\d|24:00"
SERVICE_OPENS = Setting(
    name="service.opens",
    title_en="Open from",
    title_zh="开始时间",
    default="00:00",
    pattern=_TIME,
    help_en="When customers are answered from, on this machine's clock.",
    help_zh="每天几点开始提供客服（按本机时间）。",
)
SERVICE_CLOSES = Setting(
    name="service.closes",
    title_en="Open until",
    title_zh="结束时间",
    default="24:00",
    pattern=_TIME,
    help_en="When customers are answered until; a time before the opening is on the next day.",
    help_zh="每天几点结束客服；早于开始时间则为次日。",
)
SUGGESTION_TONE = Setting(
    name="suggestion.tone",
    title_en="Tone of drafts",
    title_zh="草稿的语气",
    default="plain",
    choices=("plain", "warm", "formal", "short", "shop"),
    names={
        "plain": ("Plain", "平实"),
        "warm": ("Warm", "亲切"),
        "formal": ("Formal", "正式"),
        "short": ("Short", "简短"),
        "shop": ("As the shop's", "按店铺的语气"),
    },
    help_en="Tone that replies are drafted in.",
    help_zh="起草回复的语气。",
)
SENDING_UNDO_SECONDS = Setting(
    name="sending.undo_seconds",
    title_en="Time to take a reply back",
    title_zh="撤回回复的时间",
    default=5,
    minimum=0,
    maximum=60,
    help_en="Seconds for which a reply sent in the window is held back and can be taken back; 0 sends at once.",
    help_zh="在窗口中发送回复后，保留多少秒可以撤回，之后才发出；0 表示立即发出。",
)
KNOWLEDGE_EXPIRY_DAYS = Setting(
    name="knowledge.expiry_days",
    title_en="Notice before articles end",
    title_zh="条目到期提醒",
    default=14,
    minimum=1,
    maximum=365,
    help_en="How many days ahead articles are listed whose time is about to be over.",
    help_zh="提前多少天提醒即将到期的知识条目。",
)
KNOWLEDGE_READ_HITS = Setting(
    name="knowledge.read_hits",
    title_en="Read what a search found",
    title_zh="细读搜索结果",
    default=True,
    help_en="Searches read the best passages with the question: better order, up to 0.3 seconds more.",
    help_zh="搜索时把最匹配的段落与问题一起细读，排序更准，最多多用 0.3 秒。",
)
SUGGESTION_SIMILAR_THRESHOLD = Setting(
    name="suggestion.similar_threshold",
    title_en="Likeness of solved tickets",
    title_zh="已解决工单的相似度",
    default=0.5,
    minimum=0.0,
    maximum=1.0,
    help_en="How like a solved ticket must be to be shown beside the open one.",
    help_zh="已解决的工单与当前工单的相似度达到此值时才会显示。",
)
SUGGESTION_REPLY_MONTHS = Setting(
    name="suggestion.reply_months",
    title_en="Age of replies",
    title_zh="回复的时效",
    default=12,
    minimum=1,
    maximum=120,
    help_en="Months after which a reply that was sent counts as out of date.",
    help_zh="已发送的回复超过多少个月视为过时。",
)
SHOP_NAME = Setting(
    name="shop.name",
    title_en="Name of the shop",
    title_zh="店铺名称",
    default="",
    help_en="Name of the shop, as replies give it.",
    help_zh="店铺名称，用于回复中。",
)
SHOP_TONE = Setting(
    name="shop.tone",
    title_en="Tone of the shop",
    title_zh="店铺的语气",
    default="friendly",
    choices=("friendly", "formal", "concise"),
    names={"friendly": ("Friendly", "亲切"), "formal": ("Formal", "正式"), "concise": ("Concise", "简洁")},
    help_en="Tone of drafts where the tone of drafts is the shop's.",
    help_zh="草稿的语气设为“按店铺的语气”时，按此起草。",
)
SHOP_FORBIDDEN_WORDS = Setting(
    name="shop.forbidden_words",
    title_en="Forbidden words",
    title_zh="禁用词",
    # Absolute claims as article 9 of China's advertising law means them, and what leads away from the platform.
    default=(
        "最好, 最佳, 最低价, 最便宜, 最先进, 最高级, 全网最, 史上最, 第一, 顶级, 国家级, 世界级, 百分百, 百分之百, "
        "100%有效, 100%安全, 100%正品, 永久, 绝对, 万能, 独一无二, 绝无仅有, 史无前例, "
        "加…微信, 加…QQ, 我的微信, 我微信, 微信号, QQ号, 私下…转账, 私下…交易, 私下…付款, 线下交易, 站外交易, 平台外, "
        "best in the world, world's best, the best on the market, number one brand, #1 brand, cheapest, lowest price, "
        "100% effective, 100% safe, 100% guaranteed, absolutely guaranteed, unbeatable, lasts forever, "
        "WhatsApp me, me on WhatsApp, us on WhatsApp, my WhatsApp, me on WeChat, us on WeChat, my WeChat, "
        "me on Telegram, my Telegram, outside the platform, outside of the platform, off the platform, "
        "pay me directly, pay us directly, transfer … to my, friends and family"
    ),
    help_en="Words that no reply may hold, parted by commas; … stands for a few characters. Ordinary uses pass.",
    help_zh="回复中禁止出现的词，用逗号分隔；… 代表若干个字。日常用法（如“第一次”）不受影响。",
)
AGENT_NAME = Setting(
    name="agent.name",
    title_en="Your name",
    title_zh="您的名字",
    default="",
    help_en="Your name, as the learning log records it and replies may sign with it.",
    help_zh="您的名字，记入学习日志，并可用于回复署名。",
)
AGENT_COLLEAGUES = Setting(
    name="agent.colleagues",
    title_en="Colleagues",
    title_zh="同事",
    default="",
    help_en="Names of those who tickets can be given to beside you, parted by commas.",
    help_zh="除您之外可分配工单的同事姓名，用逗号分隔。",
)

SETTINGS: dict[str, Setting[str] | Setting[bool] | Setting[int] | Setting[float]] = {
    setting.name: setting
    for setting in (
        UI_LANGUAGE,
        UI_THEME,
        UI_FONT_SCALE,
        UI_NOTIFICATIONS,
        UI_KEYS,
        ENGINE_DEVICE,
        ENGINE_GPU_LAYERS,
        SUGGESTION_APPROVED_THRESHOLD,
        SUGGESTION_MINIMUM_RELEVANCE,
        SUGGESTION_MAX_PASSAGES,
        SUGGESTION_MINIMUM_ANSWERABLE,
        SUGGESTION_TONE,
        SUGGESTION_PREFETCH,
        SUGGESTION_PREFETCH_AHEAD,
        SUGGESTION_SIMILAR_THRESHOLD,
        SUGGESTION_REPLY_MONTHS,
        SERVICE_CHAT_FIRST,
        SERVICE_CHAT_FOLLOW_UP,
        SERVICE_EMAIL,
        SERVICE_OTHER,
        SERVICE_DAYS,
        SERVICE_OPENS,
        SERVICE_CLOSES,
        SENDING_UNDO_SECONDS,
        KNOWLEDGE_EXPIRY_DAYS,
        KNOWLEDGE_READ_HITS,
        SHOP_NAME,
        SHOP_TONE,
        SHOP_FORBIDDEN_WORDS,
        AGENT_NAME,
        AGENT_COLLEAGUES,
    )
}
"""Every setting by its name, in the order in which people see them."""

SECTIONS: dict[str, tuple[str, str]] = {
    "ui": ("Window", "界面"),
    "engine": ("Models", "模型"),
    "suggestion": ("Suggestions", "建议"),
    "sending": ("Sending", "发送"),
    "service": ("Response times", "回复时限"),
    "knowledge": ("Knowledge", "知识库"),
    "shop": ("Shop", "店铺"),
    "agent": ("You", "您"),
}
"""The title of each section, English and Chinese."""
