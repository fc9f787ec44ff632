"""The languages of an XLSForm as tags, and its texts as texts of ours.

Columns name a language freely: ``label::English (en)``, ``label::Français``,
``label:swahili(sw)``, or not at all.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.forms.xlsform_names import ESCAPED, NAMES_OF_LANGUAGES
from pipeline.i18n import LANGUAGE_TAG, Text
from pipeline.importers.building import LONGEST_TEXT, cleaned
from pipeline.intake.definitions.languages import in_chinese, in_english
from pipeline.intake.definitions.xlsform import Form, Labels

ENGLISH_NAMES: Mapping[str, str] = {
    "french": "fr", "spanish": "es", "portuguese": "pt", "arabic": "ar", "russian": "ru",
    "german": "de", "italian": "it", "japanese": "ja", "korean": "ko", "vietnamese": "vi",
    "thai": "th", "burmese": "my", "lao": "lo", "indonesian": "id", "bahasa": "id", "hindi": "hi",
    "nepali": "ne", "swahili": "sw", "tibetan": "bo", "uyghur": "ug", "mongolian": "mn",
    "kazakh": "kk", "bangla": "bn", "bengali": "bn", "urdu": "ur", "dari": "prs", "pashto": "ps",
    "farsi": "fa", "persian": "fa", "turkish": "tr", "ukrainian": "uk", "somali": "so",
    "amharic": "am", "hausa": "ha", "tagalog": "tl", "khmer": "km", "kurdish": "ku",
    "romanian": "ro", "polish": "pl", "dutch": "nl", "haitian creole": "ht", "creole": "ht",
    "tigrinya": "ti", "tigirigna": "ti", "oromo": "om", "oromiffa": "om", "kirundi": "rn",
}  # fmt: skip
_COMMON_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset("the of and is are you your what how this in to for do have".split()),
    "fr": frozenset("le la les des est vous votre quel quelle dans et une pour avez de".split()),
    "es": frozenset("el los las es usted su cuál qué en y una para tiene de cuántos".split()),
    "pt": frozenset("o os as é você seu qual que em e uma para tem de não".split()),
    "de": frozenset("der die das ist sie ihr ihre wie und ein eine für haben in zu".split()),
    "id": frozenset("yang dan di apakah anda ini untuk dari dengan adalah berapa".split()),
}
_OWN_TAG = re.compile(r"\b([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})+) \(")
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of one form.

    Attributes
    ----------
    tags : language as the form names it -> tag
    kept : the tags of the questionnaire, the one that stands for missing others first
    guessed : in whole Chinese sentences
    """

    tags: Mapping[str, str]
    kept: tuple[str, ...]
    guessed: tuple[str, ...] = ()
    _by_key: Mapping[str, str] = field(default_factory=dict)

    def text(self, labels: Labels, otherwise: str = "") -> Text:
        """Return wordings as one text.

        A missing translation reads as the first language; one that says the same as the first is
        not kept apart, for it reads so anyway.
        """
        said: dict[str, str] = {}
        for name, words in labels.items():
            tag = self.tags.get(name, "")
            if tag in self.kept and (clean := _clean(words)):
                said.setdefault(tag, clean)
        if not said:
            rest = next((c for words in labels.values() if (c := _clean(words))), otherwise)
            return Text.model_validate({self.kept[0]: rest} if rest else {"zh": ""})
        first = self.kept[0]
        basis = said.get(first) or next(said[tag] for tag in self.kept if tag in said)
        others = {tag: said[tag] for tag in self.kept[1:] if said.get(tag, basis) != basis}
        return Text.model_validate({first: basis, **others})

    def of_columns(self, columns: Mapping[str, str], column: str) -> Text:
        """Return a translated column that the reader keeps by its name: ``hint:english``."""
        found = {
            self._by_key.get(key.partition(":")[2], ""): cell
            for key, cell in columns.items()
            if key.partition(":")[0] == column
        }
        return self.text(found)

    def said(self, words: Mapping[str, str]) -> Text:
        """Return words of ours in the form's first language; English where it is another."""
        return Text.model_validate({self.kept[0]: words.get(self.kept[0], words["en"])})


def languages_of(form: Form, only: Sequence[str] = ()) -> Languages:
    """Return the languages of a form; those of `only`, if it names any."""
    lists = [choice for choices in form.lists.values() for choice in choices]
    sources: list[Labels] = [row.labels for row in form.rows]
    sources += [row.hints for row in form.rows] + [choice.labels for choice in lists]
    names = list(dict.fromkeys(name for labels in sources for name in labels)) or [""]
    guessed: list[str] = []
    tags: dict[str, str] = {}
    for name in names:
        tags[name], doubt = _tag(name or form.language) if name or form.language else ("", "")
        if not tags[name]:
            tags[name] = _spoken(labels.get(name, "") for labels in sources)
            doubt = f"文字没有写明语言，看内容当作 {tags[name]}，请核对。"
        if doubt:
            guessed.append(doubt)
    found = sorted(set(tags.values()), key=lambda tag: (tag != "zh", tag != "en", tag))
    kept = tuple(tag for tag in found if not only or tag in only)
    keys = {re.sub(r"\s*:+\s*", ":", name.lower()).replace(" ", "_"): name for name in names}
    return Languages(tags, kept or ("zh",), tuple(guessed), keys)


def _tag(name: str) -> tuple[str, str]:
    """Return the tag of a named language, and what is guessed of it."""
    if found := _OWN_TAG.search(name):
        return found[1], ""
    if in_chinese(name):
        return "zh", ""
    if in_english(name):
        return "en", ""
    if (found := re.search(r"\(\s*([A-Za-z]{2,3})\s*\)\s*$", name)) is not None:
        return found[1].lower(), ""
    bare = re.sub(r"\(.*", "", name).strip().lower()
    native = {said.lower(): tag for tag, said in NAMES_OF_LANGUAGES.items()}
    if tag := ENGLISH_NAMES.get(bare) or native.get(bare):
        return tag, ""
    if LANGUAGE_TAG.fullmatch(bare) and len(bare) == 2:
        return bare, ""
    slug = re.sub(r"[^a-z]", "", bare)[:8]
    tag = f"und-{slug}" if len(slug) >= 2 else "und"
    return tag, f"不认识的语言 {name!r}，记作 {tag}，请核对。"


def _spoken(texts: Iterable[str]) -> str:
    """Return the language that texts are in, so far as letters and common words tell."""
    joined = " ".join(texts)[:200_000]
    if len(re.findall(r"[\u4e00-\u9fff]", joined)) >= _ENOUGH:
        return "zh"
    counts = Counter(re.findall(r"[^\W\d_]+", joined.lower()))
    votes = {tag: sum(counts[word] for word in words) for tag, words in _COMMON_WORDS.items()}
    best = max(votes, key=lambda tag: votes[tag])
    return best if votes[best] >= _ENOUGH else "en"


def _clean(words: str) -> str:
    lines = (cleaned(line) for line in words[:LONGEST_TEXT].replace(ESCAPED, "${").split("\n"))
    return "\n".join(lines).strip()
