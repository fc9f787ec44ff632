import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.orders import ordered, rises

LEAST_TO_MOST = [
    ("degree", ["非常不满意", "不满意", "一般", "满意", "非常满意"]),
    ("degree", ["非常不同意", "不太同意", "说不清", "比较同意", "非常同意"]),
    ("degree", ["从不", "很少", "有时", "经常", "总是"]),
    ("degree", ["Not at all masculine", "Not very masculine", "Somewhat masculine", "Very masculine"]),
    ("degree", ["Very unimportant", "Somewhat unimportant",
                "Neither important nor unimportant (neutral)", "Somewhat important", "Very important"]),
    ("degree", ["Strongly Disagree", "Disagree", "No Opinion", "Agree", "Strongly Agree"]),
    ("degree", ["Much Worse", "Worse", "Same", "Better", "Much Better"]),
    ("degree", ["Never", "Less than once a month", "A few times a month", "A few times a week",
                "Every day"]),
    ("degree", ["Pas du tout d'accord", "Plutôt pas d'accord", "Plutôt d'accord",
                "Tout à fait d'accord"]),
    ("size", ["18-29", "30-44", "45-60", "> 60"]),
    ("size", ["30岁以下", "30-44岁", "45-59岁", "60岁及以上"]),
    ("size", ["$0 - $24,999", "$25,000 - $49,999", "$50,000 - $99,999", "$100,000 - $149,999",
              "$150,000+"]),
    ("schooling", ["小学", "初中", "高中", "大专", "本科", "硕士"]),
    ("schooling", ["Less than high school degree", "High school degree",
                   "Some college or Associate degree", "Bachelor degree", "Graduate degree"]),
    ("number", ["1. Depression", "2. Personality Disorder", "10. Other"]),
    ("pair", ["Yes", "No"]),
    ("", ["北京", "四川", "其他"]),
]  # fmt: skip


@pytest.mark.parametrize(("sense", "labels"), LEAST_TO_MOST)
def test_labels_come_out_from_least_to_most(sense: str, labels: list[str]) -> None:
    shuffled = labels[:]
    random.Random(3).shuffle(shuffled)
    found = ordered(shuffled)
    assert found.sense == sense
    assert list(found.labels) == labels


@given(st.lists(st.text(max_size=12), unique=True, max_size=8), st.randoms())
def test_the_order_of_arrival_does_not_matter(labels: list[str], chance: random.Random) -> None:
    other = labels[:]
    chance.shuffle(other)
    assert ordered(labels) == ordered(other)
    assert sorted(ordered(labels).labels) == sorted(labels)


def test_degrees_rise_or_fall_or_do_neither() -> None:
    points = ["非常不满意", "不满意", "一般", "满意", "非常满意"]
    assert rises(points) is True
    assert rises(points[::-1]) is False
    assert rises(["满意", "非常不满意", "一般"]) is None
    assert rises(["Democrat", "Republican", "Other"]) is None
    assert rises(["Agree very strongly with 1", "Agree with 1", "Agree with 2"]) is None
