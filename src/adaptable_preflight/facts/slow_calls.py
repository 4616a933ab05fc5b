"""Calls that take long, or as long as another machine likes: what each of them does."""

from typing import Final

from adaptable_preflight.facts.video_downloads import DOWNLOADERS
from adaptable_preflight.knowledge.bots import waits
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Call
from adaptable_preflight.value import Concat, Items, Known, Thing, Value, leading, text_of

SLEEP_SECONDS: Final = 5
"""A shorter sleep does no harm to a start that may take minutes."""

_CLIENTS = ("requests", "httpx", "requests.Session", "requests.sessions.Session", "httpx.Client", "urllib3.PoolManager")
_NETWORK: Final = frozenset(
    {f"{client}.{verb}" for client in _CLIENTS for verb in ("get", "post", "put", "patch", "head", "request")}
    | {"urllib.urlopen", "urllib2.urlopen", "urllib.urlretrieve", *DOWNLOADERS}
    | {"urllib.request.urlopen", "urllib.request.urlretrieve", "wget.download", "yfinance.download", "feedparser.parse"}
)
_DOWNLOADS: Final = frozenset(
    "nltk.download gdown.download gdown.download_folder huggingface_hub.hf_hub_download kagglehub.model_download "
    "huggingface_hub.snapshot_download kagglehub.dataset_download spacy.cli.download gensim.downloader.load "
    "torch.hub.load_state_dict_from_url stanza.download torch.hub.download_url_to_file "
    "webdriver_manager.chrome.ChromeDriverManager.install chromedriver_autoinstaller.install".split()
)
"""Functions that fetch a model, a data set or a program which is not in the image."""
_MODELS: Final = frozenset(
    "tensorflow_hub.load torch.hub.load transformers.pipeline sentence_transformers.SentenceTransformer "
    "whisper.load_model faster_whisper.WhisperModel easyocr.Reader langchain_huggingface.HuggingFaceEmbeddings "
    "langchain_community.embeddings.HuggingFaceEmbeddings".split()
)
"""Functions that fetch the model that they are told, where they are told no path."""
_KERAS: Final = late_pattern(r"(?:tensorflow\.)?keras\.applications\.(?:\w+\.)?[A-Z]\w+$")
"""Networks that Keras fetches with their weights. Source: https://keras.io/api/applications/"""

_LOCAL: Final = late_pattern(r"^(?:\.{0,2}/|.*\.(?:bin|pt|pth|onnx|h5)$)")
_FETCHING: Final = late_pattern(
    r"(?:^|[;&|]\s*|\s)(?:(?:pip3?|npm|apt(?:-get)?|playwright)\s+(?:-\S+\s+)*install|curl\s|wget\s|git\s+clone|dvc\s+pull"
    r"|gsutil\s+cp|aws\s+s3|python3?\s+-m\s+(?:spacy\s+download|pip\s+install))"
)
_SHELLS: Final = frozenset(
    "os.system os.popen subprocess.run subprocess.call subprocess.check_call subprocess.check_output "
    "subprocess.getoutput subprocess.Popen".split()
)


_CONNECTIONS: Final = frozenset(
    "psycopg2.connect psycopg.connect pymysql.connect MySQLdb.connect mysql.connector.connect pyodbc.connect "
    "pymssql.connect pg8000.connect pg8000.dbapi.connect".split()
)
_QUERIES: Final = frozenset({"pandas.read_sql", "pandas.read_sql_query", "pandas.read_sql_table"})
"""What reads a whole result. Source: https://pandas.pydata.org/docs/reference/io.html#sql"""


_DJANGO_QUERIES: Final = late_pattern(
    r"django\.db\.models\.Model\.objects\.(?:\w+\.)*"
    r"(?:__iter__|get|first|last|count|exists|aggregate|create|get_or_create|update_or_create|bulk_create|earliest|latest)$"
)
"""What asks the database at once. Source: https://docs.djangoproject.com/en/stable/ref/models/querysets/"""
_NO_TABLES: Final = frozenset({"OperationalError", "ProgrammingError", "DatabaseError", "Error"})
"""What a database raises whose tables are not made yet."""


def endless(call: Call) -> str:
    """Return why the code behind a call is never reached; empty where it is."""
    if call.name == "while":
        return "it runs an endless loop"
    return "it waits for a bot's messages" if waits(call.name, bool(call.arguments)) else ""


def slow(call: Call) -> str:
    """Return what a call does that takes long, as the end of «importing the app …»; empty where it does not."""
    if call.name == "time.sleep":
        seconds = call.arguments[0].value if call.arguments else None
        number = seconds.value if isinstance(seconds, Known) else None
        return f"sleeps for {number} seconds" if isinstance(number, int | float) and number >= SLEEP_SECONDS else ""
    if call.name in _CONNECTIONS and not call.function and not call.caught:
        return "opens a connection to the database, which all requests then share until it breaks"
    if call.name in _NETWORK:
        return "waits for an answer of another server"
    if call.name in _DOWNLOADS or _fetches_model(call):
        return "downloads a model or data"
    if call.name in ("pandas.read_csv", "pandas.read_json", "pandas.read_excel") and call.arguments:
        remote = leading(call.arguments[0].value).startswith(("http://", "https://", "s3://", "ftp://"))
        return "downloads data" if remote else ""
    if call.name in _QUERIES and _is_remote(call):
        return "reads from the database"
    if _DJANGO_QUERIES.match(call.name) and not (call.caught or call.catching & _NO_TABLES):
        return "asks the database, which fails until its tables are made"
    if call.name in _SHELLS and call.arguments and _FETCHING.search(_command(call.arguments[0].value)[:2000]):
        return "runs a program that downloads something"
    return ""


def _fetches_model(call: Call) -> bool:
    if _KERAS.match(call.name):
        weights = call.argument(1, "weights")
        return call.complete and (weights is None or text_of(weights.value) == "imagenet")
    return (call.name in _MODELS or call.name.endswith(".from_pretrained")) and not _is_local(call)


def _is_remote(call: Call) -> bool:
    """Whether a query is known to go to a database that is no file."""
    connection = call.argument(1, "con")
    if connection is None or not isinstance(connection.value, Thing) or connection.value.name.startswith("sqlite3"):
        return False
    told = [leading(argument.value) for argument in connection.value.arguments]
    return connection.value.name.endswith((".create_engine", ".connect")) and not any("sqlite" in text for text in told)


def _is_local(call: Call) -> bool:
    """Whether a model is named by a path, or not at all."""
    named = [text_of(argument.value) or leading(argument.value) for argument in call.arguments[:2]]
    alone = any(
        a.name == "local_files_only" and a.value[0] is True for a in call.arguments if isinstance(a.value, Known)
    )
    return alone or any(_LOCAL.match(name) for name in named)


def _command(value: Value) -> str:
    """Return a command's text as far as it is known."""
    if isinstance(value, Items):
        return " ".join(text_of(item) or "…" for item in value.items)
    if isinstance(value, Concat):
        return "".join(text_of(part) or "…" for part in value.parts)
    return text_of(value) or ""
