# One image for the serving process, the worker and the chores; see compose.yaml.

FROM python:3.11-slim AS packages
COPY requirements.txt .
RUN python -m pip install --no-cache-dir --no-deps --prefix=/packages -r requirements.txt

FROM python:3.11-slim AS console
COPY requirements-console.txt .
RUN python -m pip install --no-cache-dir --no-deps -r requirements-console.txt
WORKDIR /inn/console
COPY console/package.json console/package-lock.json console/.npmrc ./
RUN npm ci
COPY docs/openapi.json ../docs/openapi.json
COPY console .
RUN npm run build

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /inn --shell /usr/sbin/nologin inn
COPY --from=packages /packages /usr/local
WORKDIR /inn
COPY miniprogram_api miniprogram_api
COPY models models
COPY handlers handlers
COPY app app
COPY scripts scripts
COPY --from=console /inn/console/dist console/dist
RUN python -m compileall -q miniprogram_api models handlers app scripts

ENV APP_ENV=prod \
    HOST=0.0.0.0 \
    PORT=8080 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
