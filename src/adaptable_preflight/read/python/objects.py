"""What expressions evaluate to: the public values of `value.py`, and objects that can change or be called."""

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple

from adaptable_preflight.model import Guard
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Argument, Concat, Derived, FromEnv, Known, Unknown, Value

MAX_KEPT = 1_000
"""How many items of a list are kept that code adds to it."""


class Sequence:
    """A list, tuple or set; `complete`: it has no other items than these."""

    __slots__ = ("assumed", "complete", "endless", "items", "kind", "possible", "span")

    def __init__(self, items: "list[Object]", kind: str = "list", span: Span | None = None) -> None:
        self.assumed = False
        """Whether what it holds was decided by what holds when nobody sets a variable."""
        self.items = items
        self.kind = kind
        self.span = span
        self.complete = True
        self.endless = False
        """Whether it stands for a generator that never ends: going through it does not either."""
        self.possible: list[External] = []
        """Objects of libraries that may be among its items too, such as the tasks that a loop puts into it."""

    def extend(self, items: "list[Object]") -> None:
        """Add items, as many as are kept."""
        room = max(MAX_KEPT - len(self.items), 0)
        self.items.extend(items[:room])
        self.complete = self.complete and len(items) <= room

    def if_unset(self) -> "Sequence":
        """Return the same items as those that count because nobody sets a variable."""
        made = Sequence(self.items, self.kind, self.span)
        made.complete, made.endless, made.assumed = self.complete, self.endless, True
        return made


class Mapping:
    """A dictionary with known keys; `complete`: it has no other keys than these."""

    __slots__ = ("complete", "entries", "guards", "owner", "prefix", "span", "spans")

    def __init__(
        self, entries: "dict[object, Object] | None" = None, span: Span | None = None, owner: str = ""
    ) -> None:
        self.entries: dict[object, Object] = {} if entries is None else entries
        self.span = span
        self.complete = True
        self.owner = owner
        """The dotted name of the object that is configured by this, such as `flask.Flask`."""
        self.prefix = ""
        """What the variables begin with that have filled in entries by their names, such as `FLASK_`."""
        self.spans: dict[object, Span] = {}
        """Where an entry was set last."""
        self.guards: dict[object, tuple[Guard, ...]] = {}
        """The conditions under which an entry was set last, where there were any."""


class Module:
    """A module of the repository."""

    __slots__ = ("guards", "loaded", "name", "names", "open", "package", "path", "source", "spans", "stars")

    def __init__(self, name: str, path: str, source: Source | None, package: bool) -> None:
        self.name = name
        self.path = path
        self.source = source
        self.package = package
        self.names: dict[str, Object] = {}
        self.spans: dict[str, Span] = {}
        """Where a name was bound last."""
        self.guards: dict[str, tuple[Guard, ...]] = {}
        """The conditions that decided on a name's value: around the place, or around another one that was skipped."""
        self.loaded = False
        self.open = False
        """Whether it may hold names that are not known, such as those of `from flask import *`."""
        self.stars: list[str] = []
        """The libraries all of whose names it takes."""


class Frame:
    """The names of a module's body, a class's body or a running function."""

    __slots__ = (
        "at",
        "endless",
        "function",
        "globals",
        "module",
        "names",
        "nonlocals",
        "outer",
        "owner",
        "returned",
        "skipped",
        "title",
        "yields",
    )

    def __init__(
        self, module: Module, names: "dict[str, Object]", outer: "Frame | None" = None, title: str = ""
    ) -> None:
        self.module = module
        self.names = names
        self.outer = outer
        """The frame of the function around this function; None where the module's names come next."""
        self.title = title
        """The qualified name of the function or class; empty in a module's body."""
        self.at: ast.stmt | None = None
        """The statement that is executed."""
        self.function: Function | None = None
        self.owner: Class | None = None
        """The class whose body this is."""
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.returned: list[Object] = []
        """What the function may return from branches that were not decided."""
        self.skipped = False
        """Whether an undecided branch left the round of a loop, so that the rest of the round may not happen."""
        self.yields: list[Object] = []
        self.endless = False
        """Whether it is a generator's, and its body comes to a loop without an end."""

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias | ast.ExceptHandler) -> Span:
        """Return where a node of the module stands."""
        assert self.module.source is not None
        return self.module.source.node(node)


class Function:
    """A function of the repository."""

    __slots__ = ("called", "defaults", "frame", "module", "name", "node", "owner", "wrapped")

    def __init__(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, name: str, module: Module, frame: Frame | None
    ) -> None:
        self.node = node
        self.name = name
        self.module = module
        self.frame = frame
        """The frame of the function around it."""
        self.defaults: dict[str, Object] = {}
        self.called = "<lambda>" if isinstance(node, ast.Lambda) else node.name
        """Its `__name__`; empty where that is not known."""
        self.owner: Class | None = None
        self.wrapped = False
        """Whether a library's decorator may have made something of it that takes other arguments."""


class Class:
    """A class of the repository."""

    __slots__ = ("bases", "module", "name", "names", "node", "spans")

    def __init__(self, node: ast.ClassDef, name: str, module: Module, bases: "list[Object]") -> None:
        self.node = node
        self.name = name
        self.module = module
        self.bases = bases
        self.names: dict[str, Object] = {}
        self.spans: dict[str, Span] = {}

    def lineage(self) -> "Iterator[Class | External]":
        """Yield this class and its bases, nearest first, each once."""
        seen: set[int] = set()
        pending: list[Object] = [self]
        while pending:
            one = pending.pop(0)
            if id(one) in seen:
                continue
            seen.add(id(one))
            if isinstance(one, Class):
                yield one
                pending.extend(one.bases)
            elif isinstance(one, External):
                yield one

    def library_base(self) -> "External | None":
        """Return the nearest base that is not of the repository."""
        return next((base for base in self.lineage() if isinstance(base, External)), None)

    def find(self, name: str) -> "Object | None":
        """Return an attribute of the class or of its bases in the repository."""
        return next((c.names[name] for c in self.lineage() if isinstance(c, Class) and name in c.names), None)


class Instance:
    """An object made by a class of the repository."""

    __slots__ = ("arguments", "attributes", "cls", "lasting", "span")

    def __init__(
        self, cls: Class, span: Span | None, arguments: tuple[Argument, ...] = (), lasting: bool = False
    ) -> None:
        self.cls = cls
        self.attributes: dict[str, Object] = {}
        self.span = span
        self.arguments = arguments
        self.lasting = lasting
        """Whether it was made when the app was imported, so that a module may hold it for all requests."""


class External:
    """A name of a library (a module, class or function), or an object that a library made.

    `name` is the dotted name of the library's name, or of what made the object; `instance` tells the two apart.
    """

    __slots__ = ("arguments", "attributes", "given", "instance", "name", "receiver", "span", "within")

    def __init__(
        self,
        name: str,
        span: Span | None = None,
        instance: bool = False,
        arguments: tuple[Argument, ...] = (),
        receiver: "Object | None" = None,
    ) -> None:
        self.name = name
        self.span = span
        self.instance = instance
        self.arguments = arguments
        self.receiver = receiver
        """The object whose method or attribute this is."""
        self.within = False
        """Whether it was read from another name, so that it may be any value: `current_user.is_active`."""
        self.given: tuple[Object, ...] = ()
        """The callables that the call was given which made it: `login_required(view)` may call the view."""
        self.attributes: dict[str, Object] = {}


class Bound:
    """A function of the repository with its first argument."""

    __slots__ = ("function", "receiver")

    def __init__(self, function: Function, receiver: "Object") -> None:
        self.function = function
        self.receiver = receiver


class Arguments(NamedTuple):
    """The arguments of one call."""

    positional: "tuple[Object, ...]" = ()
    named: "dict[str, Object]" = {}  # noqa: RUF012 - never changed
    spans: tuple[Span, ...] = ()
    """One for each argument, positional ones first; a keyword's covers its name."""
    complete: bool = True
    """Whether `*args` and `**kwargs` were known."""

    def get(self, position: int, name: str = "") -> "Object | None":
        """Return an argument by position (from 0) or name."""
        if 0 <= position < len(self.positional):
            return self.positional[position]
        return self.named.get(name)


class Partial:
    """A callable with some arguments given already."""

    __slots__ = ("function", "given")

    def __init__(self, function: "Object", given: Arguments) -> None:
        self.function = function
        self.given = given


class Native:
    """Something that is computed here when it is called."""

    __slots__ = ("call", "name")

    def __init__(self, name: str, call: "Callable[[Arguments, Span], Object]") -> None:
        self.name = name
        self.call = call


class Choice:
    """One of several objects: nothing tells which. The likeliest comes first."""

    __slots__ = ("options",)

    def __init__(self, options: "tuple[Object, ...]") -> None:
        self.options = options


Object = (
    Known
    | FromEnv
    | Concat
    | Unknown
    | Derived
    | Choice
    | Sequence
    | Mapping
    | Module
    | Function
    | Class
    | Instance
    | External
    | Bound
    | Partial
    | Native
)


def choice(*options: Object) -> Object:
    """Return one of several objects; equal ones count once."""
    flat: list[Object] = []
    for option in options:
        for one in option.options if isinstance(option, Choice) else (option,):
            if not any(one is other or _same(one, other) for other in flat):
                flat.append(one)
    return flat[0] if len(flat) == 1 else Choice(tuple(flat[:8]))


def _same(one: Object, other: Object) -> bool:
    if isinstance(one, Known) and isinstance(other, Known):
        return type(one.value) is type(other.value) and one.value == other.value
    return isinstance(one, Unknown) and isinstance(other, Unknown)


def options_of(value: Object) -> tuple[Object, ...]:
    """Return what a value may be, the likeliest first."""
    return value.options if isinstance(value, Choice) else (value,)


def object_of(value: Value) -> Object:
    """Return a value of the model as an object of the execution."""
    if isinstance(value, Known | FromEnv | Concat | Unknown | Derived):
        return value
    return Unknown("it is made of values that are not followed", value.span)


def default_of(variable: FromEnv) -> Object | None:
    """Return what stands in for a variable that is not set."""
    return object_of(variable.default) if variable.default is not None else None
