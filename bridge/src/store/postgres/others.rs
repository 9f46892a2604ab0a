//! The rows that other bridges of the site keep on their staff boards, as they are there now. They are only ever read here.

use super::session::Session;
use super::{DEADLINE, Trouble, within};
use crate::store::KeptRow;
use crate::store::others::{Key, Known, News, Said};
use checkin::VisitId;
use checkin::time::rfc3339;
use jiff::Timestamp;
use std::collections::HashMap;
use tokio_postgres::{Error, Row};

/// Rows that are looked at, those of the newest days first: more than the boards of a site hold.
const MOST: i64 = 20_000;
/// Rows that are fetched at once.
const AT_ONCE: usize = 200;
/// Bytes of a row, which a few kilobytes are enough for. Of a longer one only that it is there is told.
const MOST_BYTES: i32 = 256 * 1024;

impl Session {
    /// From now on other bridges ring when they have changed rows. An engine that does not know that is asked now and then.
    pub(super) async fn listen(&self) {
        // Names of sites are of a–z, 0–9 and -.
        let listen = format!("LISTEN \"{}\"", channel(&self.place.site));
        let listens = tokio::time::timeout(DEADLINE, self.client.batch_execute(&listen)).await;
        if let Ok(Err(error)) = listens {
            tracing::debug!(%error, "the site's database does not tell of changes by itself");
        }
    }

    /// Tells the others that rows have changed. Should that not arrive, they look now and then.
    pub(super) async fn tell_others(&self) {
        let sql = "SELECT pg_notify($1, $2)";
        let Self { client, place, .. } = self;
        let (channel, bridge) = (channel(&place.site), &place.bridge);
        let told = async { client.execute(sql, &[&channel, bridge]).await };
        if let Ok(Err(error)) = tokio::time::timeout(DEADLINE, told).await {
            tracing::debug!(%error, "the site's database does not tell others of changes");
        }
    }

    /// This bridge is connected now, which the others see.
    pub(in crate::store) async fn be_seen(&self) -> Result<(), Trouble> {
        let Self { client, place, store, run, .. } = self;
        let sql = "UPDATE bridges SET sent_at = $5
            WHERE site = $1 AND bridge = $2 AND store = $3 AND run = $4";
        let now = rfc3339(Timestamp::now());
        let seen = async {
            Ok(client.execute(sql, &[&place.site, &place.bridge, store, run, &now]).await?)
        };
        within(DEADLINE, seen).await.map(drop)
    }

    /// What has changed since, of all other bridges of the site. `known` is brought up to date with what is told.
    pub(in crate::store) async fn look_around(&self, known: &mut Known) -> Result<News, Trouble> {
        let bridges = self.bridges().await?;
        let there = self.rows_there().await?;
        let (mut rows, mut said) = (Vec::new(), Vec::new());
        for (bridge, visits) in known.wanted(&there) {
            for visits in visits.chunks(AT_ONCE) {
                for (says, kept) in self.rows_of(&bridge, visits).await? {
                    said.push(((bridge.clone(), kept.visit, kept.version), says));
                    rows.push((bridge.clone(), kept));
                }
            }
        }
        let gone = known.gone(&there);
        // Only now: what fails on the way is told the next time.
        known.told(&gone, said);
        Ok(News { bridges, rows, gone })
    }

    async fn bridges(&self) -> Result<Vec<(String, Option<Timestamp>)>, Trouble> {
        let sql = "SELECT bridge, sent_at FROM bridges
            WHERE site = $1 AND bridge <> $2 AND run <> '' ORDER BY bridge";
        let rows = self.ask(sql, &[&self.place.site, &self.place.bridge]).await?;
        let read = |row: &Row| {
            let at: String = row.try_get(1)?;
            Ok((row.try_get(0)?, at.parse().ok()))
        };
        Ok(rows.iter().map(read).collect::<Result<_, Error>>()?)
    }

    async fn rows_there(&self) -> Result<HashMap<Key, Said>, Trouble> {
        let sql = format!(
            "SELECT bridge, visit, version, {SAID} FROM board
            WHERE site = $1 AND bridge <> $2 ORDER BY day DESC, visit DESC LIMIT $3"
        );
        let rows = self.ask(&sql, &[&self.place.site, &self.place.bridge, &MOST]).await?;
        let read = |row: &Row| {
            let key = (row.try_get(0)?, visit(row, 1)?, row.try_get(2)?);
            Ok((key, row.try_get(3)?))
        };
        Ok(rows.iter().map(read).collect::<Result<_, Error>>()?)
    }

    async fn rows_of(
        &self,
        bridge: &str,
        visits: &[VisitId],
    ) -> Result<Vec<(Said, KeptRow)>, Trouble> {
        let sql = format!(
            "SELECT visit, version, {SAID}, day, by_hand,
                CASE WHEN length(row) <= {MOST_BYTES} THEN row ELSE '' END
            FROM board WHERE site = $1 AND bridge = $2 AND visit = ANY ($3)"
        );
        let visits: Vec<_> =
            visits.iter().map(|visit| i64::try_from(visit.0).unwrap_or(i64::MAX)).collect();
        let rows = self.ask(&sql, &[&self.place.site, &bridge, &visits]).await?;
        let read = |row: &Row| {
            let day: String = row.try_get(3)?;
            let kept = KeptRow {
                visit: visit(row, 0)?,
                version: row.try_get(1)?,
                day: day.parse().ok(),
                row: row.try_get(5)?,
                by_hand: row.try_get(4)?,
                number: None,
                at: None,
            };
            Ok((row.try_get(2)?, kept))
        };
        Ok(rows.iter().map(read).collect::<Result<_, Error>>()?)
    }

    async fn ask(
        &self,
        sql: &str,
        parameters: &[&(dyn tokio_postgres::types::ToSql + Sync)],
    ) -> Result<Vec<Row>, Trouble> {
        within(DEADLINE, async { Ok(self.client.query(sql, parameters).await?) }).await
    }
}

/// A [`Said`]: whatever changes a row changes this.
const SAID: &str = "CASE WHEN by_hand THEN '!' ELSE '' END || day || md5(row)";

fn visit(row: &Row, at: usize) -> Result<VisitId, Error> {
    let visit: i64 = row.try_get(at)?;
    Ok(VisitId(visit.unsigned_abs()))
}

/// The bridges of one site hear each other only.
fn channel(site: &str) -> String {
    format!("uketsuke {site}")
}
