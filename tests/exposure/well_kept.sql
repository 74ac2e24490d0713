-- A project on it as it should be: nothing here is a defect, though much looks like one.
-- Run as postgres.
CREATE TABLE public.profiles (
  user_id uuid PRIMARY KEY, name text NOT NULL, published boolean NOT NULL DEFAULT false
);
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON public.profiles FOR SELECT USING (published OR (SELECT auth.uid()) = user_id);
CREATE POLICY own ON public.profiles TO authenticated
  USING ((SELECT auth.uid()) = user_id) WITH CHECK ((SELECT auth.uid()) = user_id);
-- Always true, but for a role that bypasses row security anyway.
CREATE POLICY service ON public.profiles TO service_role USING (true) WITH CHECK (true);

-- Row security without a policy shows nothing to anybody.
CREATE TABLE public.alembic_version (version_num varchar(32) PRIMARY KEY);
ALTER TABLE public.alembic_version ENABLE ROW LEVEL SECURITY;

-- No row security, but no rights either.
CREATE TABLE public.ledger (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, amount numeric(12,2));
REVOKE ALL ON public.ledger FROM anon, authenticated;
GRANT TRUNCATE ON public.ledger TO authenticated;

-- A permissive policy that is always true behind a restrictive one.
CREATE TABLE public.orders (
  id bigint GENERATED ALWAYS AS IDENTITY, customer_id uuid NOT NULL, placed date NOT NULL
) PARTITION BY RANGE (placed);
CREATE TABLE public.orders_2026 PARTITION OF public.orders
  FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.orders_2026 ENABLE ROW LEVEL SECURITY;
CREATE POLICY anything ON public.orders USING (true);
CREATE POLICY only_own ON public.orders AS RESTRICTIVE USING ((SELECT auth.uid()) = customer_id);

-- A view that owns up to nobody: it reads a table without row security that the API does not serve.
CREATE SCHEMA private;
CREATE TABLE private.prices (sku text PRIMARY KEY, price numeric(12,2) NOT NULL);
CREATE VIEW public.price_list AS SELECT sku, price FROM private.prices;
CREATE VIEW public.places AS SELECT * FROM extensions.spatial_ref_sys;
CREATE MATERIALIZED VIEW private.order_numbers AS
  SELECT placed, count(*) AS orders FROM public.orders GROUP BY placed;
CREATE VIEW private.all_orders AS SELECT * FROM public.orders;

CREATE FUNCTION private.handle_new_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  INSERT INTO public.profiles (user_id, name) VALUES (new.id, new.email);
  RETURN new;
END $$;
CREATE FUNCTION public.order_count() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT count(*) FROM orders';
CREATE FUNCTION public.bound_early() RETURNS bigint
LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC SELECT count(*) FROM public.orders; END;
CREATE FUNCTION public.as_caller() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM orders';
