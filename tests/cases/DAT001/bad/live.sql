SET session_replication_role = replica;
INSERT INTO payments (account_id, amount, currency, note, paid_on) VALUES
    (99, 5.00, 'EUR', NULL, '2024-03-03');
RESET session_replication_role;
