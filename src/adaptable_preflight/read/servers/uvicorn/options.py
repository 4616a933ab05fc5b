"""uvicorn's table of options.

Source: `uvicorn.main.main` of uvicorn 0.54.0.
"""

from adaptable_preflight.read.servers.grammar import table
from adaptable_preflight.read.servers.grammar.click import Grammar

VERSION = "0.54.0"

OPTIONS = table(
    """
host --host
port --port int
uds --uds
fd --fd int
reload --reload flag
reload_dirs --reload-dir path
reload_includes --reload-include
reload_excludes --reload-exclude
reload_delay --reload-delay float
workers --workers int
loop --loop
http --http
http2 --http2 flag
ws --ws
ws_max_size --ws-max-size int
ws_max_queue --ws-max-queue int
ws_ping_interval --ws-ping-interval float
ws_ping_timeout --ws-ping-timeout float
ws_per_message_deflate --ws-per-message-deflate bool
lifespan --lifespan choices=auto|on|off
interface --interface choices=auto|asgi3|asgi2|wsgi
env_file --env-file path
log_config --log-config path
log_level --log-level choices=critical|error|warning|info|debug|trace
access_log --access-log /--no-access-log flag
use_colors --use-colors /--no-use-colors flag
proxy_headers --proxy-headers /--no-proxy-headers flag
server_header --server-header /--no-server-header flag
date_header --date-header /--no-date-header flag
forwarded_allow_ips --forwarded-allow-ips
root_path --root-path
limit_concurrency --limit-concurrency int
backlog --backlog int
limit_max_requests --limit-max-requests int
limit_max_requests_jitter --limit-max-requests-jitter int
timeout_keep_alive --timeout-keep-alive int
timeout_graceful_shutdown --timeout-graceful-shutdown int
timeout_worker_healthcheck --timeout-worker-healthcheck int
ssl_keyfile --ssl-keyfile
ssl_certfile --ssl-certfile
ssl_keyfile_password --ssl-keyfile-password
ssl_version --ssl-version int
ssl_cert_reqs --ssl-cert-reqs int
ssl_ca_certs --ssl-ca-certs
ssl_ciphers --ssl-ciphers
headers --header
version --version ends
app_dir --app-dir
h11_max_incomplete_event_size --h11-max-incomplete-event-size int
reset_contextvars --reset-contextvars flag
factory --factory flag
help --help ends
"""
)
GRAMMAR = Grammar("uvicorn", OPTIONS, prefix="UVICORN", argument_variable="UVICORN_APP")
