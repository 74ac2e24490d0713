INSERT INTO payments (account_id, amount, currency, note, paid_on) VALUES
    (1, 12.50, 'EUR', NULL, '2024-03-09');
