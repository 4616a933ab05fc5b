"""`missing-file`: Streamlit's secrets, whose file is seldom in the repository."""

from collections.abc import Callable

import pytest

from adaptable_preflight.model import Deployment
from adaptable_preflight.rules import missing_file

Make = Callable[..., Deployment]

HEAD = "import os\nimport streamlit as st\n"
RUN = "streamlit run app.py --server.port $PORT --server.address 0.0.0.0"


def severities(deployment: Make, code: str, command: str = RUN, **files: str) -> list[str]:
    made = deployment({"app.py": HEAD + code, **{k.replace("__", "/"): v for k, v in files.items()}}, command)
    return [one.severity.name.lower() for one in missing_file.check(made)]


@pytest.mark.parametrize(
    "code",
    [
        "key = st.secrets['KEY']\nother = st.secrets.OTHER\n",
        "key = st.secrets.get('KEY')\n",
        "key = st.secrets['database']['password']\n",
        "if st.button('go'):\n    st.write(st.secrets['KEY'])\n",
        "try:\n    key = st.secrets['KEY']\nexcept KeyError:\n    key = ''\n",
    ],
)
def test_secrets_without_their_file(deployment: Make, code: str) -> None:
    assert severities(deployment, code) == ["warning"]


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    key = st.secrets['KEY']\nexcept Exception:\n    key = os.environ['KEY']\n",
        "try:\n    key = st.secrets.KEY\nexcept AttributeError:\n    key = ''\n",
        "secrets = st.secrets\n",
        "with open('.streamlit/secrets.toml', 'w') as file:\n    file.write('')\nkey = st.secrets['KEY']\n",
        "key = st.session_state['KEY']\n",
    ],
)
def test_secrets_that_are_not_needed(deployment: Make, code: str) -> None:
    assert severities(deployment, code) == []


def test_the_file_may_come_from_elsewhere(deployment: Make) -> None:
    code = "key = st.secrets['KEY']\n"
    assert severities(deployment, code, **{".streamlit__secrets.toml": "KEY = 'x'\n"}) == []
    assert severities(deployment, code, f"{RUN} --secrets.files /run/secrets.toml") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('mkdir -p ~/.streamlit && echo "KEY = \\"$KEY\\"" > ~/.streamlit/secrets.toml', []),
        ('mkdir -p .streamlit && echo "KEY = \\"$KEY\\"" > .streamlit/secrets.toml', []),
        ('mkdir -p ~/.streamlit && echo "[server]" > ~/.streamlit/config.toml', ["warning"]),
    ],
)
def test_the_start_script_may_write_it(deployment: Make, line: str, expected: list[str]) -> None:
    script = {"setup.sh": f"{line}\n"}
    assert severities(deployment, "key = st.secrets['KEY']\n", f"sh setup.sh && {RUN}", **script) == expected
