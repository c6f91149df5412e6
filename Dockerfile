# Every image of the system: `docker build --target operator .` and so on, after `npm run build` has written dist/.
# BASE brings Node 24; where no registry can be reached, cluster/images.ts passes one made from this machine's own programs.
ARG BASE=docker.io/library/node:24-bookworm-slim
FROM ${BASE} AS base
ENV NODE_ENV=production
WORKDIR /app
# Not root, and nothing in the image belongs to this user: it runs with a read-only root folder.
USER 65532:65532

FROM base AS operator
COPY dist/operator/ /app/
# Both keep what was needed for a moment (the first lists) from staying resident.
ENV MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072
# A thousand vaults at rest: 108 MB resident instead of 198, as V8 collects before it takes more.
ENTRYPOINT ["node", "--max-semi-space-size=2", "--optimize-for-size", "/app/operator.mjs"]

FROM base AS gateway
COPY dist/gateway/ /app/
EXPOSE 8080
# A small young generation: under load it stays near 220 MB instead of 330, at the same speed.
ENTRYPOINT ["node", "--max-semi-space-size=4", "/app/gateway.mjs"]

# The control API with the console that it serves; as the worker it is started with `work`.
FROM base AS control-api
COPY dist/control-api/ /app/
EXPOSE 8080
ENTRYPOINT ["node", "/app/control-api.mjs"]

# The release says how it is run: `serve` or `migrate`.
FROM base AS vault
COPY dist/vault/ /app/
EXPOSE 8080 9090
ENTRYPOINT ["node", "/app/vault.cjs"]

# The application's release before that one.
FROM base AS vault-previous
COPY dist/vault-previous/ /app/
EXPOSE 8080 9090
ENTRYPOINT ["node", "/app/vault.cjs"]

FROM base AS mail-catcher
COPY dist/mail-catcher/ /app/
EXPOSE 1025 8025
ENTRYPOINT ["node", "/app/mail-catcher.cjs"]
