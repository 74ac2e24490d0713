CREATE TABLE refunds (payment_id integer NOT NULL REFERENCES payments);
