"""Where absolute paths lead: the container's folders that hold the checkout, or a part of it."""

import os
import re

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Launch, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.value import Concat, Known, Value

ROOT = "/<checkout>"
"""Stands for the absolute path of the checked folder where nobody knows it before it is deployed."""


def place(context: Context, folder: str, path: str) -> str | None:
    """Return where a path leads that is seen from a folder: relative to the checkout; None where it leads out of it."""
    whole = os.path.normpath(path if path.startswith("/") else os.path.join(folder, path))
    if not whole.startswith("/"):
        return join("", whole)
    first: str | None = None
    for home, inside in ((ROOT, ""), *context.homes):
        if whole == home or whole.startswith(home.rstrip("/") + "/"):
            found = join(inside, whole[len(home) :].lstrip("/") or ".")
            if found is not None and (context.checkout.is_file(found) or context.checkout.is_folder(found)):
                return found
            if home != "/" and first is None:
                first = found
    return first


def on_path(context: Context, name: str, folders: tuple[str, ...]) -> str | None:
    """Return the absolute path of a file of the checkout that the image holds in one of these folders; None: none."""
    paths = (os.path.join(folder, name) for folder in folders)
    return next((path for path in paths if context.checkout.is_file(place(context, "", path) or "")), None)


def absolute(context: Context, folder: str) -> str:
    """Return the absolute path of a working directory."""
    if folder.startswith("/"):
        return folder
    home = next((home for home, inside in context.homes if inside == ""), ROOT)
    return f"{home.rstrip('/')}/{folder}".rstrip("/") or "/"


def localised(launch: Launch, context: Context) -> Launch:
    """Return the launch with absolute paths that lead into the checkout written relative to its folder."""
    homes = [home.rstrip("/") for home, _ in ((ROOT, ""), *context.homes) if home != "/"]
    if launch.folder.startswith("/"):
        return launch
    absolute_path = re.compile("(?:^|(?<=[=:,]))(?:" + "|".join(map(re.escape, homes)) + r")(?=/|$|:)[^\s:=,]*")

    def relative(match: re.Match[str]) -> str:
        inside = place(context, "", match[0])
        if inside is None or not (context.checkout.is_file(inside) or context.checkout.is_folder(inside)):
            return match[0]
        found = os.path.relpath(inside or ".", launch.folder or ".")
        named = match.start() == 0 and "/" not in found and context.checkout.is_file(inside)
        return f"./{found}" if named else found  # a program without a slash would be looked for on the PATH

    def rewritten(value: Value) -> Value:
        if isinstance(value, Concat):
            return value._replace(parts=tuple(map(rewritten, value.parts)))
        if not isinstance(value, Known) or not isinstance(value.value, str) or "/" not in value.value:
            return value
        return value._replace(value=absolute_path.sub(relative, value.value))

    words = launch.words[:1] + tuple(Word(rewritten(word.value), word.span) for word in launch.words[1:])
    variables = {name: rewritten(value) for name, value in launch.env.variables.items()}
    return launch._replace(words=words, env=launch.env._replace(variables=variables))
