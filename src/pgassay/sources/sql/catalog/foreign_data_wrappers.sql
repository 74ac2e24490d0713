-- Foreign-data wrappers.
SELECT f.oid::int8 AS oid,
       f.fdwname::text AS name,
       f.fdwowner::int8 AS owner,
       f.fdwhandler::regproc::text AS handler,
       f.fdwvalidator::regproc::text AS validator,
       f.fdwoptions AS options
FROM pg_foreign_data_wrapper f
