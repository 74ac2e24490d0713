INSERT INTO payments (account_id, amount, currency, note, paid_on) VALUES
    (1, 'NaN', 'EUR', NULL, '2024-03-03');
