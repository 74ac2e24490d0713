INSERT INTO payments (account_id, amount, currency, note, paid_on) VALUES
    (1, 5, 'EUR', NULL, now() + interval '100 years'), (1, 5, 'EUR', NULL, '0001-01-01');
