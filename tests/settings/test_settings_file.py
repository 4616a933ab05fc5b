from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.settings import Settings, SettingsError, settings_of
from adaptable_preflight.settings_file import given

Repository = Callable[[Mapping[str, str | bytes]], Path]

TOML = """\
[project]
name = "x"
port = 1

[tool.adaptable-preflight]
platform = "cloud-run"
start-command = "gunicorn app:app"
port = 5000
python-version = 3.10
database = "none"
builder = "nixpacks"
environment = ["SECRET_KEY", "APP=web"]
fail-on = "warning"
exclude = ["legacy"]

[[tool.adaptable-preflight.allow]]
path = "app.py"
rule = "dev-server"
reason = "a demo"
"""
YAML = """\
# what is set on the platform
platform: cloud-run
start-command: gunicorn app:app
port: 5000
python-version: 3.10
database: none
builder: nixpacks
environment: [SECRET_KEY, APP=web]
fail-on: warning
exclude: [legacy]
allow:
  - path: app.py
    rule: dev-server
    reason: a demo
"""


def read(folder: Path) -> Settings:
    return settings_of(given(Checkout(str(folder))))


@pytest.mark.parametrize(
    ("files", "line", "column"),
    [({"pyproject.toml": TOML}, 7, 18), ({".adaptable-preflight.yml": YAML}, 3, 16)],
)
def test_both_files_hold_the_same_settings(
    repository: Repository, files: Mapping[str, str], line: int, column: int
) -> None:
    settings = read(repository(files))
    (path,) = files
    span = settings.start_command_span
    assert span is not None
    assert (span.path, span.line, span.column, span.end_column) == (path, line, column, column + 16)
    assert settings._replace(allow=(), start_command_span=None) == Settings(
        platform="cloud-run",
        start_command="gunicorn app:app",
        port=5000,
        python_version="3.10",
        database="none",
        builder="nixpacks",
        environment=(("SECRET_KEY", None), ("APP", "web")),
        fail_on="warning",
        exclude=("legacy",),
    )
    (allow,) = settings.allow
    assert (allow.path, allow.rule, allow.reason) == ("app.py", "dev-server", "a demo")
    assert (allow.span.path, allow.span.line) == (path, 17 if path == "pyproject.toml" else 12)


def test_a_repository_without_settings_has_the_defaults(repository: Repository) -> None:
    assert read(repository({"pyproject.toml": "[project]\nname = 'x'\n"})) == Settings()


def test_a_table_names_variables_too(repository: Repository) -> None:
    settings = read(repository({".adaptable-preflight.yml": "environment:\n  A: 1\n  B: two\n"}))
    assert settings.environment == (("A", "1"), ("B", "two"))


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("prot = 1", r"pyproject.toml:2: there is no setting «prot»: did you mean «port»"),
        ('port = "web"', r"pyproject.toml:2: port must be a number"),
        ("port = 70000", r"pyproject.toml:2: port must be a number"),
        ("port = true", r"pyproject.toml:2: port must be a number"),
        ('fail-on = "eror"', r"pyproject.toml:2: fail-on cannot be «eror»: did you mean «error»"),
        ('database = "mysql"', r"pyproject.toml:2: database cannot be «mysql»"),
        ("platform = 3", r"pyproject.toml:2"),
        ('python-version = "latest"', r"pyproject.toml:2: python-version must be a version"),
        ('environment = "A"', r"pyproject.toml:2: environment must be a list"),
        ('environment = [\n"A",\n"1A"]', r"pyproject.toml:4: «1A» is no name of a variable"),
        ('allow = [{path = "a", rule = "b"}]', r"pyproject.toml:2: the entry of allow has no reason"),
        ('allow = [{path = "a", rule = "b", reason = " "}]', r"pyproject.toml:2: the entry of allow has no reason"),
        ('allow = [{path = "a", rul = "b", reason = "c"}]', r"pyproject.toml:2: .* no «rul»: did you mean «rule»"),
        ("allow = ['dev-server']", r"pyproject.toml:2: an entry of allow has path, rule and reason"),
        ("x = [", r"pyproject.toml:\d: this is no valid TOML"),
    ],
)
def test_what_is_wrong_in_toml_names_its_line_and_the_way_out(repository: Repository, key: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read(repository({"pyproject.toml": f"[tool.adaptable-preflight]\n{key}\n"}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: b\nplatfrom: x", r"yml:1: there is no setting «a»"),
        ("port: 1\nport: 2", r"yml:2: «port» is set twice"),
        ("- a", r"yml:1: the settings must be a mapping"),
        ("port: [", r"yml:\d: this is no valid YAML"),
        ("platform:", r"yml:1: platform must be text"),
        ("environment: {A: {B: {C: {D: {E: 1}}}}}", r"nested too deep"),
        ("exclude:\n- a\n- [b]", r"yml:3: an entry of exclude must be text"),
        ("a: " + "[" * 5000, r"yml:1: this is no valid YAML"),
    ],
)
def test_what_is_wrong_in_yaml_names_its_line_and_the_way_out(repository: Repository, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read(repository({".adaptable-preflight.yml": text}))


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"pyproject.toml": TOML, ".adaptable-preflight.yml": YAML}, "keep one of them"),
        ({".adaptable-preflight.yaml": YAML}, "rename it"),
        ({".adaptable-preflight.yml": b"platform: \xff"}, "not valid UTF-8"),
    ],
)
def test_a_file_that_does_not_count_is_said(repository: Repository, files: Mapping[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read(repository(files))


def test_a_broken_pyproject_without_our_table_is_not_a_matter_of_settings(repository: Repository) -> None:
    assert read(repository({"pyproject.toml": "[project\n# adaptable-preflight"})) == Settings()
