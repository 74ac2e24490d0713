#!/bin/sh
set -e
pg_dump -Fc postgresql://postgres.abcdefgh@aws-0-eu-west-1.pooler.supabase.com:6543/postgres > a.dump
PGHOST=aws-0-eu-west-1.pooler.supabase.com PGPORT=6543 pg_dump -U postgres.abcdefgh postgres | gzip > b.gz
pg_dump "host=db.abcdefgh.supabase.co port=6543 dbname=postgres" -f c.sql
