"""Containers that the standard library makes: deques, queues, dictionaries with defaults and counters.

Sources: https://docs.python.org/3/library/collections.html, https://docs.python.org/3/library/queue.html,
https://docs.python.org/3/library/asyncio-queue.html
"""

from adaptable_preflight.read.python.containers import append, extend, unclear
from adaptable_preflight.read.python.literals import iterated
from adaptable_preflight.read.python.machine import Handler, Machine
from adaptable_preflight.read.python.objects import Arguments, External, Mapping, Object, Sequence
from adaptable_preflight.source import Span
from adaptable_preflight.value import Unknown

_DEQUE, _QUEUE = "deque", "Queue"


def _deque(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`deque(items, maxlen)`: with a bound the oldest items leave it, so that only its end is known."""
    del machine, function
    given, bound = arguments.get(0, "iterable"), arguments.get(1, "maxlen")
    items, complete = iterated(given) if given is not None else ([], True)
    made = Sequence(items, _DEQUE, span)
    made.complete = complete and bound is None
    return made


def _queue(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`Queue(maxsize)`: what is put into it by others is never known."""
    del machine, function, arguments
    made = Sequence([], _QUEUE, span)
    made.complete = False
    return made


def _with_defaults(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`defaultdict(list, known)`, `Counter(words)`: a dictionary that has an entry for every key."""
    del machine
    given = arguments.get(1 if function.name.endswith("defaultdict") else 0)
    made = Mapping(dict(given.entries) if isinstance(given, Mapping) else {}, span)
    made.complete = False
    return made


def _ordered(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`OrderedDict(known)`."""
    del machine, function
    given = arguments.get(0)
    made = Mapping(dict(given.entries) if isinstance(given, Mapping) else {}, span)
    made.complete = given is None or (isinstance(given, Mapping) and given.complete)
    return made


def _take(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`items.popleft()`, `queue.get()`: who takes an item reads what others have put there."""
    del machine, arguments
    if isinstance(function.receiver, Sequence):
        function.receiver.complete = False
    return Unknown("an item of a container that changes", span)


_MAKERS: dict[str, Handler] = {
    "collections.deque": _deque,
    "collections.defaultdict": _with_defaults,
    "collections.Counter": _with_defaults,
    "collections.OrderedDict": _ordered,
    **{
        f"{module}.{name}": _queue
        for module in ("queue", "asyncio")
        for name in ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue")
    },
}
HANDLERS: dict[str, Handler] = {
    **_MAKERS,
    **{f"{_DEQUE}.{name}": append for name in ("append", "appendleft", "insert")},
    **{f"{_DEQUE}.{name}": extend for name in ("extend", "extendleft")},
    **{f"{_DEQUE}.{name}": unclear for name in ("pop", "remove", "clear", "rotate", "reverse")},
    **{f"{_QUEUE}.{name}": append for name in ("put", "put_nowait")},
    **{f"{_QUEUE}.{name}": _take for name in ("get", "get_nowait")},
    f"{_DEQUE}.popleft": _take,
}
