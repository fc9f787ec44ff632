"""The csv of ODK Central and of KoBo: one column per question, groups joined to the name.

Group and name are joined by ``-`` (ODK Central) or ``/`` (KoBo). A select_multiple is one column
of space-separated names, and may have 0/1 columns ``question/choice`` besides; R's ``read.csv``
turns the slash into a dot and leading underscores into ``X_``. A BOM read wrongly by R leaves
``X.U.FEFF.`` before the first name. A rank is one column of names in order, or places in columns
``question/choice``; ``question_order`` tells the random order of choices that was shown. The file
that our own web form hands back has this layout too.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.blocks import Matrix
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion, MultipleChoice, Ranking
from pipeline.responses.layouts import Layout, dispensable, ends_early

KEYS = ("KEY", "meta-instanceID", "instanceID", "meta/instanceID", "_uuid", "X_uuid")
FIELDS = {
    "submitted": ("SubmissionDate", "_submission_time", "X_submission_time"),
    "start": ("start", "X.U.FEFF.start"),
    "end": ("end",),
    "mode": ("mode",),
    "language": ("language",),
    "questionnaire_version": ("FormVersion", "__version__", "_version"),
    "site": ("site",),
    "person": ("person",),
    "screened_out": ("screened_out",),
}


def locate(source: str, headers: Sequence[str], questionnaire: Questionnaire) -> Layout:
    """Find each question and each standard field among the headers.

    Raises
    ------
    ResponseError
        Every question that has no column, or more than one, with the headers nearest to it.
    """
    key = key_of(headers)
    if key is None:
        raise ResponseError(
            f"{source}: 不像 ODK/KoBo 的导出文件，没有 {'、'.join(KEYS[:2])} 或 _uuid 列。"
            "请用系统的“导出 CSV”。(no key column of an ODK export)"
        )
    fields = {
        field: header
        for field, names in FIELDS.items()
        if (header := next((h for n in names for h in headers if n in (h, _stem(h))), None))
        and (field != "screened_out" or ends_early(questionnaire))
    }
    spare = dispensable(questionnaire)
    questions: dict[str, str] = {}
    splits: dict[str, dict[int, str]] = {}
    faults: list[Fault] = []
    for question in questionnaire.questions:
        name = question.exported_as
        found = [h for h in headers if name in (h, _stem(h))]
        if isinstance(question, MultipleChoice | Ranking):
            ticks = {
                choice.code: header
                for choice in question.choices
                if (header := _split(headers, name, choice.exported_as)) is not None
            }
            if ticks:
                splits[question.name] = ticks
        if len(found) == 1:
            questions[question.name] = found[0]
        elif len(found) > 1:
            faults.append(
                Fault(
                    f"第 1 行 (line 1), {question.name}",
                    f"有多个列叫 {name!r}：{found}。",
                    "请只留一列。(ambiguous)",
                )
            )
        elif question.name not in splits and question.name not in spare:
            faults.append(_absent(question.name, name, headers))
    if faults:
        raise ResponseError(gathered(source, faults))
    orders = dict(_orders(headers, questionnaire))
    return Layout("odk_csv", key, fields, questions, splits, orders=orders)


def key_of(headers: Sequence[str]) -> str | None:
    """Return the column that tells submissions apart, or None where there is none."""
    return next((h for name in KEYS for h in headers if name in (h, _stem(h))), None)


def _orders(headers: Sequence[str], questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """Yield each question or matrix whose order was random, with the column that tells it."""
    told = [
        (question.name, question.exported_as)
        for question in questionnaire.questions
        if isinstance(question, ChoiceQuestion) and question.order == "random"
    ]
    told += [
        (block.name, block.name)
        for block in questionnaire.blocks
        if isinstance(block, Matrix) and block.item_order == "random"
    ]
    for name, column in told:
        found = [h for h in headers if f"{column}_order" in (h, _stem(h))]
        if len(found) == 1:
            yield name, found[0]


def _stem(header: str) -> str:
    """Return a header without its groups: ``g1-hh/q05`` -> ``q05``."""
    return header.rsplit("/", 1)[-1].rsplit("-", 1)[-1]


def _split(headers: Sequence[str], question: str, choice: str) -> str | None:
    for joint in ("/", "."):
        tail = f"{question}{joint}{choice}"
        for header in headers:
            if header == tail or header.endswith((f"-{tail}", f"/{tail}")):
                return header
    return None


def _absent(question: str, column: str, headers: Sequence[str]) -> Fault:
    near = get_close_matches(column, [_stem(h) for h in headers], n=3, cutoff=0.6)
    hint = f"相近的列有 {'、'.join(near)}。" if near else ""
    return Fault(
        f"第 1 行 (line 1), {question}",
        f"找不到列 {column!r}。{hint}",
        "请检查导出的是否为这份问卷，或在题目下写明 column。(no such column; name it by `column`)",
    )
