# The image of the GitHub Action. The command itself, on a folder of yours:
# docker run --rm --volume "$PWD:/repo:ro" --entrypoint /opt/preflight/bin/python IMAGE -I -m adaptable_preflight check /repo
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ARG PYTHON
# Every distribution by its hash, and no more than these: `actions-toolkit` asks for PyGithub (LGPL) and cryptography
# for parts that are not used here; the tests that its wheel installs are removed. Nothing is compiled by the reader of
# the action later: the byte code is shipped, and it is not compared with its source at each start.
RUN --mount=type=bind,source=requirements/image.txt,target=/requirements.txt \
    python -m venv --without-pip /opt/preflight \
    && pip --python /opt/preflight/bin/python install --no-cache-dir --no-deps --require-hashes --no-compile \
        --requirement /requirements.txt \
    && rm -r /opt/preflight/lib/python${PYTHON}/site-packages/tests
COPY src/adaptable_preflight /opt/preflight/lib/python${PYTHON}/site-packages/adaptable_preflight
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/preflight/lib

FROM python:${PYTHON}-slim
LABEL org.opencontainers.image.title="adaptable-preflight" \
      org.opencontainers.image.description="Tells whether the deploy of a Python web app will work, and which line breaks it." \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/preflight /opt/preflight
# Straight into Python: a shell would drop the inputs whose names hold a hyphen. `-I` keeps the checkout, the user's
# packages and PYTHON* variables out of the module path. There is no USER: the runner's workspace belongs to another one.
ENTRYPOINT ["/opt/preflight/bin/python", "-I", "-m", "adaptable_preflight.action"]
