-- Of a statement whose bytes stand for SENT in hexadecimal, so that no driver takes a part of it for
-- a parameter.
SELECT pgassay.plan(convert_from(decode('SENT', 'hex'), 'UTF8'))::text
