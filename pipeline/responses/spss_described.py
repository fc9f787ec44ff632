"""What the commands of an SPSS syntax file say of the variables, taken over one by one.

Source: IBM SPSS Statistics Command Syntax Reference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.responses.dictionary import Dictionary, Measure, MissingRange, Variable
from pipeline.responses.spss_layout import Place, Unplaced, laid_out, listed
from pipeline.responses.spss_lists import groups, names_before_codes, names_in
from pipeline.responses.spss_tokens import Command, Token
from pipeline.responses.table import exact_text

MEASURES: Mapping[str, Measure] = {
    "NOMINAL": "nominal", "ORDINAL": "ordinal", "SCALE": "scale",
}  # fmt: skip
CHANGES = (
    "RECODE", "COMPUTE", "IF", "COUNT", "SELECT", "FILTER", "SORT", "AGGREGATE", "AUTORECODE",
    "DO", "LOOP", "SAMPLE", "ADD", "MATCH", "STRING", "DELETE", "ALTER", "VARSTOCASES",
)  # fmt: skip


@dataclass(slots=True)
class Reading:
    """What the commands have said so far."""

    variables: dict[str, Variable] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    records: int = 1
    weight: str = ""
    notes: list[str] = field(default_factory=list)
    not_done: dict[str, int] = field(default_factory=dict)

    def named(self, name: str) -> Variable:
        """Return a variable by its name in capitals or small letters; a new one if unknown."""
        if name in self.variables:
            return self.variables[name]
        same = (one for key, one in self.variables.items() if key.casefold() == name.casefold())
        return next(same, Variable(name))

    def put(self, variable: Variable) -> None:
        self.variables[variable.name] = variable

    def dictionary(self, encoding: str) -> Dictionary:
        notes = list(self.notes)
        if self.not_done:
            shown = "、".join(f"{name}（第 {line} 行）" for name, line in self.not_done.items())
            notes.append(f"语法中改动数据的命令没有执行：{shown}。数据按原样读。")
        return Dictionary(
            tuple(self.variables.values()), encoding=encoding, notes=tuple(notes),
            weight=self.weight,
        )  # fmt: skip


def take(reading: Reading, command: Command) -> None:
    """Take over what one command says."""
    if (rest := command.rest_of("DATA", "LIST")) is not None:
        places, reading.records = laid_out(rest)
        reading.places = list(places)
        for place in places:
            reading.put(Variable(place.name, kind="text" if place.is_text else "number"))
    elif (rest := command.rest_of("GET", "DATA")) is not None:
        for name, is_text in listed(rest):
            reading.put(Variable(name, kind="text" if is_text else "number"))
    elif (rest := command.rest_of("VARIABLE", "LABELS")) is not None:
        _variable_labels(reading, rest)
    elif (rest := command.rest_of("ADD", "VALUE", "LABELS")) is not None:
        _added_value_labels(reading, rest)
    elif (rest := command.rest_of("VALUE", "LABELS")) is not None:
        _value_labels(reading, rest)
    elif (rest := command.rest_of("MISSING", "VALUES")) is not None:
        _missing_values(reading, rest)
    elif (rest := command.rest_of("VARIABLE", "LEVEL")) is not None:
        _levels(reading, rest)
    elif (rest := command.rest_of("RENAME", "VARIABLES")) is not None:
        _renamed(reading, rest)
    elif (rest := command.rest_of("WEIGHT", "BY")) is not None and rest:
        reading.weight = reading.named(rest[0].said).name
    elif (name := command.tokens[0].said.upper()) in CHANGES:
        reading.not_done.setdefault(name, command.line)


def _variable_labels(reading: Reading, rest: Sequence[Token]) -> None:
    words = [token for token in rest if not token.is_sign("/")]
    for at in range(0, len(words), 2):
        name, label = words[at], words[at + 1] if at + 1 < len(words) else words[at]
        if name.kind != "word" or label.kind != "text":
            raise Unplaced(f'变量标签应为 名称 "标签"，读到 {name.said!r}。', name.line)
        reading.put(replace(reading.named(name.said), label=label.said.strip()))


def _value_labels(reading: Reading, rest: Sequence[Token]) -> None:
    """Take over labels that replace those a variable had."""
    for variable in _labelled(reading, rest):
        reading.put(variable)


def _added_value_labels(reading: Reading, rest: Sequence[Token]) -> None:
    """Take over labels that stand beside those a variable had."""
    for variable in _labelled(reading, rest):
        before = reading.named(variable.name).values
        reading.put(replace(variable, values={**before, **variable.values}))


def _labelled(reading: Reading, rest: Sequence[Token]) -> Iterator[Variable]:
    """Yield each variable with the value labels that a command gives it."""
    for group in groups(rest):
        names = list(names_in(group, list(reading.variables)))
        words = [token for token in group[names_before_codes(group) :] if not token.is_sign(",")]
        if not names or not words or len(words) % 2:
            raise Unplaced('值标签应为 变量 值 "标签" ……。', group[0].line)
        pairs = list(zip(words[::2], words[1::2], strict=True))
        for code, label in pairs:
            if label.kind != "text":
                raise Unplaced(f"值 {code.said!r} 之后应为带引号的标签。", code.line)
        quoted = all(code.kind == "text" for code, _ in pairs)
        for name in names:
            variable = reading.named(name)
            if quoted and variable.name not in reading.variables:
                variable = replace(variable, kind="text")  # only texts have codes in quotes
            made = {_code(code, variable): label.said.strip() for code, label in pairs}
            yield replace(variable, values=made)


def _missing_values(reading: Reading, rest: Sequence[Token]) -> None:
    at, names = 0, []
    while at < len(rest):
        token = rest[at]
        if not token.is_sign("("):
            if not token.is_sign("/") and not token.is_sign(","):
                names.append(token)
            at += 1
            continue
        close = next((n for n in range(at, len(rest)) if rest[n].is_sign(")")), None)
        if close is None or not names:
            raise Unplaced("缺失值应为 变量 (值, 值)。", token.line)
        for name in names_in(names, list(reading.variables)):
            variable = reading.named(name)
            ranges = tuple(_ranges(rest[at + 1 : close], variable))
            reading.put(replace(variable, missing=ranges))
        at, names = close + 1, []
    if names:
        raise Unplaced(f"变量 {names[-1].said} 之后没有 (值)。", names[-1].line)


def _ranges(tokens: Sequence[Token], variable: Variable) -> Iterator[MissingRange]:
    codes = [token for token in tokens if not token.is_sign(",")]
    at = 0
    while at < len(codes):
        low = high = _limit(codes[at], variable)
        if at + 2 < len(codes) and codes[at + 1].is_word("THRU"):
            high = _limit(codes[at + 2], variable)
            at += 2
        yield MissingRange(low, high)
        at += 1


def _limit(token: Token, variable: Variable) -> str:
    if token.kind == "word" and token.said.upper() in ("LO", "LOWEST"):
        return "-inf"
    if token.kind == "word" and token.said.upper() in ("HI", "HIGHEST"):
        return "inf"
    return _code(token, variable)


def _code(token: Token, variable: Variable) -> str:
    """Return a code as it stands in the cells: of a number without a needless point."""
    if token.kind == "text" and variable.kind == "text":
        return token.said.rstrip()
    try:
        return exact_text(float(token.said))
    except ValueError:
        if token.kind == "text":
            return token.said.rstrip()
        raise Unplaced(f"{token.said!r} 不是编码。", token.line) from None


def _levels(reading: Reading, rest: Sequence[Token]) -> None:
    for group in groups(rest):
        at = next((n for n, token in enumerate(group) if token.is_sign("(")), len(group))
        level = group[at + 1].said.upper() if at + 1 < len(group) else ""
        if level not in MEASURES:
            raise Unplaced(f"测量水平 {level!r} 不是 NOMINAL、ORDINAL、SCALE。", group[0].line)
        for name in names_in(group[:at], list(reading.variables)):
            reading.put(replace(reading.named(name), measure=MEASURES[level]))


def _renamed(reading: Reading, rest: Sequence[Token]) -> None:
    words = [token.said for token in rest if token.kind == "word"]
    pairs = list(zip(words[::2], words[1::2], strict=False))
    if sum(token.is_sign("=") for token in rest) != len(pairs):  # (a b = x y)
        half = len(words) // 2
        pairs = list(zip(words[:half], words[half:], strict=False))
    if len(words) % 2:
        raise Unplaced("RENAME VARIABLES 应为 (旧名 = 新名)。", rest[0].line)
    new = {reading.named(old).name: name for old, name in pairs}
    reading.variables = {
        new.get(name, name): replace(one, name=new.get(name, name))
        for name, one in reading.variables.items()
    }
    reading.places = [
        replace(place, name=new.get(place.name, place.name)) for place in reading.places
    ]
