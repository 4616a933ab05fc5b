"""A look at a module's text before it is parsed: in a large code-base most modules cannot matter to any rule.

The first modules that an app imports are executed whatever they hold. Past a budget only those are whose text holds a
word that some fact needs; of the others just the imports are followed, by their lines.
"""

import re

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.source import Source

BUDGET = 250_000
"""Characters of code that are executed whatever they hold: nine of ten public apps are smaller as a whole."""

WORDS = (
    *(
        "sqlite",
        ".files",
        ".FILES",
        "UploadFile",
        " open(",
        "=open(",
        "(open(",
        "hread",
        "Timer(",
        "environ",
        "getenv",
        "open([",
    ),
    *("os.system", "create_engine", "Scheduler", "multiprocessing", "create_task", "add_task", "atexit", "ssl_"),
    *("Flask(", "FastAPI(", "SocketIO(", "FileHandler", "ProxyFix", "orwarded", "REMOTE_ADDR", "remote_addr"),
    *("psycopg", "shelve", "TinyDB", "load_model", "from_pretrained", "://localhost", "127.0.0.1", "BaseSettings"),
    *("    global ", "urlretrieve", ".sleep(", "import_module", "Limiter(", "Cache(", "Session(", "SECRET_KEY"),
    *("secret_key", "basicConfig", "to_csv(", "savefig(", "Popen(", "spawn", "write_text", "FileField"),
    *("ImageField", "Executor(", "run_in_executor", "BackgroundTask", "repeat_every", "schedule", "Worker("),
)
"""What the text of a module holds, if any rule can have something to say of it."""

_SAVED_AS = late_pattern(r"\.save\([ \t\n]*(?!\w+[ \t]*=)[^ \t\n)*]")
"""A `save` that is told where to: a picture or a table is saved so, a model of a database is not."""

_IMPORT = late_pattern(
    r"^[ \t]{0,4}(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(?:\(([^)]*)\)|([^\n#]*))|import[ \t]+([\w., \t]+))",
    re.MULTILINE,
)


def matters(source: Source) -> bool:
    """Whether a module's text holds a word that a fact may need."""
    text = source.text
    return any(word in text for word in WORDS) or (".save(" in text and _SAVED_AS.search(text) is not None)


def imports(source: Source) -> list[tuple[int, str, tuple[str, ...], int]]:
    """Return the imports of a module by their lines: dots before the name, name, imported names, offset."""
    found: list[tuple[int, str, tuple[str, ...], int]] = []
    for match in _IMPORT.finditer(source.text):
        whole, in_brackets, in_line, plain = match.groups()
        if plain is not None:
            parts = (part.split(" as ")[0].strip() for part in plain.split(","))
            found.extend((0, part, (), match.start()) for part in parts if part)
            continue
        name = whole.lstrip(".")
        listed = re.sub(r"#[^\n]*|\\", "", in_brackets or in_line or "")
        names = tuple(n.split(" as ")[0].strip() for n in listed.split(",") if n.strip())
        found.append((len(whole) - len(name), name, names, match.start()))
    return found
