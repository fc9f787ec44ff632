"""`README.md` of a new survey: what was read and guessed, what to check, what to do next."""

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.design.declared import DeclaredDesign
from pipeline.intake.design_columns import Candidate
from pipeline.intake.draft import Draft
from pipeline.intake.examined import Examined
from pipeline.responses.described import Aside

KINDS = {
    "single_choice": "单选",
    "scale": "量表",
    "multiple_choice": "多选",
    "number": "数字",
    "open_ended": "开放题",
}
ROLES = {
    "key": "编号", "submitted": "时间", "start": "时间", "end": "时间", "seconds": "用时",
    "language": "语言", "mode": "方式", "version": "版本", "weight": "权数", "strata": "层",
    "cluster": "整群", "fpc": "总体数", "contact": "联系方式（不读入）", "date": "日期",
    "empty": "全空", "constant": "只有一种内容", "metadata": "系统信息", "identifier": "编号类",
    "derived": "算出的列", "unreadable": "读不出",
}  # fmt: skip
DESIGN_KINDS = {
    "undecided": "**尚未说明**。页面按非概率样本处理，不给误差。",
    "open": "非概率样本，不给误差。",
    "probability": "概率样本，误差按所写的列计算。",
}
SHOWN_NAMES = 8
_FIGURES = re.compile(r"-?\d+(?:\.\d+)?|“[^”]*”")


def readme(examined: Examined, draft: Draft, wave: str) -> str:
    """Return the text, in Chinese, for the analyst who made the survey."""
    survey = draft.questionnaire.survey
    parts = [
        f"# {_line(draft.questionnaire.title.zh)}（{survey}，{wave}）\n",
        "由 `diaoyan new` 根据数据文件生成。**文字、题型、缺失编码请对照原问卷核对**，然后运行 "
        "`diaoyan check` 和 `dvc repro`。\n",
        "## 接着做什么\n",
        *_next(survey, wave),
        "\n## 读了什么\n",
        *_files(examined, draft),
        "\n## 抽样设计\n",
        *_design(examined, draft.source.design, survey, wave),
        "\n## 题目\n",
        *_questions(draft),
        "\n## 没有作为题目的列\n",
        *_asides(draft.asides),
    ]
    return "\n".join(part.rstrip("\n") for part in parts) + "\n"


def _files(examined: Examined, draft: Draft) -> Iterator[str]:
    table = examined.table
    for file in examined.files:
        told = [f"编码 {file.encoding}" if file.encoding else "", file.sheet, file.syntax]
        extra = "；".join(one for one in told if one)
        yield f"- `{file.name}`{f'（{extra}）' if extra else ''}"
    yield f"- {len(table.cells):,} 行，{len(table.headers)} 列"
    yield f"- 按“{examined.recognised.system.title}”读：{examined.recognised.reason}"
    if examined.definition:
        yield f"- 问卷定义：{examined.definition.system}，`{examined.definition.path.name}`"
    notes = [*(table.dictionary.notes if table.dictionary else ()), *draft.notes]
    yield from (f"- {_line(note)}" for note in dict.fromkeys(notes))


def _design(examined: Examined, design: DeclaredDesign, survey: str, wave: str) -> Iterator[str]:
    yield DESIGN_KINDS[design.kind]
    for name, columns in (
        ("权数", (design.weight,) if design.weight else ()), ("层", design.strata),
        ("整群（一级一列）", design.clusters), ("总体数", design.fpc),
    ):  # fmt: skip
        if columns:
            yield f"- {name}：{'、'.join(f'`{column}`' for column in columns)}"
    if design.kind == "undecided" and design.columns:
        yield "\n已按所写的权数加权。若确是按已知概率抽取的，`kind` 改为 `probability` 才有误差。"
    found = examined.candidates
    rows = [
        *_candidates("--weight", found.weights, design),
        *_candidates("--strata", found.strata, design),
        *_candidates("--cluster", found.clusters, design),
        *_candidates("--fpc", found.fpc, design),
    ]
    if design.kind == "probability" or not rows:
        return
    yield "\n看上去与设计有关的列如下。是不是、用哪一个，要看数据的说明书，系统不替您选：\n"
    yield "| 选项 | 列 | 理由 |"
    yield "|---|---|---|"
    yield from rows
    yield (
        f"\n确定以后，把列名写进 `data/raw/{survey}/{wave}/source.yaml` 的 `design`，并把 `kind` "
        "改为 `probability`；确知不是概率样本的，改为 `open`。"
    )


def _candidates(
    option: str, candidates: Sequence[Candidate], design: DeclaredDesign
) -> Iterator[str]:
    for one in candidates:
        if one.header not in design.columns:
            yield f"| `{option}` | `{_cell(one.header)}` | {_cell(one.why)} |"


def _questions(draft: Draft) -> Iterator[str]:
    questions = draft.questionnaire.questions
    counts = {kind: sum(q.type == kind for q in questions) for kind in KINDS}
    listed = "，".join(f"{KINDS[kind]} {n}" for kind, n in counts.items() if n)
    yield f"{len(questions)} 题：{listed}。"
    if not draft.guessed:
        yield "没有推断的内容，都是文件或定义里写明的。"
        return
    yield (
        f"\n其中 {len(draft.guessed)} 题有推断的内容，**请核对**。相同的推断合在一行；"
        "每道题各自的推断写在 `questionnaire.yaml` 里那道题的上面。\n"
    )
    yield "| 推断 | 题数 | 题目 |"
    yield "|---|--:|---|"
    for sentences, names in _folded(draft.guessed):
        shown = "、".join(f"`{name}`" for name in names[:SHOWN_NAMES])
        more = " 等" if len(names) > SHOWN_NAMES else ""
        said = sentences[0] + ("（各题的数字、文字不同）" if len(set(sentences)) > 1 else "")
        yield f"| {_cell(said)} | {len(names)} | {shown}{more} |"


def _folded(guessed: Mapping[str, Sequence[str]]) -> list[tuple[list[str], list[str]]]:
    """Return the remarks of one kind together, with their questions; rare kinds come first.

    Which code is missing and why stays apart; other remarks may differ in figures and quotations.
    """
    groups: dict[str, tuple[list[str], list[str]]] = {}
    for name, sentences in guessed.items():
        for sentence in sentences:
            shape = sentence if "字面" in sentence else _FIGURES.sub("#", sentence)
            said, names = groups.setdefault(shape, ([], []))
            said.append(sentence)
            if name not in names:
                names.append(name)
    return sorted(groups.values(), key=lambda group: len(group[1]))


def _asides(asides: Sequence[Aside]) -> Iterator[str]:
    if not asides:
        yield "没有。"
        return
    yield "| 列 | 是什么 | 说明 |"
    yield "|---|---|---|"
    for aside in asides:
        yield f"| `{_cell(aside.header)}` | {ROLES[aside.role]} | {_cell(aside.why)} |"


def _next(survey: str, wave: str) -> Iterator[str]:
    yield (
        f"1. 改 `questionnaires/{survey}/questionnaire.yaml`：标题、总体、调查方式、委托和实施"
        "单位、题目文字。页眉的标题、地区和各轮的时间在 `questionnaires/programme.yaml`。"
    )
    yield (
        "2. 缺失编码写在选项的 `missing`：`dont_know` 不知道、`refused` 拒答、`no_answer` 未答、"
        "`not_asked` 不适用；数字题写在 `missing_codes`。"
    )
    yield "3. `diaoyan check`，然后 `dvc repro`，打开 `reports/index.html`。"
    yield (
        "4. 要按某题分组比较，在那道单选题下写 `domain: true`；要判断问题，写 `measure`；开放题要"
        "归纳主题，写 `codeframe.yaml`；有总体数时填 `margins.csv`。写法都在 `docs/guide.zh.md`。"
    )
    yield (
        f"5. 下一轮的文件用 `diaoyan new {survey} --wave 新轮次 --from 文件` 加进来，"
        "列名须与这一轮相同。"
    )
    yield (
        f"6. 要重做：`diaoyan new {survey} --replace …`（冻结过的不能重做）。本轮叫 `{wave}`；"
        "另取名称用 `--wave`。"
    )


def _cell(text: str) -> str:
    """Return a text that fits into a cell of a Markdown table."""
    return _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(text.split())
