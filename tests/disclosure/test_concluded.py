"""Words of comparison: each needs a test that concluded them and whose figures bear them."""

from dataclasses import replace

import lxml.html
import pandas as pd
import pytest

from pipeline.disclosure.concluded import borne, conclusion_faults, followed_faults, guarded
from pipeline.disclosure.public import read_public
from tests.disclosure.made import comparison, comparisons, disclosed, estimate, estimates

FALL = {"difference": -0.08, "low": -0.12, "high": -0.04, "q": 0.01, "conclusion": "lower"}
VERDICT = {"kind": "verdict", "survey": "residents", "wave": "2026-baseline", "verdict": "improved",
           "difference": -0.08, "q_fall": 0.01, "q_rise": 0.99}  # fmt: skip


@pytest.fixture
def public(tmp_path):
    row = comparison("wave", "", "2025", domain="all", **FALL) | {"id": "C-1"}
    read = read_public(
        disclosed(tmp_path, estimates=estimates(estimate(400, 120)), comparisons=comparisons(row))
    )
    return replace(read, verdicts={"V-A1-2026-001": VERDICT | {"id": "V-A1-2026-001"}})


def told(html, public, language="zh"):
    root = lxml.html.document_fromstring(f"<html><body>{html}</body></html>")
    return "\n".join(found for _, found in conclusion_faults(root, language, public))


def test_a_word_with_its_test_passes_in_both_languages(public):
    assert told('<td><span data-test="C-1">下降</span></td>', public) == ""
    assert told('<td><span data-test="C-1">fall</span></td>', public, "en") == ""
    assert told('<b data-test="V-A1-2026-001">已改善</b>', public) == ""
    assert told('<dl class="dl means"><dt>已改善</dt></dl>', public) == ""
    assert told("<p>至少相差 5 个百分点才写上升或下降。</p>", public) == ""


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<td>下降</td>", "“下降”没有注明检验"),
        ("<td><b>x</b> 已改善 </td>", "“已改善”没有注明检验"),
        ('<td><span data-fixed="locale">已改善（不足5个百分点）</span></td>', "没有注明检验"),
        ('<td data-test="C-1">上升</td>', "C-1 应作“下降”，页面是“上升”"),
        ('<td data-test="C-2">下降</td>', "没有检验 C-2"),
        ('<td data-test="V-A1-2026-001">已解决（待巩固）</td>', "应作“已改善”"),
        ('<td data-test="C-1 V-A1-2026-001">下降</td>', "V-A1-2026-001 应作“已改善”"),
    ],
)
def test_a_word_without_its_test_is_refused(public, html, found):
    assert found in told(html, public)


def test_a_test_of_a_non_probability_sample_says_no_direction(public):
    drawn = tuple(one.model_copy(update={"probability_sample": False}) for one in public.designs)
    assert "非概率样本" in told('<td data-test="C-1">下降</td>', replace(public, designs=drawn))


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        ({}, True),
        ({"q": 0.051}, False),
        ({"q": float("nan")}, False),
        ({"difference": -0.04}, False),
        ({"difference": 0.08}, False),
        ({"conclusion": "no_difference", "q": 0.9}, True),
    ],
)
def test_a_difference_is_borne_by_q_and_size(changed, holds):
    assert borne(FALL | changed) is holds


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        ({}, True),
        ({"q_fall": 0.06}, False),
        ({"q_fall": None}, False),
        ({"difference": 0.01}, False),
        ({"verdict": "worsened"}, False),
        ({"verdict": "worsened", "difference": 0.08, "q_rise": 0.01}, True),
        ({"verdict": "resolved"}, False),
        ({"verdict": "insufficient"}, True),
    ],
)
def test_a_verdict_is_borne_by_its_one_sided_test(changed, holds):
    assert borne(VERDICT | changed) is holds


def test_a_tampered_test_no_longer_bears_the_word(public):
    rows = public.comparisons.assign(q=0.2)
    assert "不支持“lower”" in told(
        '<td data-test="C-1">下降</td>', replace(public, comparisons=pd.DataFrame(rows))
    )


def test_every_verdict_must_be_on_the_page(public):
    root = lxml.html.document_fromstring("<html><body><p>x</p></body></html>")
    assert [found for _, found in followed_faults(root, public)] == [
        "缺少 V-A1-2026-001 的检验结论。(the verdict is missing)"
    ]


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        ({}, True),
        ({"difference": -0.09}, False),
        ({"comparison": "C-2"}, False),
        ({"shrunk_baseline": 0.35, "difference": 0.23}, True),
        ({"shrunk_baseline": 0.36, "difference": 0.22}, False),
    ],
)
def test_a_verdict_rests_on_the_published_change(public, changed, holds):
    rows = public.comparisons.assign(shrunk_b=0.35)
    verdict = VERDICT | {"id": "V-A1-2026-001", "comparison": "C-1"} | changed
    read = replace(public, comparisons=rows, verdicts={"V-A1-2026-001": verdict})
    page = lxml.html.document_fromstring('<p data-test="V-A1-2026-001">x</p>')
    assert ([] == [found for _, found in followed_faults(page, read)]) is holds


def test_only_whole_words_are_guarded():
    assert guarded(" 下降 ", "zh")
    assert not guarded("下降不足最小幅度的范围", "zh")
