# Three stages: the first builds the console, the second installs the hashed lock, the third holds only what runs.
FROM python:3.13-slim AS console
COPY requirements/console.lock /tmp/console.lock
RUN python -m venv /opt/node \
 && /opt/node/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/console.lock
COPY scripts/console.py /src/scripts/console.py
COPY console /src/console
RUN /opt/node/bin/python /src/scripts/console.py build

FROM python:3.13-slim AS build
COPY requirements/runtime.lock /tmp/runtime.lock
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/runtime.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/bidscreen --create-home bidscreen
COPY --from=build /opt/venv /opt/venv
COPY migrations /srv/bidscreen/migrations
COPY app /srv/bidscreen/app
COPY --from=console /src/app/platform/web/console/built /srv/bidscreen/app/platform/web/console/built
RUN /opt/venv/bin/python -m compileall -q /srv/bidscreen
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/srv/bidscreen \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BIDSCREEN_DATA_DIR=/var/lib/bidscreen \
    BIDSCREEN_HOST=0.0.0.0 \
    BIDSCREEN_PORT=8000
USER bidscreen
VOLUME /var/lib/bidscreen
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['BIDSCREEN_PORT'] + '/api/v1/health', timeout=4)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
