//! What happened, as text that can be compared.

use checkin::claim::{ClaimAdvice, Remark};
use checkin::consent::ConsentAnswer;
use checkin::effect::{Handover, Record, Request};
use checkin::identity::{Method, WhyNot};
use checkin::reception::StaffNotice;
use checkin::time::in_japan;
use checkin::view::{CodePurpose, Finished, View};
use checkin::{Action, Screen};
use jiff::Timestamp;
use std::fmt::{self, Write as _};

/// The journal of one visit. Everybody in it is invented, so nothing is hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    start: Timestamp,
    /// Screens in order, each with the time since the start and what the person did there.
    pub screens: Vec<String>,
    /// What the store keeps.
    pub records: Vec<String>,
    /// Elements of the result files.
    pub files: Vec<String>,
    /// What the staff were told, in order.
    pub staff: Vec<String>,
    /// The consents that the national system holds at the end.
    pub system: Vec<String>,
}

impl Journal {
    pub(crate) fn new(start: Timestamp) -> Self {
        Self { start, ..Self::default() }
    }

    pub(crate) fn screen(&mut self, view: &View, at: Timestamp) {
        let text = screen(&view.screen);
        let known = self.screens.last().and_then(|last| last.get(9..));
        let same = known.is_some_and(|known| known.split(" → ").next() == Some(text.as_str()));
        if !same {
            let passed = at.duration_since(self.start).as_secs();
            self.screens.push(format!(
                "{:>2}:{:02}:{:02} {text}",
                passed / 3600,
                passed / 60 % 60,
                passed % 60
            ));
        }
    }

    pub(crate) fn action(&mut self, action: &Action) {
        let detail = match action {
            Action::Choose(_)
            | Action::Take(_)
            | Action::ConsentAll(_)
            | Action::ConsentOne { .. }
            | Action::Withdraw(_) => format!("{action:?}"),
            other => name_of(other),
        };
        if let Some(last) = self.screens.last_mut() {
            let _ = write!(last, " → {detail}");
        }
    }

    pub(crate) fn fault(&mut self, fault: &str) {
        self.screens.push(format!("         !! {fault}"));
    }

    pub(crate) fn request(&mut self, request: &Request, at: Timestamp) {
        match request {
            Request::Record { record, .. } => self.records.push(record_text(record)),
            Request::Deliver { handover, .. } => {
                self.files.extend(file(handover, at));
            }
            Request::Announce { notice, .. } => self.staff.extend(notice_text(notice)),
            Request::Unpark { .. } => self.staff.push("given up: look it up by hand".to_owned()),
            _ => {}
        }
    }

    pub(crate) fn remembered(&mut self, consents: &[ConsentAnswer]) {
        let until = |answer: &ConsentAnswer| in_japan(answer.available_until());
        self.system.extend(consents.iter().map(|a| format!("{:?} until {}", a.topic, until(a))));
    }
}

impl fmt::Display for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("screens", &self.screens),
            ("records", &self.records),
            ("result file", &self.files),
            ("staff", &self.staff),
            ("consents at the system", &self.system),
        ];
        for (name, lines) in parts.into_iter().filter(|(_, lines)| !lines.is_empty()) {
            writeln!(f, "{name}")?;
            for line in lines {
                writeln!(f, "  {line}")?;
            }
        }
        Ok(())
    }
}

fn screen(screen: &Screen) -> String {
    match screen {
        // The nonce is chance.
        Screen::Face { attempt, of, .. } => format!("Face {{ attempt: {attempt}, of: {of} }}"),
        Screen::Method { offers, standing, notice } => {
            let offers: Vec<String> = offers.iter().copied().map(offer).collect();
            let notice = notice.map(|notice| format!(" {notice:?}")).unwrap_or_default();
            format!("Method [{}] {standing:?}{notice}", offers.join(", "))
        }
        Screen::Code { problem, purpose: CodePurpose::Photo } => {
            format!("Code {{ problem: {problem:?} }}")
        }
        Screen::Finished(finished) => finished_text(finished),
        other => format!("{other:?}"),
    }
}

fn offer((method, offered): (Method, Result<(), WhyNot>)) -> String {
    match offered {
        Ok(()) => format!("{method:?}"),
        Err(why) => format!("{method:?} not: {why:?}"),
    }
}

fn finished_text(finished: &Finished) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    format!(
        "Finished {:?} name {} kana {} share {:?} agreed {} parked {} number {:?}",
        finished.outcome,
        or_none(&finished.name),
        or_none(&finished.name_kana),
        finished.share_percent,
        finished.agreed.len(),
        finished.parked,
        finished.after.number.map(|number| number.0),
    )
}

fn record_text(record: &Record) -> String {
    match record {
        Record::Consent(answer) => format!("Consent {:?} {}", answer.topic, answer.agreed),
        Record::FaceAttempt { verdict, .. } => format!("FaceAttempt {verdict:?}"),
        other => format!("{other:?}"),
    }
}

/// The leaves of the file that the receipt computer gets.
fn file(handover: &Handover, at: Timestamp) -> Vec<String> {
    let institution = oqs::InstitutionCode::new("1311111111").expect("ten digits");
    let file = oqs::Message::of_check_in(institution, "", handover, at);
    let xml = match file.and_then(|file| oqs::to_xml(&file, oqs::Encoding::Utf8)) {
        Ok(xml) => String::from_utf8_lossy(&xml.bytes).into_owned(),
        Err(error) => return vec![format!("not written: {error}")],
    };
    xml.lines().filter_map(leaf).collect()
}

/// `Name=value` of a line `<Name>value</Name>`.
fn leaf(line: &str) -> Option<String> {
    let (name, rest) = line.trim().strip_prefix('<')?.split_once('>')?;
    let (value, _) = rest.split_once("</")?;
    Some(format!("{name}={value}"))
}

fn notice_text(notice: &StaffNotice) -> Vec<String> {
    let name = notice.name.as_deref().unwrap_or("-");
    let kana = notice.name_kana.as_deref().unwrap_or("-");
    let parked = if notice.parked { ", parked" } else { "" };
    let mut lines = vec![format!("{name} ({kana}): {:?}{parked}", notice.outcome)];
    lines.extend(advice_text(&notice.advice).into_iter().map(|line| format!("  {line}")));
    lines
}

fn advice_text(advice: &ClaimAdvice) -> Vec<String> {
    let numbers = &advice.numbers;
    let branch = numbers.branch.as_deref().unwrap_or("-");
    let mut lines = vec![
        format!(
            "claim {:?} by {:?}: {} / {} / {} / {branch}",
            advice.route, advice.source, numbers.insurer_number, numbers.symbol, numbers.number
        ),
        format!("share {:?} from {:?}", advice.share.candidates, advice.share.from),
    ];
    lines.extend(advice.remarks.iter().map(|remark| match remark {
        Remark::Past => "摘要 旧資格".to_owned(),
        Remark::Unknown => "摘要 不詳".to_owned(),
        Remark::Address(text) | Remark::Phone(text) | Remark::Employer(text) => {
            format!("摘要 {text}")
        }
    }));
    lines.extend(advice.destination.map(|destination| format!("to {destination:?}")));
    lines.extend(advice.notes.iter().map(|note| format!("note {note:?}")));
    lines
}

/// Typed secrets stay out of the journal.
fn name_of(action: &Action) -> String {
    let text = format!("{action:?}");
    text.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
}
