# Conduet on Debian 12: what `make setup-run` installs, and `conduet serve`. Data lies in the volume /data.
FROM node:22-bookworm-slim AS web
WORKDIR /app/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci
COPY web ./
RUN npm run build

FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /data conduet \
    && install -d -o conduet -g conduet /data /app

WORKDIR /app
COPY Makefile README.md pyproject.toml requirements.lock requirements-uv.lock ./
COPY scripts scripts
COPY models models
COPY src src
COPY --from=web /app/src/conduet/app/static src/conduet/app/static
RUN CONDUET_SKIP_WEB=1 make setup-run && rm -rf /root/.cache

USER conduet
ENV CONDUET_DATA=/data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT [".venv/bin/conduet"]
CMD ["serve", "--host", "0.0.0.0"]
