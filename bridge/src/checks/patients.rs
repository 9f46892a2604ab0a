//! The clinic's patient list.

use super::Finding;
use crate::patients::{ListError, Place};
use checkin::time::in_japan;
use jiff::Timestamp;

/// Whether it can be opened, and of when it is.
pub(crate) fn patients(place: &Place) -> Finding {
    match place.load() {
        Ok(None) => Finding::note(
            "取り込まれていません。なくても受付できます（patients import）",
            "none was imported: check-in works without one (patients import)",
        ),
        Ok(Some(list)) => {
            let at = place.imported().and_then(|at| Timestamp::try_from(at).ok());
            let day = at.map_or_else(String::new, |at| in_japan(at).date().to_string());
            let (all, insured) = (list.len(), list.insured());
            Finding::fine(
                format!("{all} 人、うち保険あり {insured} 人、{day} 取り込み"),
                format!("{all} patients, {insured} with an insurance, imported {day}"),
            )
        }
        Err(error) => {
            let ja = match &error {
                ListError::File(path, _) => {
                    format!("{} を読めません。ディスクと権限を確認してください", path.display())
                }
                ListError::NoKey(path) => format!(
                    "鍵が {} にありません。鍵を戻すか、もう一度取り込んでください",
                    path.display()
                ),
                ListError::KeyForm(path) => format!(
                    "{} は鍵ではありません。元に戻すか、消してもう一度取り込んでください",
                    path.display()
                ),
                ListError::ForeignKey(_) => {
                    "別の鍵で暗号化されています。その鍵を戻すか、もう一度取り込んでください".into()
                }
                ListError::Damaged(_) => "壊れています。もう一度取り込んでください".into(),
            };
            let ja = format!("患者リストが使えません（受付は続けられます）。{ja}");
            Finding::wrong(ja, format!("{error}; check-in goes on without it"))
        }
    }
}
