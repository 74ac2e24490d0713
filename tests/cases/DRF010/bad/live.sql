SELECT setval('accounts_id_seq', 2040109466);
