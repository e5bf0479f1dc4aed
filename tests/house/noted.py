"""Every deed that the audit can be told of, read off the source.

A deed is what ``audit.note`` is given as ``what``. The word is followed to where it is
written: through names, parameters and their callers, fields and those who fill them,
down to strings and to the values of enums. One that leads nowhere stops the test that
asks: it has to be written so that it can be read.
"""

import ast
import importlib
import inspect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache
from itertools import combinations, product
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, get_args

from models.base import audit

HOUSE = Path(__file__).parents[2]

Code = ast.FunctionDef | ast.AsyncFunctionDef


class Written(NamedTuple):
    """An expression, and the function it stands in."""

    expression: ast.expr
    code: Code
    module: ModuleType

    def beside(self, expression: ast.expr) -> "Written":
        """Return another expression of the same function."""
        return self._replace(expression=expression)

    def means(self) -> Any:
        """Return what a name or a dotted name stands for in the module, or None."""
        match self.expression:
            case ast.Name(name):
                return getattr(self.module, name, None)
            case ast.Attribute(inner, name):
                return getattr(self.beside(inner).means(), name, None)
        return None


def deeds() -> set[str]:
    """Return every deed that any verb notes down."""
    notes = _calls()[audit.note]
    return set().union(*(_words(call.beside(_given(call, "what"))) for call in notes))


@cache
def _calls() -> dict[Any, list[Written]]:
    """Return every call of something of ours, by what is called."""
    found: dict[Any, list[Written]] = defaultdict(list)
    for path in sorted((HOUSE / "models").rglob("*.py")):
        name = ".".join(path.relative_to(HOUSE).with_suffix("").parts)
        module = importlib.import_module(name.removesuffix(".__init__"))
        for code in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(code, Code):
                for call in _called_in(code):
                    called = Written(call.func, code, module).means()
                    if callable(called):
                        found[inspect.unwrap(called)].append(
                            Written(call, code, module)
                        )
    return found


def _called_in(code: Code) -> Iterator[ast.Call]:
    return (node for node in ast.walk(code) if isinstance(node, ast.Call))


def _words(written: Written) -> set[str]:
    """Return all that an expression may say."""
    match written.expression:
        case ast.Constant(str(word)):
            words = {word}
        case ast.IfExp(_, one, other):
            words = _words(written.beside(one)) | _words(written.beside(other))
        case ast.FormattedValue(inner):
            words = _words(written.beside(inner))
        case ast.JoinedStr(parts):
            words = _side_by_side(written, parts)
        case ast.BinOp(left, ast.Add(), right):
            words = _side_by_side(written, (left, right))
        case ast.Call(ast.Attribute(ast.Constant(str(comma)), "join"), [many]):
            words = _joined(comma, _type_of(_innermost(written.beside(many))))
        case ast.Attribute():
            words = _of_an_attribute(written)
        case _:
            words = _followed(written)
    return words


def _side_by_side(written: Written, parts: Iterable[ast.expr]) -> set[str]:
    each = (_words(written.beside(part)) for part in parts)
    return {"".join(words) for words in product(*each)}


def _innermost(written: Written) -> Written:
    """Return what is sorted, or made a set of."""
    while isinstance(written.expression, ast.Call):
        written = written.beside(written.expression.args[0])
    return written


def _joined(comma: str, many: Any) -> set[str]:
    words = sorted(_values(*get_args(many)))
    sizes = range(1, len(words) + 1)
    return {comma.join(some) for size in sizes for some in combinations(words, size)}


def _of_an_attribute(written: Written) -> set[str]:
    """Return an enum's value, or what the field of something made here is given."""
    member = written.means()
    if isinstance(member, Enum):
        return {str(member.value)}
    assert isinstance(written.expression, ast.Attribute)
    owner, field = written.beside(written.expression.value), written.expression.attr
    kind = _type_of(owner)
    if _is_enum(_field(kind, field)):
        return _values(_field(kind, field))
    made = [each for each in _origins(owner) if _makes(each) is kind]
    assert made, _lost(written)
    return set().union(*(_words(each.beside(_given(each, field))) for each in made))


def _makes(written: Written) -> Any:
    """Return what is called, such as a class."""
    if isinstance(written.expression, ast.Call):
        return written.beside(written.expression.func).means()
    return None


def _followed(written: Written) -> set[str]:
    origins = _origins(written)
    if origins == [written]:
        return _values(_type_of(written))
    return set().union(*map(_words, origins))


def _origins(written: Written) -> list[Written]:
    """Follow a name to what it is given: in its function, or by whoever calls that."""
    if not isinstance(written.expression, ast.Name):
        return [written]
    name = written.expression.id
    for node in ast.walk(written.code):
        match node:
            case ast.Assign([ast.Name(target)], value) if target == name:
                return _origins(written.beside(value))
    if name not in _parameters(written.code):
        return [written]
    code = inspect.unwrap(getattr(written.module, written.code.name))
    calls = _calls()[code]
    given = [call.beside(_given(call, name, code)) for call in calls]
    return [origin for each in given for origin in _origins(each)]


def _parameters(code: Code) -> list[str]:
    return [each.arg for each in (*code.args.args, *code.args.kwonlyargs)]


def _given(call: Written, name: str, code: Any = None) -> ast.expr:
    """Return what a call hands over under a name."""
    assert isinstance(call.expression, ast.Call)
    for keyword in call.expression.keywords:
        if keyword.arg == name:
            return keyword.value
    called = code or call.beside(call.expression.func).means()
    place = list(inspect.signature(called).parameters).index(name)
    return call.expression.args[place]


def _type_of(written: Written) -> Any:
    """Return how a parameter, or what a name is made from, is annotated."""
    match written.expression:
        case ast.Name(name) if name in _parameters(written.code):
            code = inspect.unwrap(getattr(written.module, written.code.name))
            return code.__annotations__[name]
        case ast.Name():
            return _type_of(_origins(written)[0])
        case ast.Call(func):
            return written.beside(func).means()
        case ast.Attribute(inner, name):
            return _field(_type_of(written.beside(inner)), name)
    raise AssertionError(_lost(written))


def _field(kind: Any, name: str) -> Any:
    return inspect.get_annotations(kind, eval_str=True).get(name)


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _values(kind: Any) -> set[str]:
    assert _is_enum(kind), f"{kind} is no enum"
    return {str(member.value) for member in kind}


def _lost(written: Written) -> str:
    where = f"{written.module.__name__}.{written.code.name}"
    return f"{where}: what can {ast.unparse(written.expression)} be?"
