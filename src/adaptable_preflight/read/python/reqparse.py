"""`reqparse` of Flask-RESTful and Flask-RESTX: which of the arguments that a parser takes out of a request are files.

Source: https://flask-restx.readthedocs.io/en/latest/parsing.html#argument-locations, flask_restx/reqparse.py of 1.3.
"""

from adaptable_preflight.read.python.machine import Handler, Machine
from adaptable_preflight.read.python.objects import Arguments, External, Object, Sequence
from adaptable_preflight.read.python.public import public_arguments
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known

_FILE = "werkzeug.datastructures.FileStorage"


def add_argument(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`parser.add_argument("file", type=FileStorage, location="files")`; gives the parser itself."""
    del machine
    parser = function.receiver
    if not isinstance(parser, External):
        return External(function.name, span, instance=True, arguments=public_arguments(arguments), receiver=parser)
    name = arguments.named.get("dest") or arguments.get(0, "name")
    if isinstance(name, Known) and isinstance(name.value, str) and _is_file(arguments):
        file: Object = External(_FILE, span, instance=True, receiver=parser)
        if arguments.named.get("action") is not None:  # "append": every file of that name
            file = Sequence([file], "list", span)
            file.complete = False
        parser.attributes[f"\0file {name.value}"] = file
    return parser


def _is_file(arguments: Arguments) -> bool:
    kind, place = arguments.named.get("type"), arguments.named.get("location")
    places = place.items if isinstance(place, Sequence) else [place]
    files = any(isinstance(one, Known) and one.value == "files" for one in places)
    return files or (isinstance(kind, External) and kind.name.endswith(".FileStorage"))


def parse_args(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`parser.parse_args()`: a dictionary whose entries are attributes, too."""
    del machine
    parser = function.receiver
    made = External(function.name, span, instance=True, arguments=public_arguments(arguments), receiver=parser)
    if isinstance(parser, External):
        found = {key: value for key, value in parser.attributes.items() if key.startswith("\0file ")}
        made.attributes.update({key.removeprefix("\0file "): value for key, value in found.items()})
    return made


def get(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`args.get("file")`."""
    del machine
    args, key = function.receiver, arguments.get(0)
    if isinstance(args, External) and isinstance(key, Known) and key.value in args.attributes:
        return args.attributes[str(key.value)]
    return External(function.name, span, instance=True, arguments=public_arguments(arguments), receiver=args)


_LIBRARIES = ("flask_restful", "flask_restx", "flask_restplus")
_PARSERS = [f"{library}.{maker}" for library in _LIBRARIES for maker in
            ("reqparse.RequestParser", "Api.parser", "Namespace.parser")]  # fmt: skip

HANDLERS: dict[str, Handler] = {
    **{f"{parser}.add_argument": add_argument for parser in _PARSERS},
    **{f"{parser}.parse_args": parse_args for parser in _PARSERS},
    **{f"{parser}.parse_args.get": get for parser in _PARSERS},
}
