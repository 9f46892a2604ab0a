//! Which tables go to the site's database: one list, from which `SQLite`'s triggers and the statements of both engines are made.

/// A table that goes to the site's database.
pub(super) struct Table {
    /// The same in both engines.
    pub(super) name: &'static str,
    /// The columns that tell its rows apart; in the site's database behind site and bridge.
    pub(super) key: &'static [&'static str],
    /// The other columns that are sent.
    pub(super) rest: &'static [&'static str],
    /// What arrived once stays as it arrived, whatever is done to the bridge's own copy later, until its time is over.
    pub(super) stays: bool,
}

/// To be counted up with every change of [`TABLES`]: then everything is sent anew.
pub(super) const FORM: i64 = 1;

/// In the order in which they are sent anew.
pub(super) const TABLES: [Table; 7] = [
    Table {
        name: "visits",
        key: &["id"],
        rest: &["started_at", "identified_by", "visual_reason", "ended_at", "outcome"],
        stays: false,
    },
    Table {
        name: "consents",
        key: &["visit", "topic"],
        rest: &["agreed", "given_at", "until"],
        stays: false,
    },
    Table { name: "audit", key: &["seq"], rest: &["line", "hash"], stays: true },
    Table { name: "audit_start", key: &["one"], rest: &["seq", "hash"], stays: false },
    Table { name: "receptions", key: &["day", "number"], rest: &["visit"], stays: false },
    Table {
        name: "outbox",
        key: &["id"],
        // Not its content: what never leaves the bridge need not be deleted elsewhere.
        rest: &["visit", "name", "queued_at", "placing", "done", "done_at"],
        stays: false,
    },
    Table {
        name: "board",
        key: &["visit", "version"],
        rest: &["day", "row", "by_hand"],
        stays: false,
    },
];

impl Table {
    /// The one of this name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }

    fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.key.iter().chain(self.rest).copied()
    }

    /// `SQLite`: the row with this key.
    pub(super) fn select(&self) -> String {
        // A damaged row need not be text; it is sent as it is.
        let column = |name| if name == "row" { "CAST(row AS BLOB)" } else { name };
        let columns = self.columns().map(column).collect::<Vec<_>>().join(", ");
        let name = self.name;
        format!("SELECT {columns} FROM {name} WHERE {}", equal(self.key, "?", 1))
    }

    /// `SQLite`: whatever changes a row writes its key into the journal.
    pub(super) fn triggers(&self) -> String {
        let name = self.name;
        let key = |of: &str| {
            let columns: Vec<_> = self.key.iter().map(|column| format!("{of}.{column}")).collect();
            format!("json_array({})", columns.join(", "))
        };
        let (new, old) = (key("NEW"), key("OLD"));
        let due = |key: &str| format!("INSERT INTO journal (tbl, key) VALUES ('{name}', {key});");
        let moved = format!(
            "INSERT INTO journal (tbl, key) SELECT '{name}', {old} WHERE {old} <> {new};{}",
            due(&new)
        );
        let trigger = |(event, then): (&str, String)| {
            format!(
                "DROP TRIGGER IF EXISTS journal_{name}_{event};
                CREATE TRIGGER journal_{name}_{event} AFTER {event} ON {name} BEGIN {then} END;"
            )
        };
        [("INSERT", due(&new)), ("UPDATE", moved), ("DELETE", due(&old))].map(trigger).concat()
    }

    /// `SQLite`: without them.
    pub(super) fn no_triggers(&self) -> String {
        let drop =
            |event| format!("DROP TRIGGER IF EXISTS journal_{name}_{event};", name = self.name);
        ["INSERT", "UPDATE", "DELETE"].map(drop).concat()
    }

    /// `SQLite`: every row is to be sent.
    pub(super) fn all(&self) -> String {
        let (name, key) = (self.name, self.key.join(", "));
        format!(
            "INSERT INTO journal (tbl, key) SELECT '{name}', json_array({key}) FROM {name} ORDER BY {key};"
        )
    }

    /// `PostgreSQL`: a row with this key is there; parameters: site, bridge, then all columns.
    pub(super) fn upsert(&self) -> String {
        let columns: Vec<_> =
            ["site", "bridge"].into_iter().chain(self.columns()).map(quoted).collect();
        let values: Vec<_> = (1..=columns.len()).map(|at| format!("${at}")).collect();
        let rest = self.rest.iter().map(|name| quoted(name));
        let set: Vec<_> = rest.map(|name| format!("{name} = EXCLUDED.{name}")).collect();
        let then =
            if self.stays { "NOTHING".into() } else { format!("UPDATE SET {}", set.join(", ")) };
        let (name, key) = (self.name, self.key.join(", "));
        let (columns, values) = (columns.join(", "), values.join(", "));
        format!(
            "INSERT INTO {name} ({columns}) VALUES ({values}) ON CONFLICT (site, bridge, {key}) DO {then}"
        )
    }

    /// `PostgreSQL`: no row has this key; parameters: site, bridge, key.
    pub(super) fn delete(&self) -> String {
        let equal = equal(self.key, "$", 3);
        format!("DELETE FROM {} WHERE site = $1 AND bridge = $2 AND {equal}", self.name)
    }
}

/// A plain name of the one engine may be a word of the other.
fn quoted(column: &str) -> String {
    format!("\"{column}\"")
}

/// `"a" = ?1 AND "b" = ?2`.
fn equal(columns: &[&str], mark: &str, from: usize) -> String {
    let columns = columns.iter().map(|column| quoted(column)).zip(from..);
    let terms = columns.map(|(column, at)| format!("{column} = {mark}{at}"));
    terms.collect::<Vec<_>>().join(" AND ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_of_a_table() {
        let consents = Table::named("consents").unwrap();
        assert_eq!(
            consents.upsert().replace('"', ""),
            "INSERT INTO consents (site, bridge, visit, topic, agreed, given_at, until) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (site, bridge, visit, topic) \
             DO UPDATE SET agreed = EXCLUDED.agreed, given_at = EXCLUDED.given_at, until = EXCLUDED.until"
        );
        let audit = Table::named("audit").unwrap();
        assert!(audit.upsert().ends_with("DO NOTHING"), "{}", audit.upsert());
        let delete = "DELETE FROM audit WHERE site = $1 AND bridge = $2 AND \"seq\" = $3";
        assert_eq!(audit.delete(), delete);
        assert!(Table::named("journal").is_none());
    }
}
