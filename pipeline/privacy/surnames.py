"""Family names, titles, and what gives away a word that only looks like a name.

Names are found by title and context only (a part-of-speech tagger flags about half of all real
messages, mostly wrongly), so these lists decide what is masked as a name.
"""

COMPOUND = tuple("欧阳 司马 上官 诸葛 司徒 皇甫 尉迟 公孙 慕容 令狐 夏侯".split())

# 岩, 玉, 刀, 召 are names of the south-west.
COMMON = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧曹袁邓傅沈曾彭吕苏"
    "卢蒋蔡贾丁魏薛阎余潘杜戴夏钟汪田姜范姚谭廖邹熊陆郝孔崔邱秦侯邵孟龙雷钱汤"
    "尹黎武贺赖龚庞樊兰殷施陶翟颜倪严温芦许马季俞鲁葛韦申毛邢纪柳莫欧聂耿耶肖"
    "叶阮涂焦柴岑岳梅庄辛尤舒裘骆甄岩玉刀召"
)
"""Family names of one character that are names wherever they stand before a title."""

RARE = "方于高金常万安成明路文包康史顾段江石白乔单项牛简鲍云时易池游古车甘仇褚窦祁柯洪管费程祝齐章"
"""Family names that are everyday words too: believed at the beginning of a clause only, or with a
given name."""

NOT_AFTER = {
    "谢": "感谢多致答",
    "范": "示规模师典防",
    "余": "其多业剩",
    "武": "人",
    "施": "实措设",
    "周": "每上本下这一两四",
    "何": "任如为几",
    "钟": "分",
    "贺": "祝庆",
    "庄": "村山",
    "张": "主扩紧夸一两几",
    "许": "也允准或不",
    "马": "人",
    "召": "号",
    "曾": "不未",
    "林": "森园",
    "田": "农水",
    "温": "气保",
    "纪": "年世违",
    "严": "从",
    "陆": "大",
}
"""Family name -> characters after which it is the end of another word (感谢书记, 模范同志)."""

TITLES = tuple(
    (
        "书记 副书记 支书 主任 副主任 局长 副局长 县长 副县长 州长 副州长 市长 副市长 "
        "镇长 副镇长 乡长 副乡长 村长 部长 副部长 科长 副科长 股长 处长 副处长 所长 "
        "副所长 站长 院长 副院长 校长 副校长 主席 副主席 委员 组长 队长 经理 总经理 "
        "董事长 厂长 干事 秘书 会计 老板 同志 老师 医生 大夫 护士长 教授 警官 律师 师傅 "
        "先生 女士 小姐 大爷 大妈 大叔 大姐 大哥 阿姨 奶奶 爷爷"
    ).split()
)

NO_NAMES = tuple(
    (
        "项目 包括 车管 尤其 方面 明确 安全 高级 成立 路政 文化 常务 时任 万元 方案 何况 管理 "
        "时候 时间 白天 安置 申报 文具 谢谢 何时 何必 何处 何人 马上 许多 曾经 "
        "温和 严格 严厉 严重 余下 田里 林业 林地 梁上 周边 周围 范围 钱都 钱也 梁子 雷雨 陆续 "
        "温度 洪水 周末 周一 周二 周三 周四 周五 周六 周日"
    ).split()
)
"""Words that begin like a name and do stand before a title (项目经理)."""

NEVER_GIVEN = frozenset(
    "县市州省区镇乡村组社部委局办科股处所站院校厂党总副府会公司医业务职员工众领导"
    "的了是在有和与或及等到对把被让给向从由找请我你他她它们这那哪各每某该原前现老"
    "几两二三四五六七八九十第下不没也都还就要以因说任当叫去来问看个位些号楼层街桥"
    "站点过"
)
"""Characters that end a place, an office or a verb; no given name before a title holds one."""
