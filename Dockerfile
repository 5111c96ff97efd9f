# syntax=docker/dockerfile:1
# The server without a desktop; docs/packaging.md says how it is used.

# ---- build: the image of mvn -Ppackage package, with a Java of its own

FROM eclipse-temurin:25.0.3_9-jdk-noble AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends maven \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# Moved, not copied: the start-up cache is bound to the times of the files.
RUN --mount=type=cache,target=/repository \
    mvn -B -Ppackage -Dpackage.archives=false -Dmaven.repo.local=/repository package \
    && mv packaging/target/snoozy-*-linux-* /opt/snoozy

# ---- run: glibc and the image, nothing else

FROM debian:12.12-slim
RUN useradd --system --uid 10001 --user-group --home-dir /data --no-create-home snoozy \
    && install -d -o snoozy -g snoozy -m 0700 /data
COPY --from=build /opt/snoozy /opt/snoozy

# Names of files are in UTF-8; models, keys and all else that stays are in the volume.
ENV LANG=C.UTF-8 \
    SNOOZY_HOME=/data
VOLUME /data
USER snoozy
WORKDIR /data
EXPOSE 4891

# No curl in the image: bash asks. /health needs no key, and is 503 until the model of --model is loaded.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/4891 && printf 'GET /health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == *' 200 '* ]]"]

# The launcher becomes Java, so the signal reaches it: answers in progress may end, for less than the ten
# seconds that docker waits.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/snoozy/bin/snoozy"]
# It listens to other machines, so it demands keys and does not start without them.
CMD ["serve", "--host", "0.0.0.0", "--api-key-file", "/data/api-keys", "--drain", "8"]
