"""What arguments a program gets from the shell."""

import pytest

from adaptable_preflight.value import Concat
from tests.start.conftest import Runs


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("serve -b 0.0.0.0:$PORT app:app", "-b 0.0.0.0:$PORT app:app"),
        ("serve -b 0.0.0.0:${PORT:-8000}", "-b 0.0.0.0:${PORT:-8000}"),
        ("serve '0.0.0.0:$PORT'", "0.0.0.0:$PORT"),
        ("serve \"app:create_app('x')\"", "app:create_app('x')"),
        ("serve a\\ b", "a b"),
        ("serve a \\\n  b", "a b"),
        ("serve a # b", "a"),
        ("X=1; serve $X ${X}2 ${X:+3} ${Y:-4}", "1 12 3 ${Y:-4}"),
        ("O='-w 2  -b :1'; serve $O", "-w 2 -b :1"),
        ("O='-w 2'; serve \"$O\"", "-w 2"),
        ("set -- a 'b c'; serve \"$@\" $#", "a b c 2"),
        ("F=src/app.py; serve ${F%.py} ${F##*/} ${#F}", "src/app app.py 10"),
        ("serve $((2 * 2 + 1))", "5"),
        ("serve $(echo one two)", "one two"),
        ("P=1 serve $P", ""),
        ("eval 'serve $PORT'", "$PORT"),
    ],
)
def test_words(run: Runs, text: str, arguments: str) -> None:
    _, recorder = run(text, env={"PORT": "$PORT"} if text.startswith("P=1") else None)
    assert recorder.served == [arguments]


def test_number_of_arguments(run: Runs) -> None:
    _, recorder = run('X=""; serve $X "$X" $UNSET a', env={})
    assert [word.text for word in recorder.launches[0].words] == ["serve", "", "a"]


def test_span_of_a_value_in_quotes(run: Runs) -> None:
    _, recorder = run('sh -c "serve -b 127.0.0.1:$PORT"')
    value = recorder.launches[0].words[2].value
    assert isinstance(value, Concat)
    assert [part.span and (part.span.line, part.span.column) for part in value.parts] == [(1, 17), (1, 27)]


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("A=(a 'b c'); A+=(d); serve \"${A[@]}\"", ["a", "b c", "d"]),
        ("A=(a b); serve ${A[1]} ${#A}", None),
        ("X=abcdef; serve ${X:1:3} ${X^^} ${X/b/B}", ["bcd", "ABCDEF", "aBcdef"]),
        ("IFS=,; X=a,b; serve $X", ["a", "b"]),
        ("serve $(echo Web | tr a-z A-Z)", ["WEB"]),
    ],
)
def test_words_of_bash(run: Runs, text: str, arguments: list[str] | None) -> None:
    _, recorder = run(text, env={}, dialect="bash")
    found = [word.text for word in recorder.launches[0].words[1:]]
    assert found == arguments if arguments is not None else found[0] == "b"
