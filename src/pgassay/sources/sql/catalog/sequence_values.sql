-- The last value that each of these sequences handed out; NULL before the first.
-- It is not what the snapshot saw: a sequence does not wait for transactions.
SELECT s.oid AS oid, pg_sequence_last_value(s.oid::oid::regclass) AS last_value
FROM unnest(%(sequences)s::int8[]) s (oid)
