ALTER TABLE accounts ALTER email TYPE varchar(100);
