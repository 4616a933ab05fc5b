"""Programs whose command lines `click` and `typer` take apart: which values reach a call."""

from pathlib import Path

import pytest

from adaptable_preflight.model import Run, Word
from adaptable_preflight.value import Known, show
from tests.python.test_flow import PLATFORM, SPAN, engine

COMMAND = """
import click
from library import serve
@click.command()
@click.option("--debug/--normal", default=False)
@click.option("--Port", default=1)
@click.option("-v/-q", "--verbose/--quiet")
@click.option("--name", "-n", envvar="NAME", multiple=True)
@click.argument("first")
@click.argument("others", nargs=-1)
@click.pass_context
def run(ctx, debug, port, verbose, name, first, others):
    serve(debug, port, verbose, name, first)
run()
"""
GROUP = """
import click
from library import serve
@click.group(invoke_without_command=True)
@click.option("--port", default=8)
@click.pass_context
def cli(ctx, port):
    serve("group", port, ctx.invoked_subcommand)
    if ctx.invoked_subcommand is None:
        ctx.invoke(run, host="h")
@cli.command()
@click.option("--port", type=int, default=lambda: 7)
@click.option("--host")
def run(port, host):
    serve(port, host)
@cli.command("other-one")
def other():
    serve("other")
@cli.group()
def deep():
    pass
@deep.command()
@click.pass_obj
def start_cmd(obj, missing):
    serve("deep")
cli(obj={})
"""
TYPER = """
import typer
from library import serve
from typing import Annotated, Optional
app = typer.Typer()
@app.command()
def main(
    name: str,
    port: int = 8000,
    debug: bool = False,
    host: Optional[str] = typer.Option("h", "--host", "-h"),
    workers: Annotated[int, typer.Option("--workers", envvar="WEB")] = 3,
    kind: str = typer.Argument("plain"),
):
    serve(name, port, debug, host, workers, kind)
"""
SECOND = """
@app.command()
def by_hand(ctx: typer.Context):
    serve("by hand")
"""
CALLED = "app()\n"


def program(folder: Path, text: str, words: str) -> tuple[Run, list[list[str]]]:
    """Run a program with its words; return what becomes of it, and what reaches `serve(…)`."""
    made = engine(folder, app=text)
    run = made.run_file("app.py", tuple(Word(Known(word), SPAN) for word in ("app.py", *words.split())), PLATFORM, "")
    calls = (call for call in made.code().calls if call.name == "library.serve" and call.phase == "import")
    return run, [[show(argument.value) for argument in call.arguments] for call in calls]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (COMMAND, "x", [["False", "1", "False", "$NAME", "x"]]),
        (COMMAND, "--debug x -v --Port 8 y", [["True", "8", "True", "$NAME", "x"]]),
        (COMMAND, "--normal -q x", [["False", "1", "False", "$NAME", "x"]]),
        (GROUP, "", [["group", "8", ""], ["7", "h"]]),
        (GROUP, "--port 9 run --port 5", [["group", "9", "run"], ["5", ""]]),
        (GROUP, "other-one", [["group", "8", "other-one"], ["other"]]),
        (GROUP, "deep start", [["group", "8", "deep"], ["deep"]]),
        (TYPER + CALLED, "n", [["n", "8000", "False", "h", "${WEB:-3}", "plain"]]),
        (TYPER + CALLED, "n --port 9 --debug -h k --workers 5 z", [["n", "9", "True", "k", "5", "z"]]),
        (TYPER + SECOND + CALLED, "main n", [["n", "8000", "False", "h", "${WEB:-3}", "plain"]]),
        (TYPER + SECOND + CALLED, "by-hand", [["by hand"]]),
    ],
)
def test_the_command_line_decides_what_is_called(
    tmp_path: Path, text: str, words: str, expected: list[list[str]]
) -> None:
    run, called = program(tmp_path, text, words)
    assert called == expected
    assert run.failure is None
    assert run.unknown is not None
    assert "library.serve" in run.unknown.why  # a library's function of that name may never return


@pytest.mark.parametrize(
    ("text", "words", "status"),
    [
        (COMMAND, "", 2),
        (COMMAND, "--Port u x", 2),
        (GROUP, "deep", 2),
        (TYPER + CALLED, "", 2),
        (TYPER + SECOND + CALLED, "nothing", 2),
    ],
)
def test_a_command_line_may_be_refused(tmp_path: Path, text: str, words: str, status: int) -> None:
    run, _ = program(tmp_path, text, words)
    assert (run.failure, run.status) == (None, status)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (COMMAND, "x --brought-by-a-plugin"),
        (GROUP, "brought-by-a-plugin"),
        (GROUP.replace("group(inv", "group(cls=Mine, inv"), "run"),
        (COMMAND.replace("@click.pass_context\n", "@library.wrapped\n@library.around(2)\n"), "x"),
    ],
)
def test_what_is_not_followed_stays_open(tmp_path: Path, text: str, words: str) -> None:
    run, _ = program(tmp_path, f"import library\nclass Mine: pass\n{text}", words)
    assert run.failure is None
    assert run.unknown is not None
