//! Brings a backup back, in the place of a store that is lost, damaged or wrong.
//!
//! What happened between the backup and now is not known for certain, so nothing that may have been given is given again: numbers
//! of visits go on behind a block that is left out, today's reception numbers in the upper half of those that are left, and a result
//! that waited then counts as perhaps delivered (`placing` = [`UNSURE`]): it is written only if its file is still being made, and goes
//! to the staff otherwise. So do the numbers of the journal: what the site's database has under those that the store had since says
//! nothing of this one. The store that was there is put aside, never deleted.

use super::backup::{flush_folder, made_at, sound};
use super::settings_copy::{self, Kept};
use super::verify::read_only;
use super::{MIGRATIONS, Sqlite, applied, bring_up_to_date, journal};
use crate::delivery::UNSURE;
use crate::private;
use crate::store::head::{self, Head};
use crate::store::{Actor, Audit, Deed, FolderLock, Op, StoreError, audit, tables};
use checkin::time::{in_japan, rfc3339};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, Transaction, params};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Numbers of visits that are left out: those of a thousand days with as many reception numbers as a day has.
const BLOCK: i64 = 10_000_000;
/// What `Sqlite::open` refuses to start beside.
const PREPARED: &str = "uketsuke.sqlite.restoring";

/// Why nothing was restored. Each says what to do; the store that was there is still there.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// Not a file of `backup`, damaged, of a newer version, or of the other kind.
    #[error("{0}; nothing was restored / 何も戻していません")]
    Store(#[from] StoreError),
    /// A file cannot be read, written or moved.
    #[error("{0}; nothing was restored / 何も戻していません")]
    Io(#[from] io::Error),
}

impl From<rusqlite::Error> for RestoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What was restored, and what staff have to look at.
pub struct Restored {
    /// The backup's audit as it was found.
    pub audit: Audit,
    /// When the backup was made.
    pub made_at: String,
    /// Where the store is that was there; `None`: there was none.
    pub aside: Option<PathBuf>,
    /// The file of settings: of the backup, or as it was (`None`: the backup does not say).
    pub settings: Option<bool>,
    /// Results that waited in the backup: their files may have been delivered since.
    pub waiting: u64,
    /// Results that staff had to enter when the backup was made: they may have been entered since.
    pub by_hand: u64,
    /// Visits whose results wait in the store that was put aside, and in no other; empty where that cannot be read.
    pub left_behind: Vec<i64>,
    /// The next reception number of today will be larger than this one; `None`: today has none so far.
    pub number: Option<i64>,
}

impl Sqlite {
    /// Puts the backup `file` in the place of the store in `folder`, for patients or for practice. `_lock`: no bridge uses it.
    ///
    /// # Errors
    /// [`RestoreError`].
    pub fn restore(
        folder: &Path,
        file: &Path,
        practice: bool,
        now: Timestamp,
        _lock: &FolderLock,
    ) -> Result<Restored, RestoreError> {
        let (audit, made_at) = inspect(file, practice)?;
        fs::create_dir_all(folder)?;
        let before = Before::of(folder, in_japan(now).date());
        let part = Part::copy(folder, file)?;
        let mut restored = Restored {
            audit,
            made_at,
            aside: None,
            settings: None,
            waiting: 0,
            by_hand: 0,
            left_behind: Vec::new(),
            number: None,
        };
        let (head, settings) = adjust(&part.0, &before, now, &mut restored)?;
        File::open(&part.0)?.sync_all()?;
        let prepared = prepared(folder);
        // From here on no bridge starts until the last step is done.
        fs::rename(&part.0, &prepared)?;
        flush_folder(&prepared);
        restored.aside = put_aside(folder, settings != Kept::Untold, now).inspect_err(|_| {
            // It is moved first: with it nothing was moved.
            if Self::file(folder).exists() {
                let _ = fs::remove_file(&prepared);
            }
        })?;
        Head::new(folder, head.0).note(head.1)?;
        settings_copy::bring_back(folder, &settings)?;
        fs::rename(&prepared, Self::file(folder))?;
        flush_folder(&prepared);
        Ok(restored)
    }
}

/// A copy of the backup that becomes the new store; gone, with what `SQLite` made beside it, when it does not.
struct Part(PathBuf);

impl Part {
    /// For its owner's eyes only, whoever may read the backup.
    fn copy(folder: &Path, file: &Path) -> io::Result<Self> {
        let part = Self(folder.join(format!("{PREPARED}.part")));
        // Of a restoration that was interrupted.
        part.remove();
        let mut copy = private::options().create_new(true).write(true).open(&part.0)?;
        io::copy(&mut File::open(file)?, &mut copy)?;
        Ok(part)
    }

    fn remove(&self) {
        for file in with_sides(&self.0) {
            // What cannot be removed is found when it is made again.
            let _ = fs::remove_file(file);
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.remove();
    }
}

/// A database, and the files that `SQLite` makes beside it.
fn with_sides(file: &Path) -> [PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|end| {
        let mut name = file.to_owned().into_os_string();
        name.push(end);
        PathBuf::from(name)
    })
}

/// Where the new store lies while it takes its place.
fn prepared(folder: &Path) -> PathBuf {
    folder.join(PREPARED)
}

/// Refuses a folder in which a restoration was interrupted: the store may be missing, and must not begin anew.
pub(super) fn is_complete(folder: &Path) -> Result<(), StoreError> {
    if prepared(folder).exists() { Err(StoreError::RestoreInterrupted) } else { Ok(()) }
}

/// The audit of a sound backup of the right kind, and when it was made.
fn inspect(file: &Path, practice: bool) -> Result<(Audit, String), StoreError> {
    // SQLite would make a file that is not there.
    File::open(file)?;
    let db = read_only(file)?;
    let made_at = made_at(&db)?.ok_or(StoreError::NoBackup)?;
    applied(&db, &MIGRATIONS)?;
    sound(&db)?;
    let holds: bool = db.query_row("SELECT practice FROM store", [], |row| row.get(0))?;
    if holds != practice {
        return Err(StoreError::Mixed { folder: file.into(), practice: holds });
    }
    Ok((Sqlite::verify_backup(file)?, made_at))
}

/// What can be told of the store that was there. All of it may be unreadable: that may be why a backup is brought back.
#[derive(Default)]
struct Before {
    last_visit: i64,
    /// The largest reception number of today, where the store is in order.
    number: Option<i64>,
    head: Option<head::At>,
    /// Visits with results that wait or are to be entered.
    unfinished: Vec<(i64, String)>,
}

impl Before {
    fn of(folder: &Path, today: Date) -> Self {
        Self::read(folder, today).unwrap_or_default()
    }

    fn read(folder: &Path, today: Date) -> Result<Self, StoreError> {
        Sqlite::verify(folder)?;
        let db = read_only(&Sqlite::file(folder))?;
        sound(&db)?;
        let sql = "SELECT visit, name FROM outbox WHERE done IS NULL
            UNION SELECT visit, '' FROM board WHERE by_hand = 1 ORDER BY 1";
        let mut rows = db.prepare(sql)?;
        let unfinished = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self {
            last_visit: db.query_row("SELECT last FROM visit_numbers", [], |row| row.get(0))?,
            number: Some(largest(&db, today, journal::numbers(&db)?)?),
            head: Some(audit::last(&db)?),
            unfinished: unfinished.collect::<Result<_, _>>()?,
        })
    }
}

/// The largest reception number that was given on that day, of those that this bridge gives; or that before its first one.
fn largest(db: &Connection, day: Date, (first, last): (i64, i64)) -> Result<i64, StoreError> {
    let sql = "SELECT COALESCE(MAX(number), ?2 - 1) FROM receptions
        WHERE day = ?1 AND number BETWEEN ?2 AND ?3";
    Ok(db.query_row(sql, params![day.to_string(), first, last], |row| row.get(0))?)
}

/// What is to be noted of the head of the audit.
type HeadOf = (Vec<head::At>, head::At);

/// Makes a store of a copied backup; gives what is to be noted of its head, and the file of settings that lay in it.
fn adjust(
    prepared: &Path,
    before: &Before,
    now: Timestamp,
    restored: &mut Restored,
) -> Result<(HeadOf, Kept), RestoreError> {
    let mut db = Connection::open(prepared)?;
    let heads = super::backup::heads_of_backup(&db)?.unwrap_or_default();
    bring_up_to_date(&mut db, &MIGRATIONS)?;
    let noted = audit::last(&db)?;
    let work = db.transaction()?;
    work.execute_batch("DROP TABLE backup; DROP TABLE backup_heads;")?;
    let settings = settings_copy::take(&work)?;
    restored.settings = (settings != Kept::Untold).then_some(matches!(settings, Kept::File(_)));
    restored.waiting = count(&work, super::WAITING)?;
    restored.by_hand = count(&work, super::BY_HAND)?;
    work.execute("UPDATE outbox SET placing = ?1 WHERE done IS NULL", [UNSURE])?;
    restored.left_behind = left_behind(&work, before)?;
    restored.number = leave_numbers_out(&work, before, in_japan(now).date())?;
    journal::begin_anew(&work, BLOCK)?;
    let deed = Deed::Restored { lines: noted.0, head: noted.1, aside: before.head };
    tables::carry_out(&work, &Op::Deed { at: now, deed, by: Some(Actor::Command) })?;
    work.commit()?;
    let evidence = audit::not_held(&db, heads)?;
    let last = audit::last(&db)?;
    // One file, without a log beside it.
    db.pragma_update(None, "journal_mode", "DELETE")?;
    db.close().map_err(|(_, error)| error)?;
    Ok(((evidence, last), settings))
}

fn count(db: &Connection, sql: &str) -> Result<u64, StoreError> {
    Ok(db.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

/// The visits whose unfinished results only the store that was there has.
fn left_behind(db: &Connection, before: &Before) -> Result<Vec<i64>, StoreError> {
    let mut only_there = Vec::new();
    for (visit, name) in &before.unfinished {
        let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE name = ?2 AND done IS NULL)
            OR EXISTS (SELECT 1 FROM board WHERE visit = ?1 AND by_hand = 1 AND ?2 = '')";
        if !db.query_row(sql, params![visit, name], |row| row.get::<_, bool>(0))? {
            only_there.push(*visit);
        }
    }
    only_there.dedup();
    Ok(only_there)
}

/// See the module. A number of a visit that nobody has stands for the reception numbers that are left out.
fn leave_numbers_out(
    db: &Transaction<'_>,
    before: &Before,
    today: Date,
) -> Result<Option<i64>, StoreError> {
    let sql = "UPDATE visit_numbers SET last = ?2 + MAX(?1, last,
        (SELECT COALESCE(MAX(id), 0) FROM visits),
        (SELECT COALESCE(MAX(visit), 0) FROM receptions)) RETURNING last";
    let last: i64 = db.query_row(sql, params![before.last_visit, BLOCK], |row| row.get(0))?;
    let (first, last_number) = journal::numbers(db)?;
    let known = largest(db, today, (first, last_number))?;
    let number = match before.number {
        Some(number) => number.max(known),
        None => known + (last_number - known) / 2,
    };
    if number > known {
        let sql = "INSERT INTO receptions (day, number, visit) VALUES (?1, ?2, ?3)";
        db.execute(sql, params![today.to_string(), number, last])?;
    }
    Ok((number >= first).then_some(number))
}

/// Moves the store that is there, and the file of settings where the backup says how that was, into a folder of its own; `None`: there
/// is nothing.
fn put_aside(folder: &Path, settings: bool, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let files = with_sides(&Sqlite::file(folder)).into_iter().chain([folder.join("audit.head")]);
    let files = files.chain(settings.then(|| folder.join(crate::settings::FILE)));
    let files: Vec<_> = files.filter(|file| file.exists()).collect();
    if files.is_empty() {
        return Ok(None);
    }
    let name = format!("before-restore-{}", rfc3339(now).replace(':', ""));
    let aside = (0..100)
        .map(|again| folder.join(if again == 0 { name.clone() } else { format!("{name}-{again}") }))
        .find(|aside| !aside.exists())
        .ok_or(io::ErrorKind::AlreadyExists)?;
    fs::create_dir(&aside)?;
    #[cfg(unix)]
    fs::set_permissions(&aside, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    for file in files {
        if let Some(name) = file.file_name() {
            fs::rename(&file, aside.join(name))?;
        }
    }
    flush_folder(&aside.join("audit.head"));
    Ok(Some(aside))
}
