"""The table behind drift_consequence: what each property of each kind of object is worth."""

from __future__ import annotations

from pgassay.analysis.drift_consequence_table import Area, Entry

_DATA, _INTEGRITY, _SECURITY, _QUERIES = Area.DATA, Area.INTEGRITY, Area.SECURITY, Area.QUERIES
_BEHAVIOUR, _PERFORMANCE = Area.BEHAVIOUR, Area.PERFORMANCE
_OPERATIONS, _COSMETIC = Area.OPERATIONS, Area.COSMETIC

_FAIL_OR_DIFFER = "Statements that use it fail, or mean something else."
_OTHER_RESULT = "Queries give other results."
_ROWS_SEEN = "Roles see or change rows that they should not, or miss rows that they should see."
_NOT_RUN = "What it should do at each change is not done, or is done where it should not be."
_WRONG_VALUES = "Values come in that the code takes for impossible."
_SLOWER = "Plans are worse, or rows take more room."
_PLANNED = "The planner reckons with other figures, and may choose another plan."
_SORTED = "Text compares and sorts otherwise, and so do unique keys on it."
_FOREIGN = "Queries of foreign tables fail, or read from elsewhere."
_SEARCH = "Text searches find other rows."
_REPLICAS = "Replicas and other readers of the change stream miss changes, or get too many."
_HAND_OUT = "The numbers that it hands out are others."
_STORED = "Where and how rows are stored differs."
_COMMENT: Entry = (_COSMETIC, "Only the comment differs.")
_DEPENDS: Entry = (_OPERATIONS, "It is dropped with an extension, or stays without it.")
_ENABLED: Entry = (_INTEGRITY, "It sleeps where it should fire, or the other way round.")

PROPERTIES: dict[str, dict[str, Entry]] = {
    "database": {
        "encoding": (_INTEGRITY, "Some characters cannot be stored."),
        "collate": (_INTEGRITY, _SORTED),
        "ctype": (
            _INTEGRITY,
            "Upper and lower case, and letters in patterns, are judged otherwise.",
        ),
        "locale_provider": (_INTEGRITY, _SORTED),
        "locale": (_INTEGRITY, _SORTED),
        "icu_rules": (_INTEGRITY, _SORTED),
        "tablespace": (_OPERATIONS, _STORED),
        "connection_limit": (_OPERATIONS, "More or fewer sessions are let in."),
        "is_template": (_SECURITY, "Every role that may create databases can copy a template."),
    },
    "database setting": {"settings": (_OPERATIONS, "Sessions run with other settings.")},
    "schema": {},
    "extension": {
        "version": (_OPERATIONS, "Its functions may behave otherwise, or be missing."),
        "schema": (_QUERIES, "Statements that name its objects by schema fail."),
    },
    "language": {
        "trusted": (_SECURITY, "Who may write functions in it differs."),
        "handler": (_BEHAVIOUR, _FAIL_OR_DIFFER),
        "inline": (_BEHAVIOUR, "DO blocks in it fail, or run otherwise."),
        "validator": (_BEHAVIOUR, "Faulty functions are taken, or good ones refused."),
    },
    "access method": {
        "type": (_QUERIES, _FAIL_OR_DIFFER),
        "handler": (_QUERIES, _FAIL_OR_DIFFER),
    },
    "collation": {
        "provider": (_INTEGRITY, _SORTED),
        "locale": (_INTEGRITY, _SORTED),
        "ctype": (_INTEGRITY, _SORTED),
        "deterministic": (_INTEGRITY, "Texts that were equal are not, or the other way round."),
        "rules": (_INTEGRITY, _SORTED),
        "encoding": (_QUERIES, _FAIL_OR_DIFFER),
    },
    "enum": {
        "labels": (
            _DATA,
            "The database refuses a label that its enum lacks, SQLAlchemy cannot load one that the "
            "model lacks, and rows sort by the order of the labels.",
        )
    },
    "domain": {
        "base_type": (_DATA, "Values are kept in another type, and may be cut or rounded."),
        "not_null": (_INTEGRITY, "NULLs come in, or inserts fail."),
        "default": (_BEHAVIOUR, "Rows that name no value get another one."),
        "collation": (_INTEGRITY, _SORTED),
    },
    "domain constraint": {
        "definition": (_INTEGRITY, _WRONG_VALUES),
        "validated": (_INTEGRITY, "It never looked at the values that were there before it."),
    },
    "composite type": {
        "attributes": (_QUERIES, _FAIL_OR_DIFFER),
        "attribute_comments": _COMMENT,
    },
    "range type": {
        "subtype": (_QUERIES, _FAIL_OR_DIFFER),
        "operator_class": (_INTEGRITY, "Ranges compare otherwise."),
        "collation": (_INTEGRITY, _SORTED),
        "canonical": (_INTEGRITY, "Ranges that were equal are not, or the other way round."),
        "subtype_diff": (_PERFORMANCE, "GiST indexes on it are worse."),
        "multirange": (_QUERIES, "Statements that name its multirange type fail."),
        "multirange_comment": _COMMENT,
    },
    "base type": {"properties": (_QUERIES, _FAIL_OR_DIFFER)},
    "sequence": {
        "type": (_INTEGRITY, "It ends at another number."),
        "start": (_COSMETIC, "Only where RESTART would begin differs."),
        "minimum": (_INTEGRITY, "It ends at another number."),
        "maximum": (_INTEGRITY, "It ends at another number."),
        "increment": (_INTEGRITY, _HAND_OUT),
        "cache": (_PERFORMANCE, "Sessions take more or fewer numbers at a time."),
        "cycle": (_INTEGRITY, "At its end it starts again, with numbers in use, or it fails."),
        "owned_by": (_OPERATIONS, "It is dropped, or is left behind, with another column."),
        "identity_column": (_BEHAVIOUR, "The column does not take its numbers as it should."),
        "persistence": (_DATA, "An unlogged sequence starts again after a crash."),
        "last_value": (
            _INTEGRITY,
            "The next numbers are others: behind its data, the next insert is a duplicate.",
        ),
        "sequence_name": (_COSMETIC, "Only names differ."),
    },
    "table": {
        "partitioned": (_DATA, "Its rows lie elsewhere, and its partitions hold nothing."),
        "persistence": (_DATA, "An unlogged table is empty after a crash, and on every replica."),
        "partition_key": (_QUERIES, "Rows go to other partitions, or to none and fail."),
        "partition_of": (_DATA, "Queries of the parent miss its rows."),
        "bound": (_QUERIES, "Rows go to other partitions, or to none and fail."),
        "inherits": (_DATA, "Queries of the parent miss its rows, or find others."),
        "of_type": (_OPERATIONS, "Its columns no longer follow the type's."),
        "options": (_PERFORMANCE, _SLOWER),
        "access_method": (_PERFORMANCE, _STORED),
        "tablespace": (_OPERATIONS, _STORED),
        "replica_identity": (
            _OPERATIONS,
            "Replicas cannot tell which row was changed, and UPDATE and DELETE of a published "
            "table fail.",
        ),
        "row_security": (
            _SECURITY,
            "Where it is off, its policies are not in force and every role with rights on the "
            "table sees all rows.",
        ),
        "force_row_security": (_SECURITY, "The table's owner passes over its policies."),
        "foreign_server": (_QUERIES, _FOREIGN),
        "foreign_options": (_QUERIES, _FOREIGN),
    },
    "column": {
        "type": (_DATA, "Values are cut, rounded or refused, or come out as another type."),
        "base_type": (_DATA, "Values are kept in another type, and may be cut or rounded."),
        "labels": (_DATA, "A label that one side lacks cannot be written there."),
        "not_null": (_INTEGRITY, "NULLs come in that the code does not expect, or inserts fail."),
        "default": (_BEHAVIOUR, "Rows that name no value get another one, or none."),
        "generated": (_INTEGRITY, "The column's values are made otherwise, or not at all."),
        "collation": (_INTEGRITY, _SORTED),
        "storage": (_PERFORMANCE, _SLOWER),
        "compression": (_PERFORMANCE, _SLOWER),
        "statistics": (_PERFORMANCE, _PLANNED),
        "options": (_PERFORMANCE, _PLANNED),
        "foreign_options": (_QUERIES, _FOREIGN),
        "not_null_name": (_COSMETIC, "Only names differ."),
        "not_null_valid": (_INTEGRITY, "Old rows may hold NULLs that the code does not expect."),
        "not_null_no_inherit": (_INTEGRITY, "Tables that inherit from it take NULLs, or do not."),
        "not_null_comment": _COMMENT,
    },
    "constraint": {
        "kind": (_INTEGRITY, "Rows come in that it should keep out."),
        "columns": (_INTEGRITY, "Rows come in that it should keep out."),
        "definition": (_INTEGRITY, "Rows come in that it should keep out, or good ones do not."),
        "validated": (_INTEGRITY, "It never looked at the rows that were there before it."),
        "enabled": (_INTEGRITY, "Its triggers are disabled, so it checks nothing."),
        "index_valid": (_INTEGRITY, "The index that holds it up is not valid."),
        "clustered": (_PERFORMANCE, "CLUSTER sorts the table by another index."),
        "options": (_PERFORMANCE, _SLOWER),
        "tablespace": (_OPERATIONS, _STORED),
        "index_comment": _COMMENT,
    },
    "index": {
        "unique": (_INTEGRITY, "Duplicate rows come in, though the code counts on an error."),
        "columns": (_INTEGRITY, "Duplicate rows come in, or good rows are refused."),
        "definition": (_INTEGRITY, "Duplicate rows come in, or good rows are refused."),
        "valid": (_INTEGRITY, "An invalid index serves no query and keeps no duplicate out."),
        "clustered": (_PERFORMANCE, "CLUSTER sorts the table by another index."),
        "tablespace": (_OPERATIONS, _STORED),
        "statistics": (_PERFORMANCE, _PLANNED),
        "extensions": _DEPENDS,
    },
    "function": {
        "routine": (_QUERIES, "A function is not called as a procedure is."),
        "arguments": (_QUERIES, _FAIL_OR_DIFFER),
        "returns": (_QUERIES, _FAIL_OR_DIFFER),
        "language": (_INTEGRITY, "It runs other code."),
        "body": (_INTEGRITY, "It runs other code."),
        "sql_body": (_INTEGRITY, "It runs other code."),
        "library": (_INTEGRITY, "It runs other code."),
        "volatility": (_INTEGRITY, "Its result is kept where it changes, also in indexes."),
        "strict": (_INTEGRITY, "It answers a NULL otherwise."),
        "security_definer": (_SECURITY, "It runs with the rights of its owner, or no longer does."),
        "leakproof": (_SECURITY, "It may be run on rows that a policy hides."),
        "parallel": (_PERFORMANCE, "Queries that call it are not run in parallel, or wrongly are."),
        "cost": (_PERFORMANCE, _PLANNED),
        "rows": (_PERFORMANCE, _PLANNED),
        "settings": (
            _SECURITY,
            "Without its own search_path, a caller can have it use another schema's objects.",
        ),
        "support": (_PERFORMANCE, _PLANNED),
        "transforms": (_BEHAVIOUR, "It gets its arguments in another form."),
        "extensions": _DEPENDS,
    },
    "aggregate": {
        "arguments": (_QUERIES, _FAIL_OR_DIFFER),
        "returns": (_QUERIES, _FAIL_OR_DIFFER),
        "properties": (_INTEGRITY, _OTHER_RESULT),
    },
    "operator": {
        "left": (_QUERIES, _FAIL_OR_DIFFER),
        "right": (_QUERIES, _FAIL_OR_DIFFER),
        "returns": (_QUERIES, _FAIL_OR_DIFFER),
        "function": (_INTEGRITY, _OTHER_RESULT),
        "properties": (_PERFORMANCE, _PLANNED),
    },
    "operator family": {
        "method": (_QUERIES, _FAIL_OR_DIFFER),
        "members": (_INTEGRITY, "Indexes that use it order or match otherwise."),
    },
    "operator class": {
        "method": (_QUERIES, _FAIL_OR_DIFFER),
        "type": (_QUERIES, _FAIL_OR_DIFFER),
        "default": (_QUERIES, "Indexes that name no operator class cannot be made."),
        "family": (_PERFORMANCE, "Indexes on it serve other queries."),
        "storage": (_QUERIES, _FAIL_OR_DIFFER),
        "members": (_INTEGRITY, "Indexes that use it order or match otherwise."),
    },
    "cast": {
        "function": (_INTEGRITY, "Values are converted otherwise."),
        "method": (_INTEGRITY, "Values are converted otherwise."),
        "context": (_QUERIES, _FAIL_OR_DIFFER),
    },
    "conversion": {
        "source_encoding": (_INTEGRITY, "Text is converted otherwise."),
        "target_encoding": (_INTEGRITY, "Text is converted otherwise."),
        "function": (_INTEGRITY, "Text is converted otherwise."),
        "default": (_INTEGRITY, "Text is converted otherwise."),
    },
    "transform": {
        "from_sql": (_INTEGRITY, "Functions that use it get other values."),
        "to_sql": (_INTEGRITY, "Functions that use it give other values."),
    },
    "view": {
        "definition": (_INTEGRITY, _OTHER_RESULT),
        "options": (
            _SECURITY,
            "Whose rights and policies hold under the view (security_invoker, security_barrier), "
            "or which rows may be written through it (check_option), differs.",
        ),
    },
    "materialized view": {
        "definition": (_INTEGRITY, _OTHER_RESULT),
        "options": (_PERFORMANCE, _SLOWER),
        "access_method": (_PERFORMANCE, _STORED),
        "tablespace": (_OPERATIONS, _STORED),
        "populated": (_QUERIES, "Until it is refreshed, every query of it fails."),
        "extensions": _DEPENDS,
    },
    "view column": {
        "default": (_BEHAVIOUR, "Rows written through the view get another value, or none."),
        "statistics": (_PERFORMANCE, _PLANNED),
        "options": (_PERFORMANCE, _PLANNED),
    },
    "statistics": {
        "table": (_PERFORMANCE, _PLANNED),
        "definition": (_PERFORMANCE, _PLANNED),
        "target": (_PERFORMANCE, _PLANNED),
    },
    "trigger": {
        "definition": (_INTEGRITY, _NOT_RUN),
        "enabled": _ENABLED,
        "function": (_INTEGRITY, "It runs other code."),
        "extensions": _DEPENDS,
    },
    "rule": {
        "definition": (_INTEGRITY, "Statements on the relation are rewritten otherwise."),
        "enabled": _ENABLED,
    },
    "policy": {
        "command": (_SECURITY, _ROWS_SEEN),
        "permissive": (_SECURITY, _ROWS_SEEN),
        "roles": (_SECURITY, _ROWS_SEEN),
        "using": (_SECURITY, _ROWS_SEEN),
        "check": (_SECURITY, "Roles write rows that they should not, or may not write their own."),
    },
    "event trigger": {
        "event": (_OPERATIONS, "It fires at other DDL commands."),
        "tags": (_OPERATIONS, "It fires at other DDL commands."),
        "function": (_OPERATIONS, "It runs other code."),
        "enabled": (_OPERATIONS, "It sleeps where it should fire, or the other way round."),
    },
    "text search parser": {"functions": (_OPERATIONS, _SEARCH)},
    "text search template": {"functions": (_OPERATIONS, _SEARCH)},
    "text search dictionary": {
        "template": (_OPERATIONS, _SEARCH),
        "options": (_OPERATIONS, _SEARCH),
    },
    "text search configuration": {
        "parser": (_OPERATIONS, _SEARCH),
        "mappings": (_OPERATIONS, _SEARCH),
    },
    "foreign data wrapper": {
        "handler": (_OPERATIONS, _FOREIGN),
        "validator": (
            _OPERATIONS,
            "Options that it does not know are taken, or good ones refused.",
        ),
        "options": (_OPERATIONS, _FOREIGN),
    },
    "foreign server": {
        "wrapper": (_OPERATIONS, _FOREIGN),
        "type": (_OPERATIONS, _FOREIGN),
        "version": (_OPERATIONS, _FOREIGN),
        "options": (_OPERATIONS, _FOREIGN),
    },
    "user mapping": {"options": (_OPERATIONS, _FOREIGN)},
    "publication": {
        "all_tables": (_OPERATIONS, _REPLICAS),
        "operations": (_OPERATIONS, _REPLICAS),
        "via_root": (_OPERATIONS, "Changes of partitions come under another name."),
        "tables": (_OPERATIONS, _REPLICAS),
        "schemas": (_OPERATIONS, _REPLICAS),
        "generated_columns": (_OPERATIONS, _REPLICAS),
    },
    "subscription": {
        "enabled": (_OPERATIONS, "Changes of the publisher do not arrive."),
        "publications": (_OPERATIONS, "Changes of some publications do not arrive."),
        "slot": (_OPERATIONS, "It reads from another replication slot."),
        "properties": (_OPERATIONS, "Changes are applied otherwise."),
    },
    "default privileges": {},
    "system grants": {},
    "security label": {"label": (_SECURITY, "Another rule of the provider's is in force.")},
}
