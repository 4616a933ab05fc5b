"""How much processor time it takes to follow one start command, once everything is imported.

PYTHONPATH=src python bench/start_commands.py [ROUNDS]
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from adaptable_preflight import platforms
from adaptable_preflight.assemble import assemble
from adaptable_preflight.checkout import Checkout
from adaptable_preflight.settings import Settings

LIMIT_MS = 5.0
APP = "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route('/')\ndef index():\n    return 'ok'\n"
FILES = {
    "app.py": APP,
    "main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    "start.sh": '#!/bin/sh\nset -e\nif [ -z "$PORT" ]; then PORT=8000; fi\nexec gunicorn -b 0.0.0.0:$PORT app:app\n',
    "gunicorn.conf.py": "import os\n\nbind = f\"0.0.0.0:{os.environ['PORT']}\"\nthreads = 4\n",
    "Makefile": "web:\n\tgunicorn -b 0.0.0.0:$(PORT) app:app\n",
}
COMMANDS = (
    "gunicorn app:app",
    "gunicorn --bind=0.0.0.0:$PORT --threads=4 app:app",
    "uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}",
    "sh start.sh",
    "./start.sh",
    "bash -c 'cd . && exec gunicorn -b :$PORT app:app'",
    "[ -f app.py ] && gunicorn app:app || gunicorn main:app",
    "flask db upgrade && newrelic-admin run-program gunicorn app:app",
    "make web",
    '["gunicorn", "-b", "0.0.0.0:8000", "app:app"]',
)


def milliseconds(command: str, root: str, rounds: int) -> float:
    """Return the median processor time of following a command in a repository that was never read before."""
    platform = platforms.load("adaptable")
    times = []
    for _ in range(rounds):
        checkout = Checkout(root)
        began = time.process_time()
        assemble(checkout, Settings(start_command=command), platform)
        times.append(1000 * (time.process_time() - began))
    return statistics.median(times)


def main() -> int:
    """Print the times; fail where one is above the limit."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    slow = 0
    with tempfile.TemporaryDirectory() as root:
        for name, text in FILES.items():
            path = Path(root, name)
            path.write_text(text)
            path.chmod(0o755 if text.startswith("#!") else 0o644)
        for command in COMMANDS:
            milliseconds(command, root, 1)  # imports what it needs
            took = milliseconds(command, root, rounds)
            slow += took > LIMIT_MS
            print(f"{took:7.2f} ms  {command}")
    print(f"limit {LIMIT_MS} ms: {'kept' if not slow else f'{slow} above'}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
