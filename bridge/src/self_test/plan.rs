//! What is looked at, in which order.

use super::SelfTest;
use crate::checks::{self, Finding};
use crate::config::GatewayChoice;
use crate::kiosk::Kiosk;
use crate::ledger::Ledgers;
use crate::reader::{Kind, ReaderChoice, Status};
use checkin::{Now, ReaderEvent};
use protocol::self_test::Check;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;

/// A bridge that has run for longer, in hours, was not started today, however early it is: the ministry advises to restart the
/// terminal every day against trouble at its start.
const TODAY_H: u64 = 20;

/// One thing to look at.
pub(super) struct Planned {
    pub(super) check: Check,
    pub(super) look: Look,
}

/// Findings, each with the kiosk that it is about where there are several.
pub(super) type Findings = Vec<(Option<String>, Finding)>;

pub(super) enum Look {
    /// Nothing has to be waited for.
    Known(Findings),
    /// It blocks, and may never come back.
    Slow {
        look: Box<dyn FnOnce() -> Findings + Send>,
        /// What is told when it does not come back in time.
        late: Finding,
    },
}

pub(super) fn plan(test: &SelfTest, kind: Kind, now: Now) -> Vec<Planned> {
    let ran_ms = now.monotonic.since(test.started);
    let mut plan = of_kiosks(test, kind);
    plan.extend(of_site(test, kind, now));
    plan.push(known(Check::Passcode, checks::passcode(&test.config)));
    plan.push(known(Check::Restart, restart(ran_ms)));
    plan
}

fn of_kiosks(test: &SelfTest, kind: Kind) -> Vec<Planned> {
    let several = test.kiosks.at(kind).nth(1).is_some();
    let title = |kiosk: &Kiosk| several.then(|| kiosk.title.clone());
    let all = test.kiosks.iter().enumerate().filter(|(_, kiosk)| kiosk.kind() == kind);
    let readers: Vec<_> = all
        .map(|(at, kiosk)| {
            let own = test.config.kiosks[at].reader.clone();
            (title(kiosk), kiosk.switch.status(), own, test.config.readers_but(at))
        })
        .collect();
    let lays_cards = readers.iter().any(|(_, _, own, _)| *own != ReaderChoice::None);
    let look = Box::new(move || {
        // Practice needs no service, and waits for none.
        let listed = if kind == Kind::Practice { Ok(Vec::new()) } else { checks::listed() };
        let of = |(title, status, own, others): (_, Status, _, Vec<ReaderChoice>)| {
            (title, reader(&status, &own, &others, &listed))
        };
        readers.into_iter().map(of).collect()
    });
    let late = Finding::wrong(
        "カードリーダーのサービス（pcscd）が答えません。受付機のコンピューターを再起動してください",
        "the smart-card service does not answer: restart the computer of the kiosk",
    );
    let card = Finding::unknown(
        "カードを置いて、読み取れるか確かめてください",
        "lay a card on the reader, and see whether it is read",
    );
    let camera = Finding::unknown(
        "受付機の画面で、カメラに映るか確かめてください",
        "see at the kiosk whether its camera shows you",
    );
    let screens = test.kiosks.at(kind).map(|kiosk| (title(kiosk), screen(kiosk))).collect();
    let mut plan = vec![Planned { check: Check::Reader, look: Look::Slow { look, late } }];
    // Where cards are laid elsewhere, faces are looked at elsewhere, too.
    if lays_cards {
        plan.extend([known(Check::Card, card), known(Check::Camera, camera)]);
    }
    plan.push(Planned { check: Check::Screen, look: Look::Known(screens) });
    plan
}

fn of_site(test: &SelfTest, kind: Kind, now: Now) -> Vec<Planned> {
    let config = &test.config;
    let [patients, practice] = Ledgers::folders(&config.data);
    let (folder, results) = match kind {
        Kind::Pcsc => (patients, config.result_folder.clone()),
        Kind::Practice => (practice.clone(), practice.join("face")),
    };
    let data = || config.data.clone();
    let (disk, clock, wall) = (data(), data(), now.wall);
    let patients = config.patient_list(&folder);
    let (models, pages, network, roots) =
        (config.models.clone(), config.dist.clone(), config.clone(), config.clone());
    let does_not_answer = |what: &Path| {
        let what = what.display();
        Finding::wrong(
            format!("{what} が答えません。ディスクか共有フォルダーを確かめてください"),
            format!("{what} does not answer: check the disk or the share"),
        )
    };
    let long = Finding::unknown(
        "時間内に確かめられませんでした。uketsuke-bridge audit verify で確かめてください",
        "not done in time: check it with uketsuke-bridge audit verify",
    );
    let (late_disk, late_results) = (does_not_answer(&disk), does_not_answer(&results));
    let (late_models, late_pages) = (does_not_answer(&models), does_not_answer(&pages));
    let mut plan = vec![
        slow(Check::Store, long, move || checks::store(&folder)),
        slow(Check::Clock, late_disk.clone(), move || checks::clock(&clock, wall)),
        slow(Check::Disk, late_disk.clone(), move || checks::disk(&disk)),
        slow(Check::Models, late_models, move || checks::models(&models)),
        slow(Check::Pages, late_pages, move || checks::pages(&pages)),
        slow(Check::Results, late_results, move || checks::results(&results, false)),
        slow(Check::Patients, late_disk.clone(), move || checks::patients(&patients)),
        slow(Check::Roots, late_disk.clone(), move || checks::roots(&roots)),
        slow(Check::Network, late_disk, move || checks::network(&network, wall)),
    ];
    let folder = match &config.gateway {
        GatewayChoice::Folder(terminal) => Some(&terminal.folder),
        GatewayChoice::Beside(folder) => Some(folder),
        GatewayChoice::Simulator | GatewayChoice::Http(_) => None,
    };
    if kind == Kind::Pcsc
        && let Some(folder) = folder
    {
        let (late, config) = (does_not_answer(folder), config.clone());
        let look = move || {
            let found = checks::terminal(&config).or_else(|| checks::beside(&config, wall));
            found.unwrap_or(Finding::Fine(String::new().into()))
        };
        plan.push(slow(Check::Terminal, late, look));
    }
    let target = config.upstream.clone().filter(|_| kind == Kind::Pcsc);
    plan.extend(target.map(|target| {
        let data = data();
        let late = Finding::unknown(
            "時間内に確かめられませんでした。uketsuke-bridge doctor で確かめてください",
            "not done in time: check it with uketsuke-bridge doctor",
        );
        slow(Check::Database, late, move || checks::database(&data, &target))
    }));
    plan
}

fn known(check: Check, finding: Finding) -> Planned {
    Planned { check, look: Look::Known(vec![(None, finding)]) }
}

fn slow(check: Check, late: Finding, look: impl FnOnce() -> Finding + Send + 'static) -> Planned {
    let look = Box::new(move || vec![(None, look())]);
    Planned { check, look: Look::Slow { look, late } }
}

/// The reader that a running kiosk uses, by what the computer has now: one that was used and is gone is no practice.
fn reader(
    status: &Status,
    own: &ReaderChoice,
    others: &[ReaderChoice],
    listed: &Result<Vec<String>, String>,
) -> Finding {
    let choice = match (status.kind, &status.name) {
        _ if *own == ReaderChoice::None => ReaderChoice::None,
        (Kind::Practice, _) => ReaderChoice::Practice,
        (Kind::Pcsc, Some(name)) => ReaderChoice::Named(name.clone()),
        (Kind::Pcsc, None) => ReaderChoice::Auto,
    };
    let is_used = !matches!(status.last, None | Some(ReaderEvent::Gone | ReaderEvent::ServiceDown));
    match checks::reader(&choice, others, listed) {
        Finding::Fine(_) if !is_used => Finding::wrong(
            "リーダーはありますが、受付機が使えていません。少し待って、もう一度点検してください。直らなければ受付機のコンピューターを再起動してください",
            "the reader is there, but the kiosk does not use it: wait a little and test again; if that does not help, restart the computer",
        ),
        finding => finding,
    }
}

fn screen(kiosk: &Kiosk) -> Finding {
    if kiosk.pages.load(Relaxed) > 0 {
        Finding::fine("開いています", "open")
    } else {
        Finding::note(
            "受付機の画面が開いていません。ブラウザーで開いてください",
            "the kiosk's page is not open: open it in the browser",
        )
    }
}

fn restart(ran_ms: u64) -> Finding {
    let hours = ran_ms / 3_600_000;
    if hours < TODAY_H {
        Finding::fine(format!("{hours} 時間前に始まりました"), format!("started {hours} hours ago"))
    } else {
        Finding::note(
            format!(
                "{hours} 時間動き続けています。受付機のコンピューターは、1日に1回、再起動してください"
            ),
            format!("it has run for {hours} hours: restart the computer of the kiosk once a day"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(kind: Kind, last: Option<ReaderEvent>) -> Status {
        Status { kind, name: Some("ACS 00 00".into()), last }
    }

    #[test]
    fn a_reader_that_was_used_is_missed_and_one_that_is_not_used_is_no_green_light() {
        let (there, gone) = (Ok(vec!["ACS 00 00".to_owned()]), Ok(Vec::new()));
        let down = Err("no service".to_owned());
        let of = |last, listed| reader(&status(Kind::Pcsc, last), &ReaderChoice::Auto, &[], listed);
        assert!(matches!(of(Some(ReaderEvent::Ready), &there), Finding::Fine(_)));
        assert!(matches!(of(Some(ReaderEvent::Gone), &gone), Finding::Wrong(_)));
        assert!(matches!(of(Some(ReaderEvent::ServiceDown), &down), Finding::Wrong(_)));
        for last in [None, Some(ReaderEvent::Gone)] {
            assert!(matches!(of(last, &there), Finding::Wrong(_)), "{last:?}");
        }
        let practises = reader(
            &status(Kind::Practice, Some(ReaderEvent::Ready)),
            &ReaderChoice::Auto,
            &[],
            &gone,
        );
        assert!(matches!(practises, Finding::Note(_)));
    }

    #[test]
    fn a_bridge_that_was_not_started_today_says_so() {
        let hours = |hours: u64| restart(hours * 3_600_000);
        assert!(matches!(hours(12), Finding::Fine(_)));
        assert!(matches!(hours(23), Finding::Note(_)));
    }
}
