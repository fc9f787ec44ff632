"""Disclosed rows of two fictitious surveys, `branches` and `offices`, in two waves each."""

SURVEY, OFFICES = "branches", "offices"
WAVE, EARLIER = "2026-first", "2025-second"
LEVELS = {
    "county": ("jia", "yi", "bing"),
    "setting": ("rural", "community", "hospital"),
    "sex": ("1", "2"),
}
FIRST, SECOND = "E-q01all", "E-q03all"
NONE = float("nan")
NUMBERS = ("value_a", "value_b", "n_a", "n_b", "difference", "low", "high", "p", "q",
           "family_size", "effect", "standard_error", "degrees_of_freedom")  # fmt: skip


def estimate(name: str, question: str, code: str, value: float, n: int, domain: str = "all",
             level: str = "all", half: float = 0.04, **others: object) -> dict[str, object]:  # fmt: skip
    row: dict[str, object] = {
        "id": f"E-{name}", "survey": SURVEY, "wave": WAVE, "question": question, "code": code,
        "base": "valid", "domain": domain, "domain_value": level, "estimand": "proportion",
        "value": value, "standard_error": half / 2, "low": value - half, "high": value + half,
        "level": 0.95, "interval_method": "beta", "degrees_of_freedom": 41.0, "n": n,
        "effective_n": n / 1.3, "design_effect": 1.3, "presentable": True, "why_not": "",
    }  # fmt: skip
    return row | others


def estimates() -> list[dict[str, object]]:
    """The latest wave of `branches`."""
    rows = [
        estimate("q01all", "q01", "1+2", 0.3137, 812),
        estimate("q03all", "q03", "1", 0.4412, 798),
        estimate("q03no", "q03", "2", 0.5588, 798),
        estimate("q04", "q04", "", 3.4567, 805, estimand="mean", half=0.3),
        estimate("sex1", "sex", "1", 0.4871, 810),
        estimate("sex2", "sex", "2", 0.5129, 810),
    ]
    shares = {"1": 0.1012, "2": 0.2125, "3": 0.3201, "4": 0.2544, "5": 0.1118}
    rows += [estimate(f"q01_{c}", "q01", c, share, 812) for c, share in shares.items()]
    for d, (domain, levels) in enumerate(LEVELS.items()):
        for i, level in enumerate(levels):
            small = level == "hospital"
            n, half = (20, 0.2) if small else (255 - 40 * i, 0.06 + 0.01 * i)
            why = {"presentable": not small, "why_not": "n_below_30" if small else ""}
            shift = 0.04 * i - 0.02 * d
            for question, code, value in (("q01", "1+2", 0.30), ("q03", "1", 0.44)):
                key = f"{question}_{domain}_{level}"
                rows.append(
                    estimate(key, question, code, value + shift, n, domain, level, half, **why)
                )
            for code, share in shares.items():
                key = f"q01_{code}_{domain}_{level}"
                rows.append(estimate(key, "q01", code, share, n, domain, level, 0.03, **why))
    return rows


def estimates_elsewhere() -> list[dict[str, object]]:
    """The earlier wave of `branches`, and both waves of `offices`."""
    rows = [
        estimate("q01all-b", "q01", "1+2", 0.3912, 790, wave=EARLIER),
        estimate("q03all-b", "q03", "1", 0.4290, 771, wave=EARLIER),
        estimate("q01jia-b", "q01", "1+2", 0.3820, 240, "county", "jia", 0.06, wave=EARLIER),
        estimate("q01bing-b", "q01", "1+2", 0.2900, 205, "county", "bing", 0.07, wave=EARLIER),
    ]
    for wave, mark, shift in ((WAVE, "", 0.0), (EARLIER, "-b", 0.06)):
        of = {"survey": OFFICES, "wave": wave}
        rows += [
            estimate(f"s01all{mark}", "s01", "1", 0.2764 + shift, 281, half=0.055, **of),
            estimate(f"s01no{mark}", "s01", "2", 0.7236 - shift, 281, half=0.055, **of),
            estimate(f"s02all{mark}", "s02", "1", 0.5219 + shift, 276, half=0.06, **of),
        ]
    return rows


def comparison(name: str, kind: str, question: str, domain: str, a: str, b: str, conclusion: str,
               **numbers: object) -> dict[str, object]:  # fmt: skip
    row: dict[str, object] = {
        "id": f"C-{name}", "kind": kind, "survey": SURVEY, "wave": WAVE, "question": question,
        "code": "1+2" if question == "q01" else "1", "domain": domain, "a": a, "b": b,
        "value_a": 0.34, "value_b": 0.28, "n_a": 255, "n_b": 560, "difference": 0.06,
        "standard_error": 0.02, "low": 0.02, "high": 0.1, "degrees_of_freedom": 41.0,
        "p": 0.004, "q": 0.012, "family": f"{SURVEY}:{domain}", "family_size": 12, "effect": 0.13,
        "conclusion": conclusion, "shrunk_b": NONE, "shrunk_error": NONE, "why_not": "",
    }  # fmt: skip
    return row | numbers


def comparisons() -> list[dict[str, object]]:
    """Of the latest waves: groups, standards, and the wave before."""
    none = dict.fromkeys(NUMBERS, NONE)
    offices = {"survey": OFFICES}
    return [
        comparison("q01std", "standard", "q01", "all", "all", "standard", "higher",
                   value_a=0.3137, value_b=0.2, n_a=812, n_b=NONE, difference=0.1137, low=0.07,
                   high=0.15, q=0.0002),
        comparison("q01jia", "group", "q01", "county", "jia", "rest", "no_difference", q=0.41,
                   difference=-0.02, low=-0.06, high=0.02),
        comparison("q01yi", "group", "q01", "county", "yi", "rest", "higher"),
        comparison("q03sex", "group", "q03", "sex", "1", "2", "no_difference", q=0.6),
        comparison("s01std", "standard", "s01", "all", "all", "standard", "no_difference",
                   value_a=0.2764, value_b=0.25, n_a=281, n_b=NONE, difference=0.0264, low=-0.03,
                   high=0.08, q=0.31, **offices),
        comparison("q01was", "wave", "q01", "all", "", EARLIER, "lower", value_a=0.3137,
                   value_b=0.3912, n_a=812, n_b=790, difference=-0.0775, low=-0.12, high=-0.04,
                   q=0.0021),
        comparison("q03was", "wave", "q03", "all", "", EARLIER, "no_difference", value_a=0.4412,
                   value_b=0.4290, n_a=798, n_b=771, difference=0.0122, low=-0.03, high=0.06,
                   q=0.55),
        comparison("q01wasjia", "wave", "q01", "county", "jia", EARLIER, "no_difference",
                   value_a=0.30, value_b=0.382, n_a=255, n_b=240, difference=-0.082, low=-0.17,
                   high=0.01, q=0.12, shrunk_b=0.351, shrunk_error=0.038),
        comparison("q01wasbing", "wave", "q01", "county", "bing", EARLIER, "higher",
                   value_a=0.38, value_b=0.29, n_a=175, n_b=205, difference=0.09, low=0.01,
                   high=0.17, q=0.03, shrunk_b=0.305, shrunk_error=0.03),
        comparison("s01was", "wave", "s01", "all", "", EARLIER, "not_comparable", **none,
                   **offices, why_not="wording"),
        comparison("s02was", "wave", "s02", "all", "", EARLIER, "not_comparable", **none,
                   **offices, why_not="absent"),
    ]  # fmt: skip


def themes() -> list[dict[str, object]]:
    common = {
        "survey": SURVEY, "wave": WAVE, "question": "q06", "n": 320, "standard_error": 0.02,
        "keywords": "道路 水", "domain": "all", "domain_value": "all", "keyness": NONE,
        "p": NONE, "q": NONE, "presentable": True, "why_not": "", "problem": "",
    }  # fmt: skip
    rows = [
        common | {"id": f"T-{code}", "kind": "theme", "theme": code, "name_zh": zh, "name_en": en,
                  "share": share, "low": share - 0.05, "high": share + 0.05, "problem": problem}
        for code, zh, en, share, problem in [
            ("roads", "道路和用水", "roads and water", 0.36, "A1.1"),
            ("forms", "少填表", "fewer forms", 0.21, "A1.4"),
            ("care", "老人照料", "care", 0.12, ""), ("cinema", "放电影", "films", 0.003, ""),
        ]
    ]  # fmt: skip
    word = {
        "id": "T-word", "kind": "keyword", "theme": "水渠", "name_zh": "水渠", "name_en": "",
        "domain": "setting", "domain_value": "rural", "n": 150, "share": 0.2, "low": 0.14,
        "high": 0.27, "keyness": 18.42, "p": 0.0001, "q": 0.001,
    }  # fmt: skip
    return [*rows, common | word]


def interviews() -> list[dict[str, object]]:
    rows = [("I-for", "count", "supports", 7, 3, ""), ("I-con", "count", "contradicts", 2, 2, ""),
            ("I-quote", "quote", "supports", 1, 1, "一个表要填三遍。")]  # fmt: skip
    return [
        {"id": name, "kind": kind, "theme": "forms", "problem": "A1.1", "stance": stance,
         "role": "", "interviews": many, "sites": sites, "quote_zh": quote, "quote_en": "",
         "direct": True, "value": NONE, "n": NONE, "used": NONE}
        for name, kind, stance, many, sites, quote in rows
    ] + [
        {"id": f"I-{kind}", "kind": kind, "theme": theme, "problem": problem, "stance": "",
         "role": "", "interviews": NONE, "sites": NONE, "quote_zh": "", "quote_en": "",
         "direct": False, "value": value, "n": n, "used": used}
        for kind, theme, problem, value, n, used in [
            ("alpha", "forms", "A1.1", 0.8149, 42.0, 11.0), ("alpha_themes", "", "", 0.774, 210.0, 60.0),
            ("rule_recall", "", "", 0.861, 55.0, 47.0), ("coded", "", "", NONE, 96.0, 42.0),
            ("open", "", "", NONE, 42.0, 5.0),
        ]
    ]  # fmt: skip


QUALITY = [
    ("response", "sampled", 1180, "count"), ("response", "responded", 842, "count"),
    ("response", "RR1", 0.7136, "rate"), ("dispositions", "1.1", 842, "count"),
    ("dispositions", "2.11", 121, "count"), ("intake", "delivered", 842, "count"),
    ("intake", "kept", 812, "count"), ("intake", "quarantined", 30, "count"),
    ("quarantine", "duplicate_person", 18, "count"), ("flags", "straight_lining", 41, "count"),
    ("item_nonresponse", "q01", 0.021, "rate"), ("weights", "design_effect", 1.31, "factor"),
    ("weights", "effective_n", 619.8, "count"), ("reliability", "meetings", 0.8123, "factor"),
]  # fmt: skip
QUALITY_ELSEWHERE = {
    (SURVEY, EARLIER): [
        ("response", "sampled", 1150, "count"), ("response", "RR1", 0.6871, "rate"),
        ("intake", "delivered", 815, "count"), ("intake", "kept", 790, "count"),
        ("intake", "quarantined", 25, "count"), ("quarantine", "duplicate_person", 12, "count"),
        ("quarantine", "out_of_range", 4, "count"), ("weights", "design_effect", 1.27, "factor"),
    ],
    (OFFICES, WAVE): [
        ("response", "sampled", 395, "count"), ("response", "RR1", 0.7215, "rate"),
        ("intake", "delivered", 285, "count"), ("intake", "kept", 281, "count"),
    ],
    (OFFICES, EARLIER): [
        ("response", "sampled", 395, "count"), ("response", "RR1", 0.7013, "rate"),
        ("intake", "delivered", 277, "count"), ("intake", "kept", 276, "count"),
    ],
}  # fmt: skip


def quality() -> list[dict[str, object]]:
    def of(survey: str, wave: str, rows: list[tuple[str, str, float, str]], mark: str) -> object:
        return [
            {"id": f"Q-{group}-{item}{mark}", "survey": survey, "wave": wave, "group": group,
             "item": item, "value": float(value), "kind": kind}
            for group, item, value, kind in rows
        ]  # fmt: skip

    made = [*of(SURVEY, WAVE, QUALITY, "")]
    for (survey, wave), rows in QUALITY_ELSEWHERE.items():
        made += of(survey, wave, rows, f"-{survey}-{wave}")
    return made


def designs(probability: bool = True) -> list[dict[str, object]]:
    return [
        {"survey": survey, "wave": wave, "probability_sample": probability, "strata": 9,
         "psus": 50, "weighted": True, "raked_variables": ["county", "sex"],
         "lonely_psu": "adjust", "level": 0.95}
        for survey in (SURVEY, OFFICES) for wave in (WAVE, EARLIER)
    ]  # fmt: skip


LOG = {
    "rules": {},
    "tables": [
        {"survey": SURVEY, "wave": WAVE, "table": "estimates", "published": 40,
         "withheld": {"small_group": 14}},
        {"survey": SURVEY, "wave": EARLIER, "table": "estimates", "published": 40,
         "withheld": {"small_group": 17}},
    ],
    "attack": {"groups": 12, "recoverable": 0},
}  # fmt: skip
