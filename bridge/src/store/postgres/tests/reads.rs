//! Everything else that is there of a bridge, so that both engines can be asked the same.

use super::super::arrived::cell;
use crate::store::chain::{self, Newest};
use crate::store::{Kept, KeptRow, Postgres, StoreError, Waiting, audit};
use checkin::VisitId;
use checkin::reception::ReceptionNumber;
use jiff::Timestamp;
use jiff::civil::Date;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

impl Postgres {
    fn query(&self, sql: &str, more: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, StoreError> {
        self.asked().query(sql, more)
    }

    fn count(&self, sql: &str) -> Result<u64, StoreError> {
        let rows = self.query(sql, &[])?;
        let count: i64 = rows.first().map_or(Ok(0), |row| cell(row, 0))?;
        Ok(count.unsigned_abs())
    }
}

fn visit(row: &Row, at: usize) -> Result<VisitId, StoreError> {
    Ok(VisitId(cell::<i64>(row, at)?.unsigned_abs()))
}

fn moment(row: &Row, at: usize) -> Result<Option<Timestamp>, StoreError> {
    Ok(cell::<Option<&str>>(row, at)?.and_then(|text| text.parse().ok()))
}

impl Kept for Postgres {
    fn check_chain(&self) -> Result<u64, StoreError> {
        let asked = self.asked();
        asked.at_one_moment(|| asked.check_chain())
    }

    fn newest(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql =
            "SELECT line FROM audit WHERE site = $1 AND bridge = $2 ORDER BY seq DESC LIMIT $3";
        let mut newest = Newest::default();
        for row in self.query(sql, &[&chain::LATEST])? {
            if !newest.goes_on(cell(&row, 0)?) {
                break;
            }
        }
        Ok(newest.time())
    }

    fn outbox(&self) -> Result<Vec<Waiting>, StoreError> {
        let sql = "SELECT id, visit, name, \"placing\", queued_at FROM outbox
            WHERE site = $1 AND bridge = $2 AND done IS NULL ORDER BY id LIMIT 1000";
        let read = |row: Row| {
            Ok(Waiting {
                id: cell(&row, 0)?,
                visit: visit(&row, 1)?,
                name: cell(&row, 2)?,
                queued_at: moment(&row, 4)?,
                placing: cell(&row, 3)?,
            })
        };
        self.query(sql, &[])?.into_iter().map(read).collect()
    }

    fn has_served(&self, name: &str) -> Result<Option<bool>, StoreError> {
        let sql =
            "SELECT done IS NOT NULL FROM outbox WHERE site = $1 AND bridge = $2 AND name = $3";
        self.query(sql, &[&name])?.first().map(|row| cell(row, 0)).transpose()
    }

    fn waiting(&self) -> Result<u64, StoreError> {
        self.count("SELECT COUNT(*) FROM outbox WHERE site = $1 AND bridge = $2 AND done IS NULL")
    }

    fn waiting_since(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.outbox()?.first().and_then(|row| row.queued_at))
    }

    fn rows(&self) -> Result<Vec<KeptRow>, StoreError> {
        let sql = "SELECT b.visit, b.version, b.day, b.row, b.by_hand, r.number,
                COALESCE(v.ended_at, v.started_at)
            FROM board b
                LEFT JOIN receptions r
                    ON r.site = b.site AND r.bridge = b.bridge AND r.visit = b.visit
                LEFT JOIN visits v ON v.site = b.site AND v.bridge = b.bridge AND v.id = b.visit
            WHERE b.site = $1 AND b.bridge = $2 ORDER BY b.visit, b.version DESC";
        let read = |row: Row| {
            let number: Option<i64> = cell(&row, 5)?;
            Ok(KeptRow {
                visit: visit(&row, 0)?,
                version: cell(&row, 1)?,
                day: cell::<&str>(&row, 2)?.parse().ok(),
                row: cell(&row, 3)?,
                by_hand: cell(&row, 4)?,
                number: number.and_then(|number| number.try_into().ok()).map(ReceptionNumber),
                at: moment(&row, 6)?,
            })
        };
        self.query(sql, &[])?.into_iter().map(read).collect()
    }

    fn lines_of(&self, day: Date) -> Result<Vec<String>, StoreError> {
        let sql =
            "SELECT line FROM audit WHERE site = $1 AND bridge = $2 ORDER BY seq DESC LIMIT $3";
        let rows = self.query(sql, &[&audit::OF_A_DAY])?;
        audit::of_day(rows.iter().map(|row| cell(row, 0)), day)
    }

    fn by_hand(&self) -> Result<u64, StoreError> {
        self.count("SELECT COUNT(*) FROM board WHERE site = $1 AND bridge = $2 AND by_hand")
    }
}
