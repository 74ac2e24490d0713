"""What a comparison has to say of each drift of the corpus: these differences, and no others."""

from __future__ import annotations

Expected = tuple[str, str, str, str, str]
"""(kind, subject, property, value before, value after)"""


def added(kind: str, subject: str) -> Expected:
    return (kind, subject, "presence", "absent", "present")


def dropped(kind: str, subject: str) -> Expected:
    return (kind, subject, "presence", "present", "absent")


_PARENT_FK = "FOREIGN KEY (parent_id) REFERENCES public.parent(id) ON DELETE "
_CHECK = "CHECK ((x > 0))"
_VIEW = " SELECT id,\n    name\n   FROM public.parent\n  WHERE (amount > ({})::numeric)"
_VIEW_BEFORE_16 = (
    " SELECT parent.id,\n    parent.name\n   FROM public.parent\n"
    "  WHERE (parent.amount > ({})::numeric)"
)
_TRIGGER = "{} INSERT ON public.child FOR EACH ROW EXECUTE FUNCTION public.trg()"

DRIFTS: dict[str, list[Expected]] = {
    "col add": [added("column", "public.parent.newc")],
    "col rename": [
        dropped("column", "public.parent.note"),
        added("column", "public.parent.note2"),
    ],
    "type varchar len": [
        ("column", "public.parent.code", "type", "character varying(20)", "character varying(30)")
    ],
    "type int->bigint": [("column", "public.child.x", "type", "integer", "bigint")],
    "type text->varchar": [("column", "public.parent.note", "type", "text", "character varying")],
    "type enum->other enum": [
        added("enum", "public.mood2"),
        ("column", "public.parent.m", "type", "public.mood", "public.mood2"),
    ],
    "default value": [("column", "public.parent.amount", "default", "0", "1")],
    "default fn now->clock": [
        ("column", "public.parent.created", "default", "now()", "clock_timestamp()")
    ],
    "identity increment": [("column", "public.parent.idn", "identity increment", "1", "10")],
    "collation": [("column", "public.parent.note", "collation", "default", 'pg_catalog."C"')],
    "compression": [("column", "public.parent.note", "compression", "default", "pglz")],
    "stats target": [("column", "public.parent.note", "statistics", "default", "500")],
    "rls disabled": [("table", "public.parent", "row_security", "yes", "no")],
    "replica identity": [("table", "public.parent", "replica_identity", "default", "full")],
    "table owner": [("table", "public.parent", "owner", "postgres", "app_rw")],
    "check expr same name": [
        ("constraint", "public.child.child_x_check", "definition", _CHECK, "CHECK ((x > 10))")
    ],
    "check dropped": [dropped("constraint", "public.child.child_x_check")],
    "check NOT ENFORCED (18)": [
        (
            "constraint",
            "public.child.child_x_check",
            "definition",
            _CHECK,
            f"{_CHECK} NOT ENFORCED",
        )
    ],
    "unique nulls not distinct": [
        (
            "constraint",
            "public.child.child_xy_uq",
            "definition",
            "UNIQUE (x, y)",
            "UNIQUE NULLS NOT DISTINCT (x, y)",
        )
    ],
    "unique constr->unique index": [
        ("constraint", "public.child.child_xy_uq", "kind", "unique constraint", "unique index")
    ],
    "FK on delete": [
        (
            "constraint",
            "public.child.child_parent_fk",
            "definition",
            f"{_PARENT_FK}RESTRICT",
            f"{_PARENT_FK}CASCADE",
        )
    ],
    "FK NOT VALID": [("constraint", "public.child.child_parent_fk", "validated", "yes", "no")],
    "FK renamed": [
        ("constraint", "public.child.child_parent_fk", "name", "child_parent_fk", "zz_fk")
    ],
    "PK columns isolated": [
        (
            "constraint",
            "public.pkt.pkt_pk",
            "definition",
            "PRIMARY KEY (a)",
            "PRIMARY KEY (a, b)",
        )
    ],
    "PK renamed isolated": [("constraint", "public.pkt.pkt_pk", "name", "pkt_pk", "zz")],
    "exclusion changed": [
        (
            "constraint",
            "public.excl.excl_r",
            "definition",
            "EXCLUDE USING gist (r WITH &&)",
            "EXCLUDE USING gist (r WITH =)",
        )
    ],
    "NOT NULL name (18)": [("column", "public.parent.code", "not_null_name", "automatic", "nn_x")],
    "constraint comment": [("constraint", "public.child.child_x_check", "comment", "none", "c")],
    "index dropped": [dropped("index", "public.child.child_x_idx")],
    "index predicate removed": [
        (
            "index",
            "public.child.child_part_idx",
            "definition",
            "USING btree (y) WHERE (x > 5)",
            "USING btree (y)",
        )
    ],
    "index INCLUDE": [
        (
            "index",
            "public.child.child_x_idx",
            "definition",
            "USING btree (x)",
            "USING btree (x) INCLUDE (y)",
        )
    ],
    "index DESC": [
        (
            "index",
            "public.child.child_x_idx",
            "definition",
            "USING btree (x)",
            "USING btree (x DESC)",
        )
    ],
    "index collation": [
        (
            "index",
            "public.child.child_nm_idx",
            "definition",
            "USING btree (nm)",
            'USING btree (nm COLLATE "C")',
        )
    ],
    "index unique flag": [("index", "public.child.child_u_idx", "unique", "yes", "no")],
    "index fillfactor": [
        (
            "index",
            "public.child.child_x_idx",
            "definition",
            "USING btree (x)",
            "USING btree (x) WITH (fillfactor='50')",
        )
    ],
    "sequence added": [added("sequence", "public.s2")],
    "sequence type/max": [("sequence", "public.s1", "type", "bigint", "integer")],
    "serial ownership lost": [
        ("sequence", "public.child_id_seq", "owned_by", "public.child.id", "none")
    ],
    "sequence behind data": [("sequence", "public.s1", "last value", "not used yet", "100")],
    "enum order": [("enum", "public.mood", "labels", "sad, ok, happy", "ok, sad, happy")],
    "domain check": [
        (
            "domain constraint",
            "public.email.email_ck",
            "definition",
            "CHECK ((VALUE ~ '@'::text))",
            "CHECK ((VALUE ~ '.+@.+'::text))",
        )
    ],
    "composite attr": [
        (
            "composite type",
            "public.addr",
            "attributes",
            "street text, zip text",
            "street text, zip text, city text",
        )
    ],
    "view definition": [
        ("view", "public.v1", "definition", _VIEW.format(0), _VIEW.format(1)),
    ],
    "view dropped": [dropped("view", "public.v1")],
    "matview index": [dropped("index", "public.mv1.mv1_c")],
    "function body": [
        ("function", "public.f1(integer)", "body", "select a+1", "select a+2"),
    ],
    "function security definer": [
        ("function", "public.f1(integer)", "security_definer", "no", "yes")
    ],
    "function volatility": [
        ("function", "public.f1(integer)", "volatility", "volatile", "immutable")
    ],
    "procedure body": [
        ("function", "public.p1()", "body", "begin null; end", "begin perform 1; end")
    ],
    "trigger timing": [
        (
            "trigger",
            "public.child.t1",
            "definition",
            _TRIGGER.format("BEFORE"),
            _TRIGGER.format("AFTER"),
        )
    ],
    "trigger dropped": [dropped("trigger", "public.child.t1")],
    "policy USING": [
        (
            "policy",
            "public.parent.pol1",
            "using",
            "(amount > (0)::numeric)",
            "(amount > (1)::numeric)",
        )
    ],
    "policy restrictive": [("policy", "public.parent.pol1", "permissive", "yes", "no")],
    "grant column": [("column", "public.parent.name", "grants", "none", "app_rw: UPDATE")],
    "grant fn PUBLIC revoked": [
        ("function", "public.f1(integer)", "grants", "default", "PUBLIC: nothing")
    ],
    "extension version": [("extension", "hstore", "version", "1.7", "1.8")],
    "ext statistics": [dropped("statistics", "public.st1")],
    "rule": [
        (
            "rule",
            "public.excl.r1",
            "definition",
            "AS\n    ON UPDATE TO public.excl DO INSTEAD NOTHING;",
            "AS\n    ON UPDATE TO public.excl DO NOTHING;",
        )
    ],
    "server options": [("foreign server", "srv1", "options", "none", "host=x")],
    "operator": [added("operator", "public.===(integer, integer)")],
    "collation added": [added("collation", "public.coll2")],
    "partition added": [added("table", "public.part_2025")],
    "partition bound": [
        (
            "table",
            "public.part_2024",
            "bound",
            "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
            "FOR VALUES FROM ('2024-01-01') TO ('2024-06-01')",
        )
    ],
}

BEFORE_16: dict[str, list[Expected]] = {
    "view definition": [
        ("view", "public.v1", "definition", _VIEW_BEFORE_16.format(0), _VIEW_BEFORE_16.format(1)),
    ],
}
"""Where an older server deparses in another way."""

FIRST_VERSION = {"check NOT ENFORCED (18)": 18, "NOT NULL name (18)": 18}
