-- This session now, and how many commands were written down so far.
SELECT (SELECT coalesce(max(w.place), 0) FROM pgassay.watched w)::text, pgassay.state()::text
