-- This session now, and how many commands were written down so far. In a transaction of its own it
-- has what was counted before sent off, so that the next counts begin at nothing.
SELECT (SELECT coalesce(max(w.place), 0) FROM pgassay.watched w)::text, pgassay.state()::text, pgassay.flush()::text
