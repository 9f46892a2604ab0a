//! What is kept: the store, the site's database, and the clock that both go by.

use super::Finding;
use crate::clock::{self, Judged};
use crate::commands::audit::tampered;
use crate::ledger::Ledgers;
use crate::store::{Compared, Looked, Postgres, Refused, Sqlite, StoreError, Target};
use checkin::time::rfc3339;
use jiff::Timestamp;
use std::path::Path;

/// A store in its folder. A look only: the kiosk may run, and may be older than this program. Reads all of the audit.
pub(crate) fn store(folder: &Path) -> Finding {
    let file = Sqlite::file(folder);
    if !file.exists() {
        let place = file.display();
        return Finding::note(
            format!("最初の起動で作られます: {place}"),
            format!("made at the first start: {place}"),
        );
    }
    match Sqlite::look(folder) {
        Ok(Looked::Older) => Finding::note(
            "前の版の記録です。次の起動で更新されます",
            "written by a version before: the next start brings it up to date",
        ),
        Ok(Looked::Present { lines, by_hand: by_hand @ 1.., .. }) => Finding::wrong(
            format!(
                "監査 {lines} 行。ファイルにできない結果 {by_hand} 件: 受付一覧（/staff）を見て手で入力し「入力した」を押してください"
            ),
            format!(
                "{by_hand} results do not fit the result file: enter them by hand from the staff board (/staff), and confirm there"
            ),
        ),
        Ok(Looked::Present { lines, waiting: 0, .. }) => Finding::fine(
            format!("監査 {lines} 行、改変なし、同意と一致"),
            format!("audit intact, {lines} lines, consents as in it"),
        ),
        Ok(Looked::Present { lines, waiting, .. }) => Finding::note(
            format!("監査 {lines} 行、未配達 {waiting} 件"),
            format!("audit intact, {waiting} result files wait"),
        ),
        Err(error) => look_at(folder, &error),
    }
}

/// What to do where a folder of the store gives trouble.
pub(crate) fn look_at(folder: &Path, error: &StoreError) -> Finding {
    let ja = format!("フォルダー {} を確認してください", folder.display());
    Finding::wrong(ja, error.to_string())
}

/// The site's database: what it holds of the bridge with this data folder.
pub(crate) fn database(data: &Path, target: &Target) -> Finding {
    if !Sqlite::file(data).exists() {
        return Finding::note("最初の起動で準備されます", "prepared at the first start");
    }
    let there = Postgres::open(&target.address, &target.place).and_then(|there| there.arrived());
    let compared = there.and_then(|there| Ok((Sqlite::compare(data, &there)?, there.audit)));
    let bridge = || target.place.bridge.clone();
    let rename =
        |why: Refused| Finding::wrong("名前（[store] の bridge）を変えてください", why.to_string());
    match compared {
        Ok((Compared::Older | Compared::Nothing, _)) => Finding::note(
            "この受付機の記録はまだ届いていません。動いていれば送られます",
            "nothing of this bridge has arrived yet: it is sent while the kiosk runs",
        ),
        Ok((Compared::AnotherStore, _)) => rename(Refused::NameTaken(bridge())),
        Ok((Compared::Differs, _)) => rename(Refused::Differs(bridge())),
        Ok((Compared::Own { due: 0 }, Ok(lines))) => Finding::fine(
            format!("この受付機の監査 {lines} 行が届いています"),
            format!(
                "it holds {lines} lines of this bridge's audit, unchanged, and nothing is on its way"
            ),
        ),
        Ok((Compared::Own { due }, Ok(lines))) => Finding::note(
            format!("この受付機の監査 {lines} 行が届き、変更 {due} 件が送られる途中です"),
            format!(
                "it holds {lines} lines of this bridge's audit, unchanged; {due} changes are on their way"
            ),
        ),
        // The tables are sent one after the other.
        Ok((
            Compared::Own { due: due @ 1.. },
            Err(StoreError::ConsentsDiffer(_) | StoreError::Beheaded(_)),
        )) => Finding::note(
            format!("変更 {due} 件が送られる途中です。届いてから確かめてください"),
            format!("{due} changes are on their way: look again when they are there"),
        ),
        Ok((_, Err(error))) if tampered(&error) => Finding::wrong(
            "データベースの監査を確認してください",
            format!("in the site's database: {error}"),
        ),
        Ok((_, Err(error))) | Err(error) => Finding::wrong(
            "データベースにつながりません。受付は続けられます。記録はこの機械に残り、つながると送られます",
            format!(
                "{error}. Nobody has to wait: everything is kept here, and is sent when it is back"
            ),
        ),
    }
}

/// The clock, by the records of patients and of practice.
pub(crate) fn clock(data: &Path, now: Timestamp) -> Finding {
    // A store that cannot be read is told of by itself.
    let newest = Ledgers::folders(data).into_iter().filter(|folder| Sqlite::file(folder).exists());
    let newest = newest.filter_map(|folder| Sqlite::look_newest(&folder).ok().flatten()).max();
    let shown = rfc3339(now);
    match clock::judge(now, newest) {
        Judged::Possible => Finding::Fine(shown.into()),
        Judged::BeforeBuild => Finding::wrong(
            format!("{shown}。日付と時刻を直してください"),
            format!("{shown} is before this program was built: set the clock"),
        ),
        Judged::BeforeRecord(newest) => {
            let newest = rfc3339(newest);
            Finding::wrong(
                format!(
                    "{shown}。これより新しい記録（{newest}）があります。日付と時刻を直してください。時計が正しいなら、受付を止めて uketsuke-bridge accept-clock を実行し、また始めてください"
                ),
                format!(
                    "{shown}, and there are records of {newest}: set the clock; if it is right, stop the kiosk, run uketsuke-bridge accept-clock, and start it again"
                ),
            )
        }
    }
}
