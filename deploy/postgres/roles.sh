#!/bin/bash
# Run once, when the database volume is new: the role that owns and migrates, the role that the application works as.
# (The passwords come in by the environment and are quoted by psql, so they may hold any character.)
set -euo pipefail

psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv web_password WEB_PASSWORD
CREATE ROLE chain_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE CREATEDB PASSWORD :'owner_password';
CREATE ROLE chain_web LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD :'web_password';
CREATE DATABASE chain_alliance OWNER chain_owner TEMPLATE template0;
\connect chain_alliance
ALTER SCHEMA public OWNER TO chain_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE CONNECT ON DATABASE chain_alliance FROM PUBLIC;
GRANT CONNECT ON DATABASE chain_alliance TO chain_web;
GRANT USAGE ON SCHEMA public TO chain_web;
ALTER DEFAULT PRIVILEGES FOR ROLE chain_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO chain_web;
ALTER DEFAULT PRIVILEGES FOR ROLE chain_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO chain_web;
SQL
