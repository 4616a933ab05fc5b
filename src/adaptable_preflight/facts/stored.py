"""Which functions of the served code keep what they are given in a database too, or look there."""

from collections.abc import Iterator, Mapping

from adaptable_preflight.facts.databases import SERVED
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Change, Code
from adaptable_preflight.source import Span
from adaptable_preflight.value import Value, things

Place = tuple[str, str]
"""The path of a module and the qualified name of a function in it."""

_DOCUMENTS = frozenset(
    "insert_one insert_many replace_one update_one update_many bulk_write find_one_and_update find_one_and_replace "
    "find_one_and_delete delete_one delete_many "
    "put_item".split()
)
"""Methods of document stores that write; no other library calls its own so. Sources:
https://pymongo.readthedocs.io/en/stable/api/pymongo/collection.html,
https://docs.aws.amazon.com/boto3/latest/reference/services/dynamodb.html"""

_STORES = late_pattern(
    r"^((sqlalchemy|flask_sqlalchemy|sqlmodel)\..*\.(add|add_all|merge|execute)"
    r"|(psycopg2?|asyncpg|pymysql|MySQLdb|mysql|databases)\..*\.(execute|executemany)"
    r"|.*\.objects\.(a?create|a?update_or_create|a?get_or_create|a?bulk_create)|.*\.objects\.filter\.delete"
    r"|(redis|aioredis|upstash_redis)\..*\.(set|setex|setnx|hset|hmset|hsetnx|lpush|rpush|sadd|zadd|incr|incrby|hincrby)"
    r"|(google\.cloud\.firestore|firebase_admin\.(firestore|db))[\w.]*\.(set|add|update|push|create))$"
)
"""Calls of other databases that write, by their dotted names. SQLite's is a file of the instance."""

_LOOKS_UP = late_pattern(r"\.(find_one|find|aggregate|get_item|query|execute|objects\.\w+|scalars|fetch\w*|hget\w*)\b")


def storing_documents(code: Code) -> frozenset[Place]:
    """Return the functions that write whole documents into a database."""
    calls = (call for call in code.calls if call.phase in SERVED)
    return frozenset((c.span.path, c.function) for c in calls if c.name.rpartition(".")[2] in _DOCUMENTS)


def storing(code: Code) -> dict[Place, frozenset[Span]]:
    """Return what functions hand to a database, by the places where it was made or asked of the request."""
    found: dict[Place, frozenset[Span]] = {}
    for call in code.calls:
        if call.phase in SERVED and (_STORES.match(call.name) or call.name.rpartition(".")[2] in _DOCUMENTS):
            where = place(call.span, call.function)
            given = frozenset(span for argument in call.arguments for span in _made_at(argument.value))
            found[where] = found.get(where, frozenset()) | given
    return found


def is_stored(change: Change, stored: Mapping[Place, frozenset[Span]]) -> bool:
    """Whether the function that changes a variable hands the same value, or what it is found by, to a database."""
    handed = stored.get(place(change.span, change.function), frozenset())
    return any(span in handed for value in (change.value, change.key) for span in _made_at(value))


def _made_at(value: Value | None) -> Iterator[Span]:
    made = things(value) if value is not None else ()
    return (thing.span for thing in made if thing.kind == "instance" and thing.span is not None)


def looking_up(code: Code) -> frozenset[Place]:
    """Return the functions that ask a database."""
    calls = (call for call in code.calls if call.phase in SERVED)
    return frozenset((call.span.path, call.function) for call in calls if _LOOKS_UP.search(call.name))


def place(span: Span, function: str) -> Place:
    """Return where something stands."""
    return span.path, function
