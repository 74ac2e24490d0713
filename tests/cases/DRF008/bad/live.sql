TRUNCATE payments;
