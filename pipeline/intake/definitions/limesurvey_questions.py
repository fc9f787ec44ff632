"""What a LimeSurvey structure asks, and the columns in which its exports hold it.

LimeSurvey names the column of a sub-question ``Q1[SQ001]``; its SPSS and R exports write
``Q1_SQ001``, and R makes ``Q1.SQ001.`` of the first. Answers come as codes or in full.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.intake.definitions import Defined, Definition, Extra
from pipeline.intake.definitions.languages import in_chinese, in_english
from pipeline.intake.definitions.limesurvey import Question, Structure, Sub, languages_of
from pipeline.responses.described import ItemKind, Option

SYSTEM = "LimeSurvey 问卷结构"
OTHER = "-oth-"
"""The code that exports write where the respondent chose ``other``."""
_FIXED: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "Y": (("Y", "是", "Yes"), ("N", "否", "No")),
    "G": (("F", "女", "Female"), ("M", "男", "Male")),
    "C": (("Y", "是", "Yes"), ("U", "不确定", "Uncertain"), ("N", "否", "No")),
    "E": (("I", "增加", "Increase"), ("S", "不变", "Same"), ("D", "减少", "Decrease")),
    "5": tuple((str(point), str(point), str(point)) for point in range(1, 6)),
    "A": tuple((str(point), str(point), str(point)) for point in range(1, 6)),
    "B": tuple((str(point), str(point), str(point)) for point in range(1, 11)),
}
"""Types with answers of their own: code, wording in Chinese and in English."""


def fixed_answers(letter: str) -> tuple[tuple[str, str, str], ...]:
    """Return code, Chinese and English wording of the answers that a type brings along."""
    return _FIXED.get(letter, ())


_SINGLE = "L!OIYG5"
_SCALES = "5AB"
_ARRAYS = "FHABCE"
_UNREAD = {
    "R": "排序题", "1": "双量表矩阵题", ":": "数字矩阵题", ";": "文本矩阵题", "|": "文件上传题",
    "D": "日期题", "I": "语言切换题",
}  # fmt: skip


def definition_of(path: Path, structure: Structure) -> Definition:
    """Take the questions from a structure."""
    reader = _Reader(_in_order(languages_of(structure)))
    questions = [d for one in structure.questions for d in reader.defined(one)]
    extras = tuple(e for one in structure.questions for e in _extras(one))
    lost = tuple(_lost(structure.questions))
    return Definition(path, SYSTEM, structure.title, tuple(questions), lost, extras)


def _in_order(languages: Iterator[str]) -> tuple[str, ...]:
    """Return languages with Chinese first, and otherwise as they came."""
    return tuple(sorted(dict.fromkeys(languages), key=lambda one: not in_chinese(one)))


@dataclass(frozen=True, slots=True)
class _Reader:
    languages: tuple[str, ...]

    def defined(self, question: Question) -> Iterator[Defined]:
        """Yield the questions that one question of the structure asks."""
        whole = self._whole(question)
        rows = [sub for sub in question.subs if sub.axis == 0]
        match question.type:
            case kind if kind in _SINGLE and kind != "I":
                yield replace(whole, kind="scale" if kind in _SCALES else "single_choice")
                yield from self._beside(whole, question)
            case "M" | "P":
                yield self._ticked(whole, question, rows)
                yield from self._beside(whole, question)
            case kind if kind in _ARRAYS:
                axis = 1 if kind == "H" else 0
                for row in [sub for sub in question.subs if sub.axis == axis] or rows:
                    yield self._row(whole, row, "scale" if kind in _SCALES else None)
            case "K":
                for row in rows:
                    yield replace(self._row(whole, row, "number"), options=(), wordings={})
            case "Q":
                for row in rows:
                    yield replace(self._row(whole, row, "open_ended"), options=(), wordings={})
            case "N":
                low, high = (_number(question.settings.get(key)) for key in _LIMITS)
                yield replace(whole, kind="number", minimum=low, maximum=high)
            case "S" | "T" | "U":
                yield replace(whole, kind="open_ended")
            case ":" | ";":
                yield from self._crossed(whole, question)
            case "1":
                yield from self._dual(whole, question)

    def _worded(self, texts: Mapping[str, str]) -> tuple[str, ...]:
        ordered = (texts[one] for one in (*self.languages, *texts) if one in texts)
        return tuple(dict.fromkeys(text for text in ordered if text))

    def _whole(self, question: Question) -> Defined:
        texts = self._worded(question.texts) or (question.code,)
        options, wordings = self._options(question, 0)
        return Defined(
            question.code, texts[0], None, options, english=_english(question.texts, texts[0]),
            wordings=wordings, texts=texts[1:], path=(question.group,) if question.group else (),
        )  # fmt: skip

    def _options(
        self, question: Question, axis: int
    ) -> tuple[tuple[Option, ...], dict[str, tuple[str, ...]]]:
        """Return the answers of a question with their wordings."""
        if fixed := _FIXED.get(question.type):
            chinese = any(in_chinese(one) for one in self.languages)
            options = tuple(Option(c, zh if chinese else en) for c, zh, en in fixed)
            return options, {code: (zh, en) for code, zh, en in fixed}
        listed = [one for one in question.answers if one.axis == axis]
        words = {one.code: self._worded(one.texts) or (one.code,) for one in listed}
        options = tuple(Option(one.code, words[one.code][0]) for one in listed)
        if question.settings.get("other") == "Y" and question.type in "L!":
            said = question.settings.get("other_replace_text") or "其他"
            options = (*options, Option(OTHER, said))
            words[OTHER] = (said, "Other", "其他", "其它")
        return options, words

    def _ticked(self, whole: Defined, question: Question, rows: Sequence[Sub]) -> Defined:
        words = {row.code: self._worded(row.texts) or (row.code,) for row in rows}
        options = tuple(
            Option(row.code, words[row.code][0], exclusive=row.code in _excluding(question))
            for row in rows
        )
        ticks = tuple(
            {row.code: name.format(whole.name, row.code) for row in rows} for name in _NAMES
        )
        return replace(whole, kind="multiple_choice", options=options, wordings=words, ticks=ticks)

    def _row(self, whole: Defined, row: Sub, kind: ItemKind | None) -> Defined:
        texts = self._worded(row.texts) or (row.code,)
        names = [name.format(whole.name, row.code) for name in _NAMES]
        return replace(
            whole, name=names[0], columns=tuple(names[1:]), text=texts[0], kind=kind,
            group=whole.name, group_text=whole.text, english=_english(row.texts, texts[0]),
            texts=texts[1:],
        )  # fmt: skip

    def _beside(self, whole: Defined, question: Question) -> Iterator[Defined]:
        """Yield the texts typed beside the answers: other, and comments."""
        typed = [("other", "其他：填写的文字")] if question.settings.get("other") == "Y" else []
        if question.type == "O":
            typed.append(("comment", "备注"))
        if question.type == "P":
            typed += [
                (f"{sub.code}comment", f"{(self._worded(sub.texts) or (sub.code,))[0]}：备注")
                for sub in question.subs
            ]
        for code, what in typed:
            names = [name.format(question.code, code) for name in _NAMES]
            yield Defined(
                names[0], f"{whole.text}（{what}）", "open_ended", columns=tuple(names[1:]),
                path=whole.path, beside=True,
            )  # fmt: skip

    def _crossed(self, whole: Defined, question: Question) -> Iterator[Defined]:
        """Yield one question per cell of a matrix of numbers or texts."""
        kind: ItemKind = "number" if question.type == ":" else "open_ended"
        columns = [sub for sub in question.subs if sub.axis == 1]
        for row in (sub for sub in question.subs if sub.axis == 0):
            for column in columns:
                crossed = Sub(f"{row.code}_{column.code}", texts=dict(row.texts))
                beside = (self._worded(column.texts) or (column.code,))[0]
                one = self._row(whole, crossed, kind)
                yield replace(one, text=f"{one.text}：{beside}", english="", texts=())

    def _dual(self, whole: Defined, question: Question) -> Iterator[Defined]:
        """Yield two questions per row, one for each scale."""
        for row in (sub for sub in question.subs if sub.axis == 0):
            for axis in (0, 1):
                options, wordings = self._options(question, axis)
                one = self._row(whole, row, None)
                code = f"{row.code}_{axis + 1}"
                names = (f"{question.code}[{row.code}][{axis + 1}]",
                         *(name.format(question.code, code) for name in _NAMES),
                         f"{question.code}_{row.code}#{axis}")  # fmt: skip
                yield replace(
                    one, name=names[0], columns=names[1:], options=options, wordings=wordings,
                    text=f"{one.text}（第 {axis + 1} 个量表）", english="", texts=(),
                )  # fmt: skip


_NAMES = ("{}[{}]", "{}_{}", "{}.{}.")
"""How exports name the column of a sub-question."""
_LIMITS = ("min_num_value_n", "max_num_value_n")


def _english(texts: Mapping[str, str], text: str) -> str:
    if not any(in_chinese(one) for one in texts):
        return ""
    found = next((texts[one] for one in texts if in_english(one)), "")
    return found if found != text else ""


def _excluding(question: Question) -> set[str]:
    return set(re.split(r"[;,\s]+", question.settings.get("exclude_all_others", ""))) - {""}


def _number(written: str | None) -> float | None:
    return float(written) if written and re.fullmatch(r"-?\d+(\.\d+)?", written) else None


def _extras(question: Question) -> Iterator[Extra]:
    match question.type:
        case "X":
            yield Extra((question.code,), "metadata", "说明文字，不是题目。")
        case "*":
            yield Extra((question.code,), "derived", "由问卷里的公式算出。")
        case "D":
            yield Extra((question.code,), "date", "日期题。")
        case "I":
            yield Extra((question.code,), "language", "受访者所选的语言。")
        case "|":
            for name in (question.code, f"{question.code}[filecount]"):
                yield Extra(
                    (name, name.replace("[", "_").rstrip("]")), "unreadable", "上传的文件。"
                )


def _lost(questions: Sequence[Question]) -> Iterator[str]:
    routed = [q.code for q in questions if q.settings.get("relevance", "1") not in ("", "1")]
    if routed:
        yield (
            f"{len(routed)} 道题有显示条件（relevance），没有带过来："
            "谁该答、谁不该答需要在问卷里另写。"
        )
    if required := [q for q in questions if q.settings.get("mandatory") in ("Y", "S")]:
        yield f"{len(required)} 道题标为必答（mandatory），没有带过来。"
    if checked := [q for q in questions if q.settings.get("em_validation_q")]:
        yield f"{len(checked)} 道题有自定的核对公式，没有带过来。"
    if computed := [q for q in questions if q.type == "*"]:
        yield f"{len(computed)} 道题由公式算出，不当作题目。"
    if filtered := [q for q in questions if q.settings.get("array_filter")]:
        yield f"{len(filtered)} 道题的行随前面的答案变化（array_filter），这里列出了全部。"
    if ranked := [q.code for q in questions if q.type == "R"]:
        yield f"{len(ranked)} 道排序题（{'、'.join(ranked)}）没有对应的题型，由答案推断。"
    known = {*_SINGLE, *_ARRAYS, *_UNREAD, *"MPKQNSTUX*"}
    if strange := sorted({q.type for q in questions} - known):
        yield f"不认识的题型：{'、'.join(strange)}；它们的列由答案推断。"
