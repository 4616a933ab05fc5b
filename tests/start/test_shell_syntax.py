"""What the shells refuse: held against the shells of this machine, where it has them."""

import shutil
import subprocess

import pytest

from adaptable_preflight.read.shell.excerpt import of_source
from adaptable_preflight.read.shell.parser import parse
from adaptable_preflight.source import Source

SCRIPTS = (
    "PORT = 7122 gunicorn app:app", "gunicorn -b :$PORT app:app)", "gunicorn app:app &&", "gunicorn app:app ;;", "g 'a",
    "gunicorn myapp:create_app()", "gunicorn myapp:create_app('x')", '[ -f x -a -n "$Y" ] && a', "for x in 1 2; do a; done",
    "cat > a.py <<EOF\nfrom app import app\nEOF\ngunicorn a:app\n", "cat <<-'E' | sh\n\techo\n\tE\nx", "a &; b",
    "if a; then b; fi; c", "gunicorn &> out.log -b x", "function f { a; }; f", 'f() { a "$@"; }; f 1 2',
    "case $1 in a|b) x;; *) y; esac", "a ${PORT:0:5}", "echo ${X:?no}", "a $((1+2)) b", "a 2>&1 >x &", "time a",
    "! a && b", "while ! nc -z db 5432; do sleep 1; done; g", "a\\\n b", "trap 'kill $P' TERM\ng & P=$!\nwait $P",
    "a # comment", "a|b&&c||d;e&", "{ a; b; }", "(a; b) && c", 'export A=b c="d e"', "done", "then x", "a <<EOF\nx",
    'a "$(b "c d")" e', "x=$(a | b); c", "a $( (b) )", "if a\nthen b\nelif c; then d\nelse e\nfi >x",
    "while read x; do a; done < f", "case x in (a) b;; c) ;; esac", "for i; do a; done", "f() ( a; b )",
    "a ${X:-\"b c\"} ${Y:+'d'}", "{ a; }", "{ a }", "( )", "if ; then a; fi", "a; ; b", "; a", "& a", "a && \n b",
    "a |\n b", "a >&2", "a <<A <<B\n1\nA\n2\nB\nb", "[[ -n $A && $B == x* ]] && c", "[[ a < b ]]", "a=(1 2)", "#x",
    "a `b 'c'`", "$(a", "a\r\nb\r\n", "if a; then\r\n b\r\nfi\r\n", "a $((1+(2*3)))", "echo a{b,c}", "a &| b",
    "case x in esac", "a \\", "'", "a;b)", "elif", "fi", "} a", "echo }", "echo if", "a > ", "a | ", "a ${X", "a `b",
    'if [[ "$A" =~ ^(release|nightly)$ ]]; then b; fi', "[[ $x =~ (a b|c) && $y == 1 ]]", "[[ ( $1 =~ a ) && b ]]",
    '[[ $1 =~ "(a" ]]', "[[ $1 =~ (a ]]", "[[ $1 =~ a) ]]", "[[ $1 =~ ^[a|b]$ || -z $1 ]]", "[[ $1 =~ ]]",
)  # fmt: skip


@pytest.mark.parametrize("shell", ["dash", "bash"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_shell_and_the_reader_refuse_the_same(shell: str, script: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"this machine has no {shell}: its syntax is not compared")
    refused = subprocess.run([program, "-n", "-c", script], capture_output=True).returncode != 0
    fault = parse(of_source(Source("x", script)), bash=shell == "bash").fault
    assert (fault is not None) == refused, fault


@pytest.mark.parametrize(
    "script",
    ["(" * 500, "$(" * 500, "${a:-" * 500, "if a; then " * 500, "a " * 150_000, "`" * 99, "<<E\n" * 99, "\0", '"' * 9],
)
def test_hostile_text_ends_in_an_answer(script: str) -> None:
    parse(of_source(Source("x", script)))
    parse(of_source(Source("x", script)), bash=True)
