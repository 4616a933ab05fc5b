"""What is computed of libraries: the environment, paths, text, containers, threads, command lines, parsers."""

from collections.abc import Callable

from adaptable_preflight.read.python import (
    click_commands,
    configurations,
    containers,
    contexts,
    database_urls,
    declared,
    django,
    django_heroku,
    endpoints,
    environ,
    logging_config,
    numbers,
    options,
    paths,
    reqparse,
    running,
    stdlib_containers,
    switches,
    text,
    typer_commands,
    urls,
    wrapping,
)
from adaptable_preflight.read.python.machine import Check, Handler, Machine
from adaptable_preflight.read.python.objects import Object
from adaptable_preflight.source import Span

HANDLERS: dict[str, Handler] = {
    **environ.HANDLERS,
    **paths.HANDLERS,
    **numbers.HANDLERS,
    **text.HANDLERS,
    **urls.HANDLERS,
    **containers.HANDLERS,
    **stdlib_containers.HANDLERS,
    **configurations.HANDLERS,
    **running.HANDLERS,
    **switches.HANDLERS,
    **options.HANDLERS,
    **click_commands.HANDLERS,
    **typer_commands.HANDLERS,
    **declared.HANDLERS,
    **database_urls.HANDLERS,
    **django.HANDLERS,
    **django_heroku.HANDLERS,
    **reqparse.HANDLERS,
    **logging_config.HANDLERS,
    **wrapping.HANDLERS,
}

CHECKS: dict[str, Check] = {**endpoints.CHECKS, **contexts.CHECKS}

CONSTANTS: dict[str, Callable[[Machine, Span], Object]] = {**environ.CONSTANTS, **paths.CONSTANTS}
