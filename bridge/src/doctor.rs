//! `doctor`: one line per thing that a kiosk needs, each with what to do.

use crate::checks::{self, Finding};
use crate::config::Config;
use crate::settings::Settings;
use crate::store::{FolderLock, StoreError};
use jiff::Timestamp;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::ExitCode;

/// Prints the findings; failure when something needed is wrong.
pub fn run(config: &Config) -> ExitCode {
    let (settings, config) = settings(config.clone());
    let config = &config;
    let (data, now) = (&config.data, Timestamp::now());
    let folder = take_folder(data);
    let runs = matches!(folder, Err(StoreError::InUse { .. }));
    let own = config.result_folder.starts_with(data);
    let database = config.upstream.as_ref().map(|it| checks::database(data, it));
    let others = [
        ("store   記録", checks::store(data)),
        ("clock   時計", checks::clock(data, now)),
        ("disk    ディスク", checks::disk(nearest(data))),
        ("models  顔照合モデル", checks::models(&config.models)),
        ("page    画面", checks::pages(&config.dist)),
        ("results 結果フォルダー", checks::results(&config.result_folder, own)),
        ("patients 患者リスト", checks::patients(&config.patient_list(data))),
        ("port    ポート", port(config.port, runs)),
        ("staff   職員用暗証番号", checks::passcode(config)),
        ("roots   ルート証明書", checks::roots(config)),
        ("network 職員のパソコン", checks::network(config, now)),
    ];
    let others = others.map(|(name, finding)| (name.to_owned(), finding));
    let terminal = checks::terminal(config).or_else(|| checks::beside(config, Timestamp::now()));
    let terminal = terminal.map(|finding| ("terminal 資格確認端末".to_owned(), finding));
    let service = checks::service(config);
    let service = service.map(|finding| ("service 資格確認サービス".to_owned(), finding));
    let kiosk = ("kiosk   受付".to_owned(), kiosk(data, &folder));
    let settings = ("settings 設定画面".to_owned(), settings);
    let database = database.map(|finding| ("database データベース".to_owned(), finding));
    let mut code = ExitCode::SUCCESS;
    for (name, finding) in [kiosk, settings]
        .into_iter()
        .chain(readers(config))
        .chain(others)
        .chain(terminal)
        .chain(service)
        .chain(database)
    {
        let (mark, said) = match finding {
            Finding::Fine(said) => ("OK", said),
            Finding::Note(said) | Finding::Unknown(said) => ("--", said),
            Finding::Wrong(said) => {
                code = ExitCode::FAILURE;
                ("NG", said)
            }
        };
        println!("{mark}  {name}: {said}");
    }
    code
}

/// What managers changed at the staff pages, and the configuration as it counts with that.
fn settings(mut config: Config) -> (Finding, Config) {
    let settings = match Settings::open(&config) {
        Ok(settings) => settings,
        Err(error) => {
            let ja = "設定画面で変えた設定（settings.json）を読めません。受付は始まりません";
            return (Finding::wrong(ja, error.to_string()), config);
        }
    };
    let changed = settings.changed();
    settings.now().apply(&mut config);
    if changed.is_empty() {
        let finding = Finding::note(
            "設定画面で変えたものはありません",
            "nothing was changed at the staff pages: the configuration file counts",
        );
        return (finding, config);
    }
    let (changed, file) = (changed.join(", "), settings.file().display());
    let finding = Finding::fine(
        format!("設定ファイルよりも優先する設定: {changed}（{file}）"),
        format!(
            "changed at the staff pages, and counts more than the configuration file: {changed} ({file})"
        ),
    );
    (finding, config)
}

/// The reader of each kiosk; where there are several, it is said which.
fn readers(config: &Config) -> impl Iterator<Item = (String, Finding)> {
    let (listed, several) = (checks::listed(), config.kiosks.len() > 1);
    config.kiosks.iter().enumerate().map(move |(at, kiosk)| {
        let name = "reader  カードリーダー";
        let name = if several { format!("{name} {}", kiosk.name) } else { name.to_owned() };
        (name, checks::reader(&kiosk.reader, &config.readers_but(at), &listed))
    })
}

/// The lock of the data folder, unless the kiosk was never started: a look makes no folders.
fn take_folder(data: &Path) -> Result<Option<FolderLock>, StoreError> {
    if data.exists() { FolderLock::take(data).map(Some) } else { Ok(None) }
}

/// The folder itself, or the one in which the first start will make it.
fn nearest(data: &Path) -> &Path {
    let there = data.ancestors().find(|folder| folder.exists());
    there.unwrap_or_else(|| Path::new("."))
}

fn kiosk(data: &Path, folder: &Result<Option<FolderLock>, StoreError>) -> Finding {
    match folder {
        Ok(_) => Finding::note("動いていません", format!("no kiosk runs on {}", data.display())),
        Err(StoreError::InUse { process, .. }) => Finding::fine(
            format!("動いています（プロセス {process}）"),
            format!("runs now (process {process})"),
        ),
        Err(error) => checks::look_at(data, error),
    }
}

/// `runs`: a kiosk runs on the same data folder, and so most likely on this port.
fn port(port: u16, runs: bool) -> Finding {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Finding::Fine(port.to_string().into()),
        Err(_) if runs => {
            Finding::fine(format!("{port}、受付が使用中"), format!("{port}, in use by the kiosk"))
        }
        Err(error) => Finding::wrong(
            format!("{port} は別のプログラムが使用中です。止めるか --port で変えてください"),
            format!(
                "another program uses {port}: stop it, or choose another with --port ({error})"
            ),
        ),
    }
}
