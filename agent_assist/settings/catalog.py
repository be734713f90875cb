"""All settings of the program."""

from agent_assist.settings.records import Setting

UI_LANGUAGE = Setting(
    name="ui.language",
    default="system",
    choices=("system", "zh", "en"),
    help_en="Language of the window. system: as the desktop has it.",
    help_zh="界面语言。system：跟随系统。",
)
UI_THEME = Setting(
    name="ui.theme",
    default="system",
    choices=("system", "light", "dark"),
    help_en="Colours of the window. system: as the desktop has it.",
    help_zh="界面配色。system：跟随系统。",
)
UI_FONT_SCALE = Setting(
    name="ui.font_scale",
    default=1.0,
    minimum=0.8,
    maximum=2.0,
    help_en="Size of all text; 1 is the desktop's own.",
    help_zh="文字大小，1 为系统默认大小。",
)
ENGINE_DEVICE = Setting(
    name="engine.device",
    default="auto",
    choices=("auto", "cpu", "cuda"),
    help_en="Where the models run. auto: on the graphics card if there is a fitting one.",
    help_zh="模型运行的设备。auto：有合适的显卡则使用显卡。",
)
ENGINE_GPU_LAYERS = Setting(
    name="engine.gpu_layers",
    default=-1,
    minimum=-1,
    maximum=999,
    help_en="Layers of the reply model on the graphics card; -1: as many as fit, 0: none.",
    help_zh="回复模型放在显卡上的层数；-1：尽量多，0：不使用。",
)
SUGGESTION_APPROVED_THRESHOLD = Setting(
    name="suggestion.approved_threshold",
    default=0.91,
    minimum=0.0,
    maximum=1.0,
    help_en="How well a reviewed reply must match the question to be suggested word for word.",
    help_zh="审核过的回复与问题的匹配度达到此值时，原文推荐。",
)
SUGGESTION_MINIMUM_RELEVANCE = Setting(
    name="suggestion.minimum_relevance",
    default=0.3,
    minimum=0.0,
    maximum=1.0,
    help_en="How relevant a passage must be for a draft to rest on it.",
    help_zh="知识段落的相关度达到此值时，才会用来起草回复。",
)
SUGGESTION_MAX_PASSAGES = Setting(
    name="suggestion.max_passages",
    default=4,
    minimum=1,
    maximum=10,
    help_en="How many passages a draft may rest on.",
    help_zh="起草回复时最多使用的知识段落数。",
)
SUGGESTION_PREFETCH = Setting(
    name="suggestion.prefetch",
    default=True,
    help_en="Read waiting tickets and prepare replies before they are opened.",
    help_zh="在打开工单之前，提前阅读等待中的工单并准备回复。",
)
SUGGESTION_PREFETCH_AHEAD = Setting(
    name="suggestion.prefetch_ahead",
    default=50,
    minimum=1,
    maximum=500,
    help_en="How many waiting tickets are prepared ahead of you, those with the least time left first.",
    help_zh="提前准备多少张等待中的工单，剩余时间最少的优先。",
)
SUGGESTION_MINIMUM_ANSWERABLE = Setting(
    name="suggestion.minimum_answerable",
    default=0.5,
    minimum=0.0,
    maximum=1.0,
    help_en="How likely the sources must answer the customer for a draft; below, a question back is offered.",
    help_zh="资料能回答顾客的把握达到此值时才起草回复；低于此值时，改为建议向顾客提问。",
)
SERVICE_CHAT_FIRST = Setting(
    name="service.chat_first_seconds",
    default=30,
    minimum=5,
    maximum=86_400,
    help_en="Seconds within which a new chat is to be answered.",
    help_zh="新聊天应在多少秒内首次回复。",
)
SERVICE_CHAT_FOLLOW_UP = Setting(
    name="service.chat_follow_up_seconds",
    default=180,
    minimum=5,
    maximum=86_400,
    help_en="Seconds within which each later message of a chat is to be answered.",
    help_zh="聊天中的后续消息应在多少秒内回复。",
)
SERVICE_EMAIL = Setting(
    name="service.email_hours",
    default=24,
    minimum=1,
    maximum=720,
    help_en="Working hours within which a mail is to be answered.",
    help_zh="邮件应在多少个工作小时内回复。",
)
SERVICE_OTHER = Setting(
    name="service.other_hours",
    default=24,
    minimum=1,
    maximum=720,
    help_en="Working hours within which a ticket of any other kind is to be answered.",
    help_zh="其他渠道的工单应在多少个工作小时内回复。",
)
SERVICE_DAYS = Setting(
    name="service.days",
    default="every_day",
    choices=("every_day", "monday_to_saturday", "monday_to_friday"),
    help_en="Days on which customers are answered.",
    help_zh="提供客服的日子：every_day 每天，monday_to_saturday 周一至周六，monday_to_friday 周一至周五。",
)
_TIME = r"([01]\d|2[0-3]):[0-5]\d|24:00"
SERVICE_OPENS = Setting(
    name="service.opens",
    default="00:00",
    pattern=_TIME,
    help_en="When customers are answered from, on this machine's clock.",
    help_zh="每天几点开始提供客服（按本机时间）。",
)
SERVICE_CLOSES = Setting(
    name="service.closes",
    default="24:00",
    pattern=_TIME,
    help_en="When customers are answered until; a time before the opening is on the next day.",
    help_zh="每天几点结束客服；早于开始时间则为次日。",
)
SUGGESTION_TONE = Setting(
    name="suggestion.tone",
    default="plain",
    choices=("plain", "warm", "formal", "short", "shop"),
    help_en="Tone that replies are drafted in. shop: as shop.tone says.",
    help_zh="起草回复的语气：plain 平实，warm 亲切，formal 正式，short 简短；shop：按 shop.tone。",
)
SENDING_UNDO_SECONDS = Setting(
    name="sending.undo_seconds",
    default=5,
    minimum=0,
    maximum=60,
    help_en="Seconds for which a reply sent in the window is held back and can be taken back; 0 sends at once.",
    help_zh="在窗口中发送回复后，保留多少秒可以撤回，之后才发出；0 表示立即发出。",
)
KNOWLEDGE_EXPIRY_DAYS = Setting(
    name="knowledge.expiry_days",
    default=14,
    minimum=1,
    maximum=365,
    help_en="How many days ahead articles are listed whose time is about to be over.",
    help_zh="提前多少天提醒即将到期的知识条目。",
)
SUGGESTION_SIMILAR_THRESHOLD = Setting(
    name="suggestion.similar_threshold",
    default=0.5,
    minimum=0.0,
    maximum=1.0,
    help_en="How like a solved ticket must be to be shown beside the open one.",
    help_zh="已解决的工单与当前工单的相似度达到此值时才会显示。",
)
SUGGESTION_REPLY_MONTHS = Setting(
    name="suggestion.reply_months",
    default=12,
    minimum=1,
    maximum=120,
    help_en="Months after which a reply that was sent counts as out of date.",
    help_zh="已发送的回复超过多少个月视为过时。",
)
SHOP_NAME = Setting(
    name="shop.name",
    default="",
    help_en="Name of the shop, as replies give it.",
    help_zh="店铺名称，用于回复中。",
)
SHOP_TONE = Setting(
    name="shop.tone",
    default="friendly",
    choices=("friendly", "formal", "concise"),
    help_en="Tone of the shop: that of drafts where suggestion.tone is shop.",
    help_zh="店铺的语气：friendly 亲切，formal 正式，concise 简洁；suggestion.tone 为 shop 时按此起草。",
)
SHOP_FORBIDDEN_WORDS = Setting(
    name="shop.forbidden_words",
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
    default="",
    help_en="Your name, as the learning log records it and replies may sign with it.",
    help_zh="您的名字，记入学习日志，并可用于回复署名。",
)
AGENT_COLLEAGUES = Setting(
    name="agent.colleagues",
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
        SHOP_NAME,
        SHOP_TONE,
        SHOP_FORBIDDEN_WORDS,
        AGENT_NAME,
        AGENT_COLLEAGUES,
    )
}
"""Every setting by its name, in the order in which people see them."""
