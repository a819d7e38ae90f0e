from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FILL = """
UPDATE connector_job SET newest = false WHERE id < (
    SELECT max(other.id) FROM connector_job AS other
    WHERE other.account_id = connector_job.account_id AND other.subject = connector_job.subject
)
"""

OLDER_ONES = """
UPDATE connector_job SET newest = false
WHERE account_id = NEW.account_id AND subject = NEW.subject AND newest AND id < (
    SELECT max(other.id) FROM connector_job AS other
    WHERE other.account_id = NEW.account_id AND other.subject = NEW.subject
)
"""

# Afterwards, so that a row that gives way to a ready job changes nothing. The subject is held first
# (connector.engine.jobs holds it too), so that what is newest is seen as it is. Then the older job is
# locked, in the order of whoever makes it ready again, else the two could wait for each other.
POSTGRESQL = f"""
CREATE FUNCTION connector_job_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(NEW.account_id::int, hashtext(NEW.subject));
    PERFORM 1 FROM connector_job
        WHERE account_id = NEW.account_id AND subject = NEW.subject AND newest FOR NO KEY UPDATE;
    RETURN NEW;
END
$$;
CREATE FUNCTION connector_job_newest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {OLDER_ONES};
    RETURN NULL;
END
$$;
CREATE TRIGGER connector_job_before BEFORE INSERT ON connector_job
    FOR EACH ROW EXECUTE FUNCTION connector_job_before();
CREATE TRIGGER connector_job_newest AFTER INSERT ON connector_job
    FOR EACH ROW EXECUTE FUNCTION connector_job_newest();
"""
NOT_ON_POSTGRESQL = """
DROP TRIGGER connector_job_newest ON connector_job;
DROP TRIGGER connector_job_before ON connector_job;
DROP FUNCTION connector_job_newest();
DROP FUNCTION connector_job_before();
"""

# A later migration that changes a field of Job makes SQLite's table anew, without this trigger: it must
# make it again. A test says so.
SQLITE = f"CREATE TRIGGER connector_job_newest AFTER INSERT ON connector_job BEGIN {OLDER_ONES}; END"


def keep(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say of every job whether it is the newest, and let the database say it from now on."""
    schema_editor.execute(FILL)
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def keep_no_more(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The triggers go."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(NOT_ON_POSTGRESQL if is_postgresql else "DROP TRIGGER connector_job_newest")


class Migration(migrations.Migration):
    dependencies = [
        ("connector", "0017_set_up"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="newest",
            field=models.BooleanField(
                default=True,
                editable=False,
                help_text="No later job has the same subject: it says how the document stands. Kept by the database.",
            ),
        ),
        migrations.RunPython(keep, keep_no_more),
    ]
