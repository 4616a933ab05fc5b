"""Which values a request brought along."""

from collections.abc import Callable

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.value import Concat, Derived, Either, Items, Table, Thing, Value

_BROUGHT = late_pattern(
    r"^(argument|request|flask\.request|flask\.globals\.request|quart\.request|bottle\.request|sanic\.request\.Request"
    r"|(fastapi|starlette\.\w+)\.(Request|WebSocket\.receive\w*|UploadFile|Form|Body|Query)|fastapi\.requests\.Request"
    r"|aiohttp\.web\.Request|pydantic\.BaseModel|pydantic\.main\.BaseModel|sqlmodel\.SQLModel"
    r"|(flask_wtf|wtforms)\.[\w.]*Field\.data"
    r"|flask_rest(ful|x|plus)\.(reqparse\.RequestParser|(Api|Namespace)\.parser)\.parse_args"
    r"|streamlit\.[\w.]*(text_input|text_area|number_input|chat_input|selectbox|radio|slider)"
    r"|[\w.]*View(Set)?\.request|[\w.]*RequestHandler\.(request|get_argument|get_body_argument))\b"
)
"""The names of what frameworks hand out of a request."""

_UPLOADED = late_pattern(
    r"\brequest\.(files|FILES)\b|\bUploadFile\b|\bFileStorage\b|\b(flask_wtf|wtforms)\.[\w.]*FileField\b"
    r"|\baiohttp\.web\.Request\b\S*\.file\b|\bfile_uploader\b|\bcamera_input\b|\brequest\.form\(\)|\bMultipartParser\b|\bcleaned_data\b"
)
"""Names of uploaded files and of what is read from them."""

_ABOUT = late_pattern(
    r"\.(remote_addr|headers|user_agent|cookies|path|url|base_url|method|endpoint|host|client|sid|META|user|user_id"
    r"|source|access_route|environ|session|id)\b"
)
"""Names of what a request tells of its sender and its way."""

MAX_DEPTH = 6


def brought(value: Value | None) -> bool:
    """Whether a value is what a request brought, or holds it: not what was computed or fetched with its help."""
    return _holds(value, _is_brought)


def sent(value: Value | None) -> bool:
    """Whether a value is, or holds, what a user sent: not who sent it, from where and how."""
    return _holds(value, lambda thing: _is_brought(thing) and not _ABOUT.search(thing.name))


def _is_brought(thing: Thing) -> bool:
    if not _BROUGHT.match(thing.name) or (_MODELS.match(thing.name) and not _is_body(thing)):
        return False
    return thing.kind == "instance" or thing.of is not None or ".request." in thing.name


_MODELS = late_pattern(r"(?:pydantic|sqlmodel)\.")
"""Classes of which a request's body is an instance, and so are objects that the app makes for itself."""


def _is_body(thing: Thing) -> bool:
    """Whether a model, or that of which something is a part, is what a framework made from a request's body."""
    while isinstance(thing.of, Thing):
        thing = thing.of
    return any(isinstance(a.value, Thing) and a.value.name == "argument" for a in thing.arguments)


def _holds(value: Value | None, test: Callable[[Thing], bool], depth: int = 0) -> bool:
    """Whether a value passes a test, or one that it was put together from does."""
    if depth > MAX_DEPTH:
        return False
    match value:
        case Thing(name=name, kind=kind, arguments=arguments):
            own = kind == "instance" and name.rpartition(".")[2][:1].isupper()
            return test(value) or (own and any(_holds(a.value, test, depth + 1) for a in arguments))
        case Items(items=parts) | Either(options=parts) | Derived(of=parts) | Concat(parts=parts):
            return any(_holds(part, test, depth + 1) for part in parts)
        case Table(entries=entries):
            return any(_holds(one, test, depth + 1) for _, one in entries)
    return False


def uploaded(value: Value | None, depth: int = 0) -> bool:
    """Whether a value is an uploaded file or was made from one, such as the picture that was opened from it."""
    if depth > MAX_DEPTH:
        return False
    match value:
        case Thing(name=name, arguments=arguments, of=of):
            if _UPLOADED.search(name):
                return not name.endswith((".filename", ".content_type", ".mimetype", ".name", ".size"))
            return uploaded(of, depth + 1) or any(uploaded(a.value, depth + 1) for a in arguments)
        case Items(items=items):
            return any(uploaded(item, depth + 1) for item in items)
        case Either(options=options):
            return any(uploaded(option, depth + 1) for option in options)
    return False


_SESSION = late_pattern(r"^(flask|quart|request|starlette\.requests\.Request|fastapi\.Request)\.session\b")


def of_session(value: Value | None) -> bool:
    """Whether a value is what the session of a visitor holds, or may be: it comes back with the next request."""
    return _holds(value, lambda thing: bool(_SESSION.match(thing.name)))


def depends(value: Value | None, depth: int = 0) -> bool:
    """Whether a value was made with the help of what a request brought."""
    if depth > MAX_DEPTH:
        return False
    if isinstance(value, Thing):
        return (
            brought(value) or depends(value.of, depth + 1) or any(depends(a.value, depth + 1) for a in value.arguments)
        )
    if isinstance(value, Derived):
        return any(depends(part, depth + 1) for part in value.of)
    return brought(value)
