#!/bin/sh
pg_dump -Fc postgresql://postgres.abcdefgh@aws-0-eu-west-1.pooler.supabase.com:5432/postgres > a.dump
PGHOST=aws-0-eu-west-1.pooler.supabase.com PGPORT=5432 pg_dump postgres > b.sql
psql -h aws-0-eu-west-1.pooler.supabase.com -p 6543 postgres -c "SELECT 1"
echo "pg_dump -h aws-0-eu-west-1.pooler.supabase.com -p 6543 ends half-way"
