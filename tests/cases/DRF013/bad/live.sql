UPDATE alembic_version SET version_num = '0004_by_code_point';
CREATE COLLATION by_code_point (provider = builtin, locale = 'C.UTF-8');
UPDATE pg_collation SET collversion = '1.0' WHERE collname = 'by_code_point';
