-- Leaves the database as the migrations made it.
DROP EVENT TRIGGER pgassay_command;
DROP EVENT TRIGGER pgassay_drop;
DROP EVENT TRIGGER pgassay_rewrite;
DROP SCHEMA pgassay CASCADE;
