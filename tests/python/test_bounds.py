"""What a few lines could blow up beyond all bounds ends soon, and is not known."""

from collections.abc import Callable

import pytest

from adaptable_preflight.model import Deployment

Deploy = Callable[..., Deployment]

START = "import os\nimport requests\nfrom flask import Flask\napp = Flask(__name__)\ny = os.environ.get('Y', '1')\n"
ROUNDS = "for i in range(60):\n    "
GROWING = [
    f"x = y\n{ROUNDS}x = x + x\n",
    f"x = y\n{ROUNDS}x = f'{{x}}/{{x}}'\n",
    f"x = int(y)\n{ROUNDS}x = max(x * x, x)\n",
    f"x = 'ab'\n{ROUNDS}x = x.replace('a', 'aaaa')\n",
    f"x = 'ab'\n{ROUNDS}x = '{{}}{{}}'.format(x, x)\n",
    f"x = [1]\n{ROUNDS}x += x\n",
    f"x = [1]\n{ROUNDS}x = [*x, *x]\n",
    f"x = [1]\n{ROUNDS}x.extend(x)\n",
    f"x = requests.get(y)\n{ROUNDS}x = requests.get(x, x)\n",
    "x = '%99999999999d' % 5\n",
    "x = f'{5:99999999999}'\n",
    "x = 'a'.ljust(10 ** 11)\n",
]


@pytest.mark.parametrize("code", GROWING)
def test_what_doubles_with_each_round_comes_to_an_end(deployment: Deploy, code: str) -> None:
    found = deployment(
        {
            "Procfile": "web: gunicorn --threads 4 app:app\n",
            "requirements.txt": "flask\ngunicorn\nrequests\n",
            "app.py": f"{START}{code}requests.post(x)\nif x:\n    requests.put(x)\nrequests.get('reached')\n",
        }
    )
    last = found.code.calls[-1]
    assert (last.name, found.web is not None and found.web.outcome) == ("requests.get", "listens")
