//! The card reader of a kiosk.

use super::Finding;
use crate::reader::{self, ReaderChoice};

/// The names of the readers of this computer, or what its service says.
///
/// # Errors
/// That of the service, as text.
pub(crate) fn listed() -> Result<Vec<String>, String> {
    reader::list().map_err(|error| error.to_string())
}

/// Of a kiosk with this choice, beside others with theirs.
pub(crate) fn reader(
    choice: &ReaderChoice,
    others: &[ReaderChoice],
    listed: &Result<Vec<String>, String>,
) -> Finding {
    let finding = match listed {
        _ if *choice == ReaderChoice::Practice => {
            Finding::note("練習用のみ", "practice reader only")
        }
        _ if *choice == ReaderChoice::None => Finding::fine(
            "ありません。カードは、となりの顔認証付きカードリーダーに置きます",
            "none: cards are laid on the official reader beside",
        ),
        Ok(names) => {
            let own = |name: &&String| !reader::is_anothers(name, choice, others);
            describe(choice, &names.iter().filter(own).cloned().collect::<Vec<_>>())
        }
        Err(error) if *choice == ReaderChoice::Auto => Finding::note(
            "pcscd が動いていません。練習モードで始まります",
            format!("{error}: practice mode. Start it with: systemctl start pcscd"),
        ),
        Err(error) => Finding::wrong(
            "pcscd を起動してください",
            format!("{error}. Start it with: systemctl start pcscd"),
        ),
    };
    match finding {
        Finding::Wrong(said) if !others.is_empty() => Finding::wrong(
            format!("{}。ほかの受付機の名前にも合うリーダーは使いません", said.ja),
            format!(
                "{}; a reader that fits another kiosk's name as well is not used: write whole names",
                said.en
            ),
        ),
        finding => finding,
    }
}

/// The reader in use, and what else there is.
fn describe(choice: &ReaderChoice, names: &[String]) -> Finding {
    match (choice, reader::chosen(choice, names)) {
        (_, Some(name)) if names.len() == 1 => Finding::Fine(name.clone().into()),
        (_, Some(name)) => {
            let others: Vec<&String> = names.iter().filter(|other| *other != name).collect();
            let ja = format!("{name}（使わないもの: {others:?}）");
            Finding::fine(ja, format!("{name} (not in use: {others:?})"))
        }
        (ReaderChoice::Named(part), None) => Finding::wrong(
            format!("「{part}」がありません。つなぎ直してください。見つかると自動で受付に戻ります"),
            format!(
                "there is no reader {part:?} among {names:?}. Connect it again: the kiosk goes on by itself"
            ),
        ),
        (_, None) if names.is_empty() => Finding::note(
            "接続されていません。練習モードで始まります。動いている受付機がリーダーを使っていたときは、つなぎ直すと受付に戻り、再起動すると練習モードになります",
            "none attached: practice mode. A running kiosk that had used one goes on when it is connected again, and practises after a restart",
        ),
        (_, None) => Finding::note(
            "仮想リーダーは、reader に名前を書いたときだけ使います。練習モードで始まります",
            format!(
                "virtual readers {names:?} are used only when `reader` names one: practice mode"
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::Finding::{Fine, Note, Unknown, Wrong};
    use super::*;

    #[track_caller]
    fn says(choice: &ReaderChoice, names: &[&str], begin: &str) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let (Fine(said) | Note(said) | Wrong(said) | Unknown(said)) = describe(choice, &names);
        assert!(said.ja.starts_with(begin), "{said}");
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
