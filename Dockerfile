# Conduet on Debian 12: what `make setup-run` installs, and `conduet serve`. Data lies in the volume /data.
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
RUN make setup-run && rm -rf /root/.cache

USER conduet
ENV CONDUET_DATA=/data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT [".venv/bin/conduet"]
CMD ["serve", "--host", "0.0.0.0"]
