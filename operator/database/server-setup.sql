-- What a PostgreSQL server (15 or later) needs once, run by its administrator in the database "postgres":
--   psql -v operator=polyphony_operator -v password='…' -f server-setup.sql
-- The operator does the rest by itself and needs no superuser.
SELECT format('CREATE ROLE %I LOGIN CREATEDB CREATEROLE PASSWORD %L', :'operator', :'password')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'operator') \gexec

-- A vault's login may connect to its own database and to no other.
GRANT CONNECT ON DATABASE postgres TO :"operator";
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
REVOKE CONNECT ON DATABASE template1 FROM PUBLIC;

-- Large objects need no right on any table, so a read-only vault could still write them. Golden templates are copied
-- from template1 and take this with them.
\connect template1
REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC;
