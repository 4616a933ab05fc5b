"""What to do about an exception that ends an app while it is imported."""

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.read.python.machine import Raise

_NAME = late_pattern(r"name '(\w+)' is not defined")
_ITSELF = late_pattern(r"from partially initialized module '([\w.]+)'")
_SINCE = late_pattern(r"(?:only supported in Python|since) (3\.\d+)")
"""How it is told that a newer Python reads a line, or evaluates it."""


def cure(raised: Raise) -> str:
    """Return the advice for an exception, by its kind."""
    if raised.advice:
        return raised.advice
    place = f"line {raised.span.line} of {raised.span.path}"
    since = _SINCE.search(raised.message)
    if since is not None and raised.kind in ("SyntaxError", "TypeError"):
        return f"Let Python {since[1]} or a newer one run the app, or write {place} without it."
    if raised.kind == "SyntaxError":
        return f"Correct the line; «python -m py_compile {raised.span.path}» tells whether Python reads the file."
    name = _NAME.search(raised.message)
    if raised.kind == "NameError" and name is not None:
        return f"Import or define «{name[1]}» before {place} uses it."
    if raised.kind == "ImportError" and "relative import" in raised.message:
        return (
            f"Write the import in {place} without the leading dot, or name the module with its package in the target."
        )
    itself = _ITSELF.search(raised.message)
    if itself is not None and raised.span.path == f"{itself[1].replace('.', '/')}.py":
        return f"Rename {raised.span.path}: it stands in front of the package «{itself[1]}», and imports itself."
    if raised.kind == "ImportError" and "partially initialized" in raised.message:
        return (
            f"Break the circle: move the import in {place} into the function that uses it, or behind the line of the "
            "other module that binds the name."
        )
    if raised.kind in ("ImportError", "ModuleNotFoundError"):
        return f"Correct the import in {place}: it names what is not in the repository, or not where it is looked for."
    return f"Correct {place}: whoever imports the app comes to it."
