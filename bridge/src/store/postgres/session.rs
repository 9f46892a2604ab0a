//! One connection to the site's database over which a bridge sends what it keeps.

use super::{
    Address, DEADLINE, LONG, Place, Refused, Told, Trouble, connect, is_to_be_repeated, schema,
    within,
};
use crate::store::Sqlite;
use crate::store::sent::{TABLES, Table};
use crate::store::sqlite::{Change, Reach, Shipment};
use checkin::time::rfc3339;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::types::Value;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use tokio::sync::Notify;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Statement, Transaction};

/// A transaction that meets others is done again so often at once.
const TRIES: usize = 8;

/// In the place of a run: the store goes on under another name.
const RENAMED: &str = "";

/// One start of a bridge: who sends for it.
pub(in crate::store) struct Run {
    /// New with each.
    token: String,
    /// It has introduced itself: should another one send now, that one came later.
    introduced: bool,
}

impl Run {
    /// With a token that nobody else has.
    pub(in crate::store) fn new(token: String) -> Self {
        Self { token, introduced: false }
    }
}

/// Rung when there is something to look after.
#[derive(Default)]
pub(in crate::store) struct Bell {
    rung: Notify,
    /// By another bridge.
    others: AtomicBool,
}

impl Bell {
    /// Something was committed here, or the connection ended.
    pub(in crate::store) fn ring(&self) {
        self.rung.notify_one();
    }

    /// Another bridge has changed rows.
    fn ring_for_others(&self) {
        self.others.store(true, SeqCst);
        self.ring();
    }

    /// Waits until it rings, unless it has since the last time.
    pub(in crate::store) async fn rings(&self) {
        self.rung.notified().await;
    }

    /// Whether another bridge has rung since the last time.
    pub(in crate::store) fn take_others(&self) -> bool {
        self.others.swap(false, SeqCst)
    }
}

/// See the module.
pub(in crate::store) struct Session {
    pub(super) client: Client,
    pub(super) place: Place,
    pub(super) store: String,
    pub(super) run: String,
    /// Up to here the database has the journal.
    sent: i64,
    statements: HashMap<&'static str, Prepared>,
}

/// Statements of one table.
struct Prepared {
    upsert: Statement,
    delete: Statement,
}

impl Session {
    /// Connects, makes the tables if there are none, and introduces the bridge. `bell`: rung when the connection ends, and by other
    /// bridges.
    pub(in crate::store) async fn open(
        address: &Address,
        place: &Place,
        own: &Sqlite,
        run: &mut Run,
        bell: Arc<Bell>,
    ) -> Result<Self, Trouble> {
        let tell = move |told| match told {
            Told::Others => bell.ring_for_others(),
            Told::Ended => bell.ring(),
        };
        let mut client = within(DEADLINE, connect(address, tell)).await?;
        within(DEADLINE, schema::prepare(&mut client)).await?;
        let sent = within(DEADLINE, introduce(&mut client, place, own, run)).await?;
        let store = own.identity()?;
        let (place, run) = (place.clone(), run.token.clone());
        let session = Self { client, place, store, run, sent, statements: HashMap::new() };
        session.listen().await;
        Ok(session)
    }

    /// Sends one shipment, in one transaction: afterwards the database has all of it, or nothing.
    pub(in crate::store) async fn send(&mut self, shipment: &Shipment) -> Result<(), Trouble> {
        // A whole store may have to be deleted first.
        let deadline = if shipment.anew.is_some() { LONG } else { DEADLINE };
        for _ in 0..TRIES {
            match within(deadline, self.try_send(shipment)).await? {
                Done::Sent => {
                    self.sent = shipment.through;
                    if shipment.has_rows() {
                        self.tell_others().await;
                    }
                    return Ok(());
                }
                Done::Repeat => {}
                // Another run moved it on; introducing itself again tells which.
                Done::Overtaken => return Err(Trouble::Away("another program sends".into())),
            }
        }
        Err(Trouble::Away("other transactions are always in the way".into()))
    }

    /// Deletes the names that any bridge of the site has left of days before this one. A bridge that is there has done so long
    /// before.
    pub(in crate::store) async fn forget(&self, day: Date) -> Result<(), Trouble> {
        let sql = "DELETE FROM board WHERE site = $1 AND day < $2 AND NOT by_hand";
        let day = day.to_string();
        let forget = async { Ok(self.client.execute(sql, &[&self.place.site, &day]).await?) };
        within(DEADLINE, forget).await.map(drop)
    }

    async fn try_send(&mut self, shipment: &Shipment) -> Result<Done, Trouble> {
        self.prepare(shipment).await?;
        let Self { client, place, store, run, sent, statements } = self;
        let work = async {
            let transaction = client.transaction().await?;
            let sql = "UPDATE bridges SET sent = $6, sent_at = $7 WHERE site = $1 AND bridge = $2
                AND store = $3 AND run = $4 AND sent = $5";
            let now = rfc3339(Timestamp::now());
            let moved = transaction
                .execute(
                    sql,
                    &[&place.site, &place.bridge, store, run, sent, &shipment.through, &now],
                )
                .await?;
            if moved != 1 {
                return Ok(Done::Overtaken);
            }
            if let Some(start) = shipment.anew {
                clear(&transaction, place, start).await?;
            }
            let transaction_ = &transaction;
            let all = shipment.changes.iter().map(|change| {
                let prepared = &statements[change.table.name];
                apply(transaction_, place, prepared, change)
            });
            try_join_all(all).await?;
            transaction.commit().await?;
            Ok(Done::Sent)
        };
        match work.await {
            Err(error) if is_to_be_repeated(&error) => Ok(Done::Repeat),
            other => Ok(other?),
        }
    }

    async fn prepare(&mut self, shipment: &Shipment) -> Result<(), Trouble> {
        for Change { table, .. } in &shipment.changes {
            if !self.statements.contains_key(table.name) {
                let upsert = self.client.prepare(&table.upsert()).await?;
                let delete = self.client.prepare(&table.delete()).await?;
                self.statements.insert(table.name, Prepared { upsert, delete });
            }
        }
        Ok(())
    }
}

enum Done {
    Sent,
    Repeat,
    Overtaken,
}

/// Everything of this bridge is outdated, and about to be sent; of what arrived once and stays only that up to the line `start`.
async fn clear(transaction: &Transaction<'_>, place: &Place, start: i64) -> Result<(), Error> {
    let Place { site, bridge, .. } = place;
    for Table { name, key, stays, .. } in &TABLES {
        let sql = format!("DELETE FROM {name} WHERE site = $1 AND bridge = $2");
        if *stays {
            let sql = format!("{sql} AND \"{}\" <= $3", key[0]);
            transaction.execute(&sql, &[site, bridge, &start]).await?;
        } else {
            transaction.execute(&sql, &[site, bridge]).await?;
        }
    }
    Ok(())
}

async fn apply(
    transaction: &Transaction<'_>,
    place: &Place,
    prepared: &Prepared,
    change: &Change,
) -> Result<u64, Error> {
    let (statement, values) = match &change.row {
        Some(row) => (&prepared.upsert, row),
        None => (&prepared.delete, &change.key),
    };
    let types = statement.params().iter().skip(2);
    let values: Vec<_> = values.iter().zip(types).map(|(value, ty)| parameter(value, ty)).collect();
    let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&place.site, &place.bridge];
    parameters.extend(values.iter().map(|value| &**value as &(dyn ToSql + Sync)));
    transaction.execute(statement, &parameters).await
}

/// Introduces the bridge; gives how far its journal is there. Bridges of a site do so one after the other.
async fn introduce(
    client: &mut Client,
    place: &Place,
    own: &Sqlite,
    run: &mut Run,
) -> Result<i64, Trouble> {
    let Place { site, bridge, numbers } = place;
    let identity = own.identity()?;
    let transaction = client.transaction().await?;
    let sql = "INSERT INTO sites (site, starts) VALUES ($1, 1)
        ON CONFLICT (site) DO UPDATE SET starts = sites.starts + 1";
    transaction.execute(sql, &[site]).await?;
    let (first, last) = (i64::from(*numbers.start()), i64::from(*numbers.end()));
    let sql = "SELECT bridge, first_number, last_number FROM bridges
        WHERE site = $1 AND bridge <> $2 AND store <> $5 AND first_number <= $4 AND last_number >= $3 LIMIT 1";
    let parameters: [&(dyn ToSql + Sync); 5] = [site, bridge, &first, &last, &identity];
    if let Some(other) = transaction.query_opt(sql, &parameters).await? {
        let (bridge, first, last) = (other.get(0), other.get(1), other.get(2));
        return Err(Refused::Numbers { bridge, first, last }.into());
    }
    let sql = "SELECT store, run, sent FROM bridges WHERE site = $1 AND bridge = $2";
    let known = transaction.query_opt(sql, &[site, bridge]).await?;
    let sent = match &known {
        None => 0,
        Some(row) => {
            let (store, runs, sent): (String, String, i64) = (row.get(0), row.get(1), row.get(2));
            if store != identity {
                return Err(Refused::NameTaken(bridge.clone()).into());
            }
            // A database that was put back from a copy knows an older run, and has less than it once had.
            let put_back = sent < own.reach()?.sent && runs != RENAMED;
            if run.introduced && runs != run.token && !put_back {
                return Err(Refused::TakenOver(bridge.clone()).into());
            }
            sent
        }
    };
    let sql =
        "SELECT seq, hash FROM audit WHERE site = $1 AND bridge = $2 ORDER BY seq DESC LIMIT 1";
    if let Some(line) = transaction.query_opt(sql, &[site, bridge]).await?
        && !own.has_line(line.get(0), line.get(1))?
    {
        return Err(Refused::Differs(bridge.clone()).into());
    }
    let reach = own.reach()?;
    if reach.is_behind(sent) {
        own.was_put_back()?;
        return Err(Refused::Differs(bridge.clone()).into());
    }
    leave_names_before(&transaction, place, &identity).await?;
    let sql = "INSERT INTO bridges (site, bridge, store, run, first_number, last_number, sent, sent_at)
        VALUES ($1, $2, $3, $4, $5, $6, 0, '') ON CONFLICT (site, bridge)
        DO UPDATE SET run = EXCLUDED.run, first_number = EXCLUDED.first_number, last_number = EXCLUDED.last_number";
    let parameters: [&(dyn ToSql + Sync); 6] = [site, bridge, &identity, &run.token, &first, &last];
    transaction.execute(sql, &parameters).await?;
    transaction.commit().await?;
    run.introduced = true;
    agree(own, reach, sent)?;
    Ok(sent)
}

/// What this store was called before at the site: it gives no numbers under such a name any more, and names nobody. What its audit
/// proves stays there, and the name is nobody else's.
async fn leave_names_before(
    transaction: &Transaction<'_>,
    place: &Place,
    identity: &str,
) -> Result<(), Error> {
    let sql = "UPDATE bridges SET run = $4, first_number = 0, last_number = 0, sent = 0
        WHERE site = $1 AND bridge <> $2 AND store = $3 AND run <> $4 RETURNING bridge";
    let Place { site, bridge, .. } = place;
    for row in transaction.query(sql, &[site, bridge, &identity, &RENAMED]).await? {
        let name: String = row.get(0);
        for table in ["board", "outbox"] {
            let sql = format!("DELETE FROM {table} WHERE site = $1 AND bridge = $2");
            transaction.execute(&sql, &[site, &name]).await?;
        }
    }
    Ok(())
}

/// The journal goes on where the database is.
fn agree(own: &Sqlite, reach: Reach, sent: i64) -> Result<(), Trouble> {
    if sent < reach.sent {
        // It was put back from a copy, or made anew.
        tracing::warn!("the site's database lost something: everything is sent again");
        own.send_anew()?;
    } else if sent > reach.sent {
        // Its acknowledgement was lost.
        own.sent(sent)?;
    }
    Ok(())
}

/// A value of `SQLite` as the type of its column here.
fn parameter<'a>(value: &'a Value, ty: &Type) -> Box<dyn ToSql + Sync + Send + 'a> {
    match (value, ty) {
        (Value::Integer(number), &Type::BOOL) => Box::new(*number != 0),
        (Value::Integer(number), _) => Box::new(*number),
        (Value::Real(number), _) => Box::new(*number),
        (Value::Text(text), _) => Box::new(text),
        (Value::Blob(bytes), _) => Box::new(bytes),
        (Value::Null, &Type::BOOL) => Box::new(None::<bool>),
        (Value::Null, &Type::INT8) => Box::new(None::<i64>),
        (Value::Null, &Type::BYTEA) => Box::new(None::<Vec<u8>>),
        (Value::Null, _) => Box::new(None::<&str>),
    }
}
