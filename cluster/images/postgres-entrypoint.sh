#!/bin/sh
# Starts PostgreSQL as the official image does, with the same settings: POSTGRES_PASSWORD (or _FILE), POSTGRES_USER, POSTGRES_DB,
# POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD, PGDATA, and *.sql, *.sh in /docker-entrypoint-initdb.d on the first start.
set -eu

case "${1:-postgres}" in
-*) set -- postgres "$@" ;;
esac
[ "$1" = postgres ] || exec "$@"

# A volume's fsGroup opens folders to the group; the server refuses to start on such a one.
mkdir -p "$PGDATA"
chmod 700 "$PGDATA" 2>/dev/null || true

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  [ -z "${POSTGRES_PASSWORD_FILE:-}" ] || POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
  user=${POSTGRES_USER:-postgres}
  database=${POSTGRES_DB:-$user}
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "$method" != trust ]; then
    echo "Error: the data folder is empty and POSTGRES_PASSWORD is not set." >&2
    exit 1
  fi
  secret=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:-}" >"$secret"
  # shellcheck disable=SC2086
  initdb --username="$user" ${POSTGRES_PASSWORD:+--pwfile="$secret"} --encoding=UTF8 --locale=C.UTF-8 ${POSTGRES_INITDB_ARGS:-}
  rm -f "$secret"
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
  echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"

  # A private server (no network) for the first steps.
  sockets=$(mktemp -d)
  pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -c unix_socket_directories='$sockets'" -w start
  export PGHOST="$sockets" PGUSER="$user" PGPASSWORD="${POSTGRES_PASSWORD:-}"
  [ "$database" = postgres ] ||
    echo 'CREATE DATABASE :"name"' | psql -v ON_ERROR_STOP=1 -d postgres -v name="$database"
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
    *.sh) . "$file" ;;
    *.sql) psql -v ON_ERROR_STOP=1 -d "$database" -f "$file" ;;
    esac
  done
  unset PGHOST PGUSER PGPASSWORD
  pg_ctl -D "$PGDATA" -m fast -w stop
  rm -rf "$sockets"
fi

exec "$@"
