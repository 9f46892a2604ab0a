//! The tables of the site's database, made by the first bridge that comes.

use super::{Refused, Trouble, is_to_be_repeated};
use crate::store::sent::TABLES;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

/// In order.
const MIGRATIONS: [&str; 1] = [include_str!("../../../migrations/postgres/0001_start.sql")];
/// Rows are partitioned by site. Where an engine does that by the key itself, its first column is the site.
const PARTITIONED: &str = " PARTITION BY HASH (site)";
/// Parts of each table.
const PARTS: usize = 8;
/// Other bridges may make the tables at the same moment.
const TRIES: usize = 10;

/// Brings the tables up to date.
pub(super) async fn prepare(client: &mut Client) -> Result<(), Trouble> {
    let mut partitioned = true;
    for _ in 0..TRIES {
        match version(client).await? {
            Some(version) if version > MIGRATIONS.len() => return Err(Refused::Newer.into()),
            Some(version) if version == MIGRATIONS.len() => return Ok(()),
            _ => {}
        }
        match migrate(client, partitioned).await {
            Ok(()) => return Ok(()),
            Err(error) if partitioned && knows_no_partitions(&error) => partitioned = false,
            Err(error) if is_done_already(&error) || is_to_be_repeated(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Trouble::Away("the tables cannot be made: others change them all the time".into()))
}

/// How many migrations were applied; `None`: it is empty.
async fn version(client: &Client) -> Result<Option<usize>, Trouble> {
    match client.query_opt("SELECT MAX(version) FROM schema_versions", &[]).await {
        Ok(row) => {
            let version: Option<i64> = row.and_then(|row| row.get(0));
            Ok(version.and_then(|version| usize::try_from(version).ok()))
        }
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn migrate(client: &mut Client, partitioned: bool) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    let versions = "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY)";
    transaction.batch_execute(versions).await?;
    let applied = transaction.query_one("SELECT COUNT(*) FROM schema_versions", &[]).await?;
    let applied = usize::try_from(applied.get::<_, i64>(0)).unwrap_or(usize::MAX);
    for (at, migration) in MIGRATIONS.iter().enumerate().skip(applied) {
        let version = i64::try_from(at + 1).unwrap_or(i64::MAX);
        // Refused where another one has it already.
        let sql = "INSERT INTO schema_versions (version) VALUES ($1)";
        transaction.execute(sql, &[&version]).await?;
        if partitioned {
            transaction.batch_execute(migration).await?;
        } else {
            transaction.batch_execute(&migration.replace(PARTITIONED, "")).await?;
        }
    }
    if partitioned {
        transaction.batch_execute(&parts()).await?;
    }
    transaction.commit().await
}

fn parts() -> String {
    let part = |table: &str, at: usize| {
        format!(
            "CREATE TABLE IF NOT EXISTS {table}_{at} PARTITION OF {table}
                FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {at});"
        )
    };
    TABLES.iter().flat_map(|table| (0..PARTS).map(move |at| part(table.name, at))).collect()
}

fn knows_no_partitions(error: &Error) -> bool {
    let codes = [SqlState::SYNTAX_ERROR, SqlState::FEATURE_NOT_SUPPORTED];
    error.code().is_some_and(|code| codes.contains(code))
}

fn is_done_already(error: &Error) -> bool {
    let codes = [SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_TABLE, SqlState::DUPLICATE_OBJECT];
    error.code().is_some_and(|code| codes.contains(code))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
pub(super) async fn prepare_plain(client: &mut Client) -> Result<(), Error> {
    migrate(client, false).await
}
