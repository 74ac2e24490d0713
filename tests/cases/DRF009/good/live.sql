SELECT setval('payments_id_seq', 500);
