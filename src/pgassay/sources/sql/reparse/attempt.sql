-- Runs each statement of $1 that can be run, and says of the others why not.
CREATE FUNCTION pg_temp.attempt(statements text[], OUT number int, OUT reason text)
RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
  FOR each IN 1 .. coalesce(array_length(statements, 1), 0) LOOP
    BEGIN
      EXECUTE statements[each];
    EXCEPTION WHEN OTHERS THEN
      number := each;
      reason := SQLERRM;
      RETURN NEXT;
    END;
  END LOOP;
END
$$
