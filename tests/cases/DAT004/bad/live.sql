INSERT INTO accounts (email) VALUES ('Ada@Example.com ');
