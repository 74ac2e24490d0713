INSERT INTO payments (account_id, amount, currency, note, paid_on) VALUES
    (1, 5.00, 'eur', NULL, '2024-03-03'), (1, 5.00, 'EUX', NULL, '2024-03-03');
