"""Read an SPSS syntax file (.sps) that describes data: columns, labels, missing codes, sets.

Understood: DATA LIST (fixed columns), GET DATA /VARIABLES, RENAME VARIABLES, VARIABLE LABELS,
VALUE LABELS, ADD VALUE LABELS, MISSING VALUES, VARIABLE LEVEL, WEIGHT BY. What would change the
data (RECODE, COMPUTE, SELECT IF and so on) is not carried out, and a note says so.
Source: IBM SPSS Statistics Command Syntax Reference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.responses.dictionary import Dictionary, Measure, MissingRange, Variable
from pipeline.responses.label_encodings import judged
from pipeline.responses.spss_layout import Place, Unplaced, laid_out, listed
from pipeline.responses.spss_tokens import Command, Token, commands
from pipeline.responses.table import RawTable, exact_text

MEASURES: Mapping[str, Measure] = {
    "NOMINAL": "nominal", "ORDINAL": "ordinal", "SCALE": "scale",
}  # fmt: skip
CHANGES = (
    "RECODE", "COMPUTE", "IF", "COUNT", "SELECT", "FILTER", "SORT", "AGGREGATE", "AUTORECODE",
    "DO", "LOOP", "SAMPLE", "ADD", "MATCH", "STRING", "DELETE", "ALTER", "VARSTOCASES",
)  # fmt: skip
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Syntax:
    """What a syntax file says of data that lie elsewhere.

    Attributes
    ----------
    dictionary : the variables that it lists or labels, those of DATA LIST first, in its order
    places : where in a line each variable stands; () unless the data have fixed columns
    records : lines per case
    """

    path: Path
    dictionary: Dictionary
    places: tuple[Place, ...] = ()
    records: int = 1


def read_syntax(path: Path) -> Syntax:
    """Read what a .sps says of the variables.

    Raises
    ------
    ResponseError
        If it is no text, a quotation mark is not closed, a command that describes the data cannot
        be understood (every one is told), or nothing in it describes data.
    """
    content = path.read_bytes()
    text, encoding, notes = _decoded(path, content)
    reading = _Reading(notes=list(notes))
    faults: list[Fault] = []
    for command in commands(path, text):
        try:
            _take(reading, command)
        except Unplaced as fault:
            where = f"第 {fault.line or command.line} 行 (line {fault.line or command.line})"
            faults.append(Fault(where, str(fault), "请改正或删去这条命令。(not understood)"))
    if faults:
        raise ResponseError(gathered(path, faults))
    if not reading.variables:
        raise ResponseError(
            f"{path}: 没有找到描述数据的命令（DATA LIST、VARIABLE LABELS、VALUE LABELS、"
            "MISSING VALUES）。请核对是否为 SPSS 语法文件。(no command that describes data)"
        )
    return Syntax(path, reading.dictionary(encoding), tuple(reading.places), reading.records)


def with_labels_of(table: RawTable, syntax: Syntax) -> RawTable:
    """Return the table with what the syntax says of its columns; the cells stay as they are.

    SPSS takes names in capitals and small letters for the same. Where both speak of a variable,
    the syntax has the last word.
    """
    said = {one.name.casefold(): one for one in syntax.dictionary.variables}
    own = table.dictionary or Dictionary()
    known = {one.name: one for one in own.variables}
    variables, used = [], set()
    for header in table.headers:
        before = known.get(header, Variable(header))
        if (new := said.get(header.casefold())) is None:
            variables.append(before)
            continue
        used.add(header.casefold())
        variables.append(_over(before, new))
    absent = [one.name for key, one in said.items() if key not in used]
    notes = [*own.notes, *syntax.dictionary.notes]
    if absent:
        shown = "、".join(absent[:SHOWN]) + ("……" if len(absent) > SHOWN else "")
        notes.append(f"{syntax.path.name} 说到的 {len(absent)} 个变量不在数据中：{shown}。")
    made = replace(
        own, variables=tuple(variables), notes=tuple(notes),
        sets=own.sets or syntax.dictionary.sets, weight=own.weight or syntax.dictionary.weight,
    )  # fmt: skip
    return replace(table, dictionary=made)


def _over(before: Variable, new: Variable) -> Variable:
    return replace(
        before,
        label=new.label or before.label,
        values=new.values or before.values,
        missing=new.missing or before.missing,
        measure=new.measure if new.measure != "unknown" else before.measure,
    )


@dataclass(slots=True)
class _Reading:
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


def _decoded(path: Path, content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Return the text, its encoding, and a note where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig"), "UTF-8", ()
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        found = judged(content.splitlines())
    if found is None or b"\0" in content:
        raise ResponseError(
            f"{path}: 第 {line} 行的编码认不出来（不是 UTF-8、GB18030、BIG5）。请另存为 UTF-8。"
            "(unknown encoding; save it as UTF-8)"
        )
    note = f"语法文件 {path.name} 不是 UTF-8，按内容判断为 {found.name}，请核对标签。"
    return content.decode(found.codec), found.name, (note,)


def _take(reading: _Reading, command: Command) -> None:
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
        _value_labels(reading, rest, adding=True)
    elif (rest := command.rest_of("VALUE", "LABELS")) is not None:
        _value_labels(reading, rest, adding=False)
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


def _variable_labels(reading: _Reading, rest: Sequence[Token]) -> None:
    words = [token for token in rest if not token.is_sign("/")]
    for at in range(0, len(words), 2):
        name, label = words[at], words[at + 1] if at + 1 < len(words) else words[at]
        if name.kind != "word" or label.kind != "text":
            raise Unplaced(f"变量标签应为 名称 \"标签\"，读到 {name.said!r}。", name.line)
        reading.put(replace(reading.named(name.said), label=label.said.strip()))


def _value_labels(reading: _Reading, rest: Sequence[Token], *, adding: bool) -> None:
    for group in _groups(rest):
        names = list(_names(reading, group))
        words = [token for token in group[_width(group) :] if not token.is_sign(",")]
        if not names or len(words) % 2 or not words:
            raise Unplaced("值标签应为 变量 值 \"标签\" ……。", group[0].line)
        pairs = list(zip(words[::2], words[1::2], strict=True))
        for code, label in pairs:
            if label.kind != "text":
                raise Unplaced(f"值 {code.said!r} 之后应为带引号的标签。", code.line)
        for name in names:
            variable = reading.named(name)
            made = {_code(code, variable): label.said.strip() for code, label in pairs}
            kept = {**variable.values, **made} if adding else made
            quoted = all(code.kind == "text" for code, _ in pairs)
            # Codes in quotation marks belong to texts, unless DATA LIST says otherwise.
            unknown = variable.name not in reading.variables
            kind = "text" if quoted and unknown else variable.kind
            reading.put(replace(variable, values=kept, kind=kind))


def _missing_values(reading: _Reading, rest: Sequence[Token]) -> None:
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
        for name in _names(reading, names):
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


def _levels(reading: _Reading, rest: Sequence[Token]) -> None:
    for group in _groups(rest):
        at = next((n for n, token in enumerate(group) if token.is_sign("(")), len(group))
        level = group[at + 1].said.upper() if at + 1 < len(group) else ""
        if level not in MEASURES:
            raise Unplaced(f"测量水平 {level!r} 不是 NOMINAL、ORDINAL、SCALE。", group[0].line)
        for name in _names(reading, group[:at]):
            reading.put(replace(reading.named(name), measure=MEASURES[level]))


def _renamed(reading: _Reading, rest: Sequence[Token]) -> None:
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


def _groups(rest: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the parts between slashes, leaving out empty ones."""
    held: list[Token] = []
    for token in rest:
        if token.is_sign("/"):
            if held:
                yield held
            held = []
        else:
            held.append(token)
    if held:
        yield held


def _width(group: Sequence[Token]) -> int:
    """Return how many tokens at the beginning of a group are names of variables."""
    for at, token in enumerate(group):
        if token.kind == "text" or (token.kind == "word" and _is_number(token.said)):
            return at
    return len(group)


def _names(reading: _Reading, group: Sequence[Token]) -> Iterator[str]:
    """Yield the variables that a list names, with ``A TO C`` spelt out in the file's order."""
    tokens = [token for token in group[: _width(group)] if token.kind == "word"]
    order = list(reading.variables)
    at = 0
    while at < len(tokens):
        first = reading.named(tokens[at].said).name
        if at + 2 < len(tokens) and tokens[at + 1].is_word("TO"):
            last = reading.named(tokens[at + 2].said).name
            if first not in order or last not in order:
                raise Unplaced(f"不知道 {first} TO {last} 之间有哪些变量。", tokens[at].line)
            yield from order[order.index(first) : order.index(last) + 1]
            at += 3
        else:
            yield from order if tokens[at].said.upper() == "ALL" else (first,)
            at += 1


def _is_number(said: str) -> bool:
    try:
        float(said)
    except ValueError:
        return False
    return True
