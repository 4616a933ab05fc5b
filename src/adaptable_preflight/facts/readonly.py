"""Whether a database file is only read: one that stands in the repository, or that the app fetches."""

from adaptable_preflight.facts.databases import SERVED, DatabaseUse
from adaptable_preflight.facts.fetched import is_fetched
from adaptable_preflight.model import Call, Deployment
from adaptable_preflight.value import Table, leading

READING = ("select", "pragma", "with", "explain", "attach", "show", "describe")
_WRITERS = (
    "commit",
    "add",
    "add_all",
    "delete",
    "merge",
    "create_all",
    "bulk_save_objects",
    "insert",
    "update",
    "save",
)
_READERS = frozenset(
    "all first get filter filter_by order_by query scalars scalar fetchall fetchone read_sql read_sql_query "
    "read_sql_table paginate get_or_404 first_or_404 search count".split()
)
_EXECUTE = ("execute", "executemany", "executescript", "exec")


def only_read(deployment: Deployment, use: DatabaseUse, path: str) -> bool:
    """Whether the file is part of the repository or fetched, and of what the app does to it all is known to read.

    Where nothing at all is done to it, the code that does is not among what was read. Django's own apps write, sessions
    and logins among others, so that its database is never only read.
    """
    if isinstance(use.value, Table):
        return False
    if not _is_committed(deployment, path) and not is_fetched(deployment.code, path):
        return False
    served = [call for call in deployment.code.calls if call.phase in SERVED]
    return any(_reads(call) for call in served) and not any(_writes(call, use) for call in served)


def _is_committed(deployment: Deployment, path: str) -> bool:
    name = path.rpartition("/")[2]
    return bool(name) and any(known in (path, name) or known.endswith(f"/{name}") for known in deployment.paths)


def _reads(call: Call) -> bool:
    method = call.name.rpartition(".")[2]
    return method in _READERS or method in _EXECUTE


def _writes(call: Call, use: DatabaseUse) -> bool:
    """Whether a call may change what a database holds; of a statement that is not known nobody can tell."""
    owner, _, method = call.name.rpartition(".")
    if method in _EXECUTE:
        statement = call.argument(0)
        text = leading(statement.value).strip().lower() if statement is not None else ""
        return not text.startswith(READING)
    if method == "to_sql":
        return True
    if not use.engine:
        return method in _WRITERS and ("session" in owner.lower() or method in ("create_all", "commit", "save"))
    return method in _WRITERS and owner.startswith(use.by)
