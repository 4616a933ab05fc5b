"""Flask's contexts: what works only while a request is handled, or below `with app.app_context():`.

Sources: https://flask.palletsprojects.com/en/stable/appcontext/,
https://github.com/pallets/flask/blob/3.1.3/src/flask/globals.py,
https://github.com/pallets-eco/flask-sqlalchemy/blob/3.1.1/src/flask_sqlalchemy/extension.py (`engines`)
and session.py beside it (`_app_ctx_id`): since 3.0 the context alone tells the app, also for `SQLAlchemy(app)`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from adaptable_preflight.knowledge.chosen import surely_in
from adaptable_preflight.read.python.machine import Check, Machine, Raise
from adaptable_preflight.read.python.objects import Arguments, Class, External, Object, Sequence
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known

_OPENING = frozenset({"push", "__enter__", "enter_context", "enter_async_context"})
"""The last names of methods that may give Flask its context until somebody takes it away."""

_PROXIES = {
    "flask.current_app": "application",
    "flask.g": "application",
    "flask.request": "request",
    "flask.session": "request",
}
_FUNCTIONS = {
    **dict.fromkeys("url_for render_template render_template_string jsonify".split(), "application"),
    **dict.fromkeys("flash get_flashed_messages".split(), "request"),
}
"""Functions of Flask that ask for a context."""

_DATABASE = "flask_sqlalchemy.SQLAlchemy"
_ENGINES = (f"{_DATABASE}.engine", f"{_DATABASE}.engines")
_QUERY = f"{_DATABASE}.Model.query"
_SESSION = (
    "add add_all begin bulk_insert_mappings bulk_save_objects close commit connection delete execute expire expunge "
    "flush get merge query refresh rollback scalar scalars"
).split()
"""What the session of the context is asked for by `db.session`.

Source: https://github.com/sqlalchemy/sqlalchemy/blob/rel_2_0_40/lib/sqlalchemy/orm/scoping.py
"""


@contextmanager
def around(machine: Machine, managers: list[Object]) -> Iterator[None]:
    """Count the block of a `with` whose managers may give Flask its context."""
    opens = any(map(_may_open, managers))
    machine.contexts += opens
    try:
        yield
    finally:
        machine.contexts -= opens


def _may_open(manager: Object) -> bool:
    if isinstance(manager, Known | Sequence):
        return False
    top = manager.name.partition(".")[0] if isinstance(manager, External) else ""
    return top == "contextlib" or (top != "open" and top not in sys.stdlib_module_names)


def note(machine: Machine, method: str) -> None:
    """Note a call that may give Flask its context: `app.app_context().push()`."""
    machine.contexts += method in _OPENING


def _refuse(machine: Machine, context: str, what: str, span: Span) -> None:
    """Raise where there is no context for sure."""
    if machine.contexts or not machine.certain:
        return
    advice = f"Use {what} in a function that a request calls"
    advice += ", or below «with app.app_context():»." if context == "application" else "."
    raise Raise("RuntimeError", f"Working outside of {context} context", span, advice=advice)


def refuse_read(machine: Machine, holder: External, name: str, span: Span) -> None:
    """`current_app.logger`, `request.args`, `g.user = …`, `session["id"]` or `db.engine` when the app is imported."""
    if machine.phase != "import" or holder.name.partition(".")[0] not in ("flask", "flask_sqlalchemy"):
        return
    context = _PROXIES.get(holder.name)
    if context is not None and not holder.instance and not name.startswith("_"):
        _refuse(machine, context, f"«{holder.name.rpartition('.')[2]}»", span)
    if holder.name == _QUERY or f"{holder.name}.{name}" in _ENGINES:
        _outside_database(machine, holder, Arguments(), span)


def _outside_flask(machine: Machine, function: External, arguments: Arguments, span: Span) -> None:
    """`url_for("index")` when the app is imported."""
    del arguments
    name = function.name.rpartition(".")[2]
    _refuse(machine, _FUNCTIONS[name], f"«{name}»", span)


def _outside_database(machine: Machine, function: External, arguments: Arguments, span: Span) -> None:
    """`db.create_all()` when the app is imported."""
    database = _database(function)
    if database is None or any(a.name == "session_options" for a in database.arguments) or "app" in arguments.named:
        return
    if surely_in(machine.installed, "flask-sqlalchemy", ">=3.0"):
        _refuse(machine, "application", "the database", span)


def _database(value: Object | None) -> External | None:
    """Return the `SQLAlchemy()` that a method, an attribute or a model belongs to."""
    for _ in range(8):
        if isinstance(value, Class):
            value = value.library_base()
        if not isinstance(value, External) or (value.instance and value.name == _DATABASE):
            return value if isinstance(value, External) else None
        value = value.receiver
    return None


CHECKS: dict[str, Check] = {
    **{f"flask.{name}": _outside_flask for name in _FUNCTIONS},
    **{f"{_DATABASE}.{name}": _outside_database for name in ("create_all", "drop_all", "reflect", "get_engine")},
    **{f"{_DATABASE}.session.{name}": _outside_database for name in _SESSION},
}
