//! `doctor`: one line per thing that a kiosk needs, each with what to do.

use crate::clock::{self, Judged};
use crate::commands::audit::tampered;
use crate::config::Config;
use crate::ledger::Ledgers;
use crate::models;
use crate::reader::{self, ReaderChoice};
use crate::store::{Compared, FolderLock, Looked, Postgres, Refused, Sqlite, StoreError, Target};
use crate::tls::Certificates;
use checkin::time::rfc3339;
use jiff::Timestamp;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::ExitCode;

/// How bad it is.
enum Finding {
    Fine(String),
    /// Works, with less.
    Note(String),
    Wrong(String),
}

use Finding::{Fine, Note, Wrong};

/// Prints the findings; failure when something needed is wrong.
pub fn run(config: &Config) -> ExitCode {
    let folder = take_folder(&config.data);
    let runs = matches!(folder, Err(StoreError::InUse { .. }));
    let readers =
        (0..config.kiosks.len()).map(|at| ("reader  カードリーダー", check_reader(config, at)));
    let database = config.upstream.as_ref();
    let database = database.map(|it| ("database データベース", check_database(&config.data, it)));
    let others = [
        ("store   記録", check_store(&config.data)),
        ("clock   時計", check_clock(&config.data, Timestamp::now())),
        ("models  顔照合モデル", check_models(&config.models)),
        ("page    画面", check_page(&config.dist)),
        ("results 結果フォルダー", check_folder(config)),
        ("port    ポート", check_port(config.port, runs)),
        ("staff   職員用暗証番号", check_passcode(config)),
        ("roots   ルート証明書", check_roots(config)),
        ("network 職員のパソコン", check_network(config)),
    ];
    let kiosk = ("kiosk   受付", check_kiosk(&config.data, &folder));
    let mut code = ExitCode::SUCCESS;
    for (name, finding) in [kiosk].into_iter().chain(readers).chain(others).chain(database) {
        let (mark, text) = match finding {
            Fine(text) => ("OK", text),
            Note(text) => ("--", text),
            Wrong(text) => {
                code = ExitCode::FAILURE;
                ("NG", text)
            }
        };
        println!("{mark}  {name}: {text}");
    }
    code
}

/// The reader of one kiosk; where there are several, it is said which.
fn check_reader(config: &Config, at: usize) -> Finding {
    let (kiosk, others) = (&config.kiosks[at], config.readers_but(at));
    let choice = &kiosk.reader;
    let finding = match reader::list() {
        _ if *choice == ReaderChoice::Practice => Note("練習用のみ / practice reader only".into()),
        Ok(names) => {
            let own = |name: &String| !reader::is_anothers(name, choice, &others);
            describe_reader(choice, &names.into_iter().filter(own).collect::<Vec<_>>())
        }
        Err(error) if *choice == ReaderChoice::Auto => Note(format!(
            "pcscd が動いていません。練習モードで始まります / {error}: practice mode. Start it with: systemctl start pcscd"
        )),
        Err(error) => Wrong(format!(
            "pcscd を起動してください / {error}. Start it with: systemctl start pcscd"
        )),
    };
    if others.is_empty() {
        return finding;
    }
    let of = |text: String| format!("{}: {text}", kiosk.name);
    match finding {
        Fine(text) => Fine(of(text)),
        Note(text) => Note(of(text)),
        Wrong(text) => Wrong(of(format!(
            "{text}。ほかの受付機の名前にも合うリーダーは使いません / a reader that fits another kiosk's name as well is not used: write whole names"
        ))),
    }
}

/// The reader in use, and what else there is.
fn describe_reader(choice: &ReaderChoice, names: &[String]) -> Finding {
    match (choice, reader::chosen(choice, names)) {
        (_, Some(name)) if names.len() == 1 => Fine(name.clone()),
        (_, Some(name)) => {
            let others: Vec<&String> = names.iter().filter(|other| *other != name).collect();
            Fine(format!("{name}（使わないもの / not in use: {others:?}）"))
        }
        (ReaderChoice::Named(part), None) => Wrong(format!(
            "「{part}」がありません。つなぎ直してください。見つかると自動で受付に戻ります / no reader has that name; there are: {names:?}. Connect it again: the kiosk goes on by itself"
        )),
        (_, None) if names.is_empty() => Note(
            "接続されていません。練習モードで始まります。動いている受付機がリーダーを使っていたときは、つなぎ直すと受付に戻り、再起動すると練習モードになります / none attached: practice mode. A running kiosk that had used one goes on when it is connected again, and practises after a restart".into(),
        ),
        (_, None) => Note(format!(
            "仮想リーダーは、reader に名前を書いたときだけ使います。練習モードで始まります / virtual readers {names:?} are used only when `reader` names one: practice mode"
        )),
    }
}

/// The certificate of the site's network.
fn check_network(config: &Config) -> Finding {
    let Some(network) = &config.network else {
        return Note(
            "この受付機の画面だけで開きます / the staff pages open on this computer only".into(),
        );
    };
    match Certificates::load(&network.certificate, &network.key) {
        Err(error) => Wrong(format!("証明書を確認してください / {error}")),
        Ok(certificates) => {
            let days = certificates.days(Timestamp::now());
            let text = format!("証明書はあと {days} 日 / the certificate ends in {days} days");
            match days {
                ..0 => Wrong(format!("{text}: 新しくしてください / renew it")),
                0..30 => Note(format!("{text}: 新しくしてください / renew it")),
                _ => Fine(text),
            }
        }
    }
}

/// The lock of the data folder, unless the kiosk was never started: a look makes no folders.
fn take_folder(data: &Path) -> Result<Option<FolderLock>, StoreError> {
    if data.exists() { FolderLock::take(data).map(Some) } else { Ok(None) }
}

fn check_kiosk(data: &Path, folder: &Result<Option<FolderLock>, StoreError>) -> Finding {
    match folder {
        Ok(_) => Note(format!("動いていません / no kiosk runs on {}", data.display())),
        Err(StoreError::InUse { process, .. }) => {
            Fine(format!("動いています（プロセス {process}） / runs now (process {process})"))
        }
        Err(error) => Wrong(format!("フォルダー {} を確認してください / {error}", data.display())),
    }
}

fn check_store(data: &Path) -> Finding {
    if !Sqlite::file(data).exists() {
        let place = Sqlite::file(data);
        return Note(format!(
            "最初の起動で作られます / made at the first start: {}",
            place.display()
        ));
    }
    // A look only: the kiosk may run, and doctor may be newer than it.
    match Sqlite::look(data) {
        Ok(Looked::Older) => Note(
            "前の版の記録です。次の起動で更新されます / written by a version before: the next start brings it up to date".into(),
        ),
        Ok(Looked::Present { lines, by_hand: by_hand @ 1.., .. }) => Wrong(format!(
            "監査 {lines} 行。ファイルにできない結果 {by_hand} 件: 受付一覧（/staff）を見て手で入力し「入力した」を押してください / {by_hand} results do not fit the result file: enter them by hand from the staff board (/staff), and confirm there"
        )),
        Ok(Looked::Present { lines, waiting: 0, .. }) => Fine(format!(
            "監査 {lines} 行、改変なし、同意と一致 / audit intact, {lines} lines, consents as in it"
        )),
        Ok(Looked::Present { lines, waiting, .. }) => Note(format!(
            "監査 {lines} 行、未配達 {waiting} 件 / audit intact, {waiting} result files wait"
        )),
        Err(error) => Wrong(format!("フォルダー {} を確認してください / {error}", data.display())),
    }
}

/// The site's database: what it holds of this bridge.
fn check_database(data: &Path, target: &Target) -> Finding {
    if !Sqlite::file(data).exists() {
        return Note("最初の起動で準備されます / prepared at the first start".into());
    }
    let there = Postgres::open(&target.address, &target.place).and_then(|there| there.arrived());
    let compared = there.and_then(|there| Ok((Sqlite::compare(data, &there)?, there.audit)));
    let bridge = || target.place.bridge.clone();
    match compared {
        Ok((Compared::Older | Compared::Nothing, _)) => Note(
            "この受付機の記録はまだ届いていません。動いていれば送られます / nothing of this bridge has arrived yet: it is sent while the kiosk runs".into(),
        ),
        Ok((Compared::AnotherStore, _)) => {
            Wrong(format!("名前（[store] の bridge）を変えてください / {}", Refused::NameTaken(bridge())))
        }
        Ok((Compared::Differs, _)) => {
            Wrong(format!("名前（[store] の bridge）を変えてください / {}", Refused::Differs(bridge())))
        }
        Ok((Compared::Own { due: 0 }, Ok(lines))) => Fine(format!(
            "この受付機の監査 {lines} 行が届いています / it holds {lines} lines of this bridge's audit, unchanged, and nothing is on its way"
        )),
        Ok((Compared::Own { due }, Ok(lines))) => Note(format!(
            "この受付機の監査 {lines} 行が届き、変更 {due} 件が送られる途中です / it holds {lines} lines of this bridge's audit, unchanged; {due} changes are on their way"
        )),
        // The tables are sent one after the other.
        Ok((Compared::Own { due: due @ 1.. }, Err(StoreError::ConsentsDiffer(_) | StoreError::Beheaded(_)))) => {
            Note(format!(
                "変更 {due} 件が送られる途中です。届いてから確かめてください / {due} changes are on their way: look again when they are there"
            ))
        }
        Ok((_, Err(error))) if tampered(&error) => {
            Wrong(format!("データベースの監査を確認してください / in the site's database: {error}"))
        }
        Ok((_, Err(error))) | Err(error) => Wrong(format!(
            "受付は続けられます。記録はこの機械に残り、つながると送られます / {error}. Nobody has to wait: everything is kept here, and is sent when it is back"
        )),
    }
}

fn check_clock(data: &Path, now: Timestamp) -> Finding {
    // A store that cannot be read is told of above.
    let newest = Ledgers::folders(data).into_iter().filter(|folder| Sqlite::file(folder).exists());
    let newest = newest.filter_map(|folder| Sqlite::look_newest(&folder).ok().flatten()).max();
    let shown = rfc3339(now);
    match clock::judge(now, newest) {
        Judged::Possible => Fine(shown),
        Judged::BeforeBuild => Wrong(format!(
            "{shown}。日付と時刻を直してください / before this program was built: set the clock"
        )),
        Judged::BeforeRecord(newest) => Wrong(format!(
            "{shown}。これより新しい記録（{newest}）があります。日付と時刻を直してください。時計が正しいなら、受付を止めて uketsuke-bridge accept-clock を実行し、また始めてください / there are records of {newest}: set the clock; if it is right, stop the kiosk, run uketsuke-bridge accept-clock, and start it again",
            newest = rfc3339(newest)
        )),
    }
}

fn check_models(folder: &Path) -> Finding {
    match models::load(folder) {
        Ok(rule) => Fine(format!("{:.12}…", rule.model_hash)),
        Err(error) => Note(format!("顔認証なしで動きます / works without face matching; {error}")),
    }
}

fn check_page(dist: &Path) -> Finding {
    if dist.join("index.html").is_file() {
        Fine(dist.display().to_string())
    } else {
        Wrong(format!(
            "画面がありません。cargo xtask web を実行してください / no index.html in {}: run cargo xtask web",
            dist.display()
        ))
    }
}

fn check_folder(config: &Config) -> Finding {
    let folder = &config.result_folder;
    if folder.starts_with(&config.data) && !folder.exists() {
        return Note(format!("起動のときに作られます / made at the start: {}", folder.display()));
    }
    let probe = folder.join(".uketsuke-doctor");
    match std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) => Fine(folder.display().to_string()),
        Err(error) => Wrong(format!(
            "{} に書き込めません。共有と権限を確認してください / not writable: {error}",
            folder.display()
        )),
    }
}

/// `runs`: a kiosk runs on the same data folder, and so most likely on this port.
fn check_port(port: u16, runs: bool) -> Finding {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Fine(port.to_string()),
        Err(_) if runs => Fine(format!("{port}、受付が使用中 / {port}, in use by the kiosk")),
        Err(error) => Wrong(format!(
            "{port} は別のプログラムが使用中です。止めるか --port で変えてください / another program uses it: stop it, or choose another with --port ({error})"
        )),
    }
}

fn check_passcode(config: &Config) -> Finding {
    if config.passcode_hash.is_some() {
        Fine("設定済み / set".into())
    } else {
        Note("未設定。目視確認は使えません / not set: 目視 is off. Make one with: uketsuke-bridge passcode".into())
    }
}

fn check_roots(config: &Config) -> Finding {
    match card::Anchors::load(&config.trusted_roots) {
        Ok(_) => Fine(format!(
            "内蔵と追加 {} 件 / built in, and {} more",
            config.trusted_roots.len(),
            config.trusted_roots.len()
        )),
        Err(error) => Wrong(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(choice: &ReaderChoice, names: &[&str], begin: &str) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let (Fine(text) | Note(text) | Wrong(text)) = describe_reader(choice, &names);
        assert!(text.starts_with(begin), "{text}");
    }

    #[test]
    fn the_reader_in_use_is_named() {
        let named = |part: &str| ReaderChoice::Named(part.into());
        let slots = ["ACS ACR1581 00 00", "ACS ACR1581 00 01"];
        says(&named("ACS ACR1581 00 01"), &slots, "ACS ACR1581 00 01（");
        says(&named("00 01"), &slots, "ACS ACR1581 00 01（");
        says(&named("ACR122"), &slots, "「ACR122」がありません");
        says(&ReaderChoice::Auto, &slots, "ACS ACR1581 00 00（");
        says(&ReaderChoice::Auto, &["Dual ICC 00 00", "Dual PICC 00 01"], "Dual PICC 00 01（");
        says(&ReaderChoice::Auto, &["Virtual PCD 00 00"], "仮想リーダー");
        says(&ReaderChoice::Auto, &[], "接続されていません");
    }
}
