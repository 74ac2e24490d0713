SELECT setval('accounts_id_seq', 1717986917);
