"""The revisions that bring money columns to the policy's type."""
