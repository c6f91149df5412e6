# Starts PostgreSQL; the first time it makes the data folder and the operator's role. Needs sh, initdb and postgres.
set -eu

data=/data/pgdata
if [ ! -s "$data/PG_VERSION" ]; then
  # Made beside its place and moved when complete: a start that was cut short leaves nothing half done.
  rm -rf "$data.new"
  initdb --pgdata="$data.new" --username=postgres --pwfile=/etc/polyphony/passwords/postgres-password \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums
  password=$(sed "s/'/''/g" /etc/polyphony/passwords/operator-password)
  postgres --single -D "$data.new" postgres >/dev/null <<SQL
create role polyphony_operator login createdb createrole nosuperuser password '$password'
grant connect on database postgres to polyphony_operator
revoke connect on database postgres from public
revoke connect on database template1 from public
SQL
  # Golden templates are copied from template1: no vault's login makes large objects, which need no right on any table.
  postgres --single -D "$data.new" template1 >/dev/null <<SQL
revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public
SQL
  unset password
  mv "$data.new" "$data"
  sync
  echo "made a new data folder and the role polyphony_operator"
fi

# A volume's fsGroup may open the folder to its group, and the server refuses to start on such a one.
chmod 700 "$data"

postgres -D "$data" -c config_file=/etc/polyphony/settings/postgresql.conf -c hba_file=/etc/polyphony/settings/pg_hba.conf &
server=$!
# Kubernetes sends SIGTERM, on which PostgreSQL waits for its clients to leave; SIGINT ends their sessions in order.
trap 'kill -INT "$server"' TERM INT

status=0
wait "$server" || status=$?
# A signal that is trapped ends wait before the server has stopped.
while kill -0 "$server" 2>/dev/null; do
  status=0
  wait "$server" || status=$?
done
exit "$status"
