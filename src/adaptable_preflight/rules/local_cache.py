"""`local-cache`: a cache or the counters of a rate limit that live on one instance."""

from collections.abc import Iterator

from adaptable_preflight.facts.caches import local_caches, memory_limits
from adaptable_preflight.facts.doubt import doubts, happens, unless, weighed
from adaptable_preflight.facts.sessions import LocalStore
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "local-cache"
CLAUSE = "stateless"
SEVERITY = Severity.WARNING
SUMMARY = "A cache or rate limit is kept in one process's memory or on disk."


_ADVICE = {
    "flask": 'Name a Redis database: CACHE_TYPE = "RedisCache" with CACHE_REDIS_URL.',
    "django": 'Name a Redis database: CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", '
    '"LOCATION": os.environ["REDIS_URL"]}}',
}


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each cache and each rate limit that other processes do not see."""
    title = deployment.platform.title
    app = deployment.served_app
    framework = (app.framework if app is not None else None) or ""
    for store in local_caches(deployment.code):
        yield from _finding(
            deployment,
            store,
            f"On {title} the cache is kept {store.where}{_unless(store)}: it is empty after each restart, and every "
            "worker and instance has its own, so their answers differ.",
            _ADVICE.get(framework, "Keep it in Redis, which all of them share."),
        )
    for store in memory_limits(deployment.code):
        yield from _finding(
            deployment,
            store,
            f"On {title} the limit counts {store.where}{_unless(store)}: every worker and instance counts by itself, "
            "so a client may do several times what is allowed.",
            'Name a Redis database: storage_uri=os.environ["REDIS_URL"].',
        )


def _unless(store: LocalStore) -> str:
    """Return the end of a sentence that names a variable which would choose another store."""
    return f" unless {store.unset[0]} is set there" if store.unset else unless(store.guards)


def _finding(deployment: Deployment, store: LocalStore, message: str, advice: str) -> Iterator[Finding]:
    if happens(deployment, store.guards):
        severity, confidence = weighed(SEVERITY, doubts(store.guards) + bool(store.unset) + store.doubtful)
        yield Finding(ID, severity, store.span, message, advice, confidence)
