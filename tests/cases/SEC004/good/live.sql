CREATE ROLE reporting;
GRANT SELECT ON payments TO reporting;
GRANT USAGE ON SEQUENCE accounts_id_seq TO reporting;
GRANT CREATE ON SCHEMA public TO reporting;
GRANT SELECT ON SEQUENCE payments_id_seq TO PUBLIC;
