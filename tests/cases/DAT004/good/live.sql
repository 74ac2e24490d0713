INSERT INTO accounts (email) VALUES ('a.da@example.com');
