"""Which functions of the served code keep what they are given in a database too, or look there."""

import re

from adaptable_preflight.facts.databases import SERVED
from adaptable_preflight.model import Code
from adaptable_preflight.source import Span

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

_STORES = re.compile(
    r"^(?!sqlite3\.|aiosqlite\.)(.*\.commit"
    r"|.*\.objects\.(a?create|a?update_or_create|a?get_or_create|a?bulk_create)|.*\.objects\.filter\.delete"
    r"|(redis|aioredis|upstash_redis)\..*\.(set|setex|setnx|hset|hmset|hsetnx|lpush|rpush|sadd|zadd|incr|incrby|hincrby)"
    r"|(google\.cloud\.firestore|firebase_admin\.(firestore|db))[\w.]*\.(set|add|update|push|create))$"
)
"""Calls of other databases that write, by their dotted names. SQLite's is a file of the instance."""

_LOOKS_UP = re.compile(r"\.(find_one|find|aggregate|get_item|query|execute|objects\.\w+|scalars|fetch\w*|hget\w*)\b")


def storing_documents(code: Code) -> frozenset[Place]:
    """Return the functions that write whole documents into a database."""
    calls = (call for call in code.calls if call.phase in SERVED)
    return frozenset((c.span.path, c.function) for c in calls if c.name.rpartition(".")[2] in _DOCUMENTS)


def storing(code: Code) -> frozenset[Place]:
    """Return the functions that write something into a database."""
    calls = (call for call in code.calls if call.phase in SERVED)
    others = frozenset((call.span.path, call.function) for call in calls if _STORES.match(call.name))
    return others | storing_documents(code)


def looking_up(code: Code) -> frozenset[Place]:
    """Return the functions that ask a database."""
    calls = (call for call in code.calls if call.phase in SERVED)
    return frozenset((call.span.path, call.function) for call in calls if _LOOKS_UP.search(call.name))


def place(span: Span, function: str) -> Place:
    """Return where something stands."""
    return span.path, function
