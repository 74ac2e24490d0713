SELECT setval('payments_id_seq', 1, false);
