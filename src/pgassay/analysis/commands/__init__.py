"""Finding the commands that run migrations in the texts of scripts and configuration files."""
