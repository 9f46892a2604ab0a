//! A software My Number Card for practice and tests: it answers APDUs like the real one, in the same process
//! ([`VirtualCard`]) or over PC/SC (the program `virtual-card`, which plugs itself into the virtual reader `vpcd`).
//!
//! # What it is not
//! Its keys are made from a public constant, its certificates say `UKETSUKE-PRACTICE`, its key identifiers begin with
//! 9, and it has no 個人番号: the files and references that hold it on a real card do not exist. 特定機関認証 always
//! fails, as it does for everybody without the key of the 検証機関. The PIN of a 顔認証マイナンバーカード is modelled
//! as blocked from the start; how real ones answer is not published.
//!
//! # What it has
//! | application | files |
//! |---|---|
//! | 公的個人認証 (JPKI) | 0001 0002 0006 0008 000A 000B 0016 0017 0018 001A 001B |
//! | 券面事項確認 | 0001 0002 0003 0004 0011 0012 |
//! | 券面事項入力補助 | 0002 0003 0004 0005 0011 0012 0015 |
//!
//! Commands: SELECT, READ BINARY, VERIFY (and the counter query), COMPUTE SIGNATURE (`80 2A`), GET CHALLENGE, GET DATA
//! `5F51`; short APDUs only. Cards cannot be changed: CHANGE REFERENCE DATA is `6D00`.
//!
//! # Persona files
//! TOML. The table `[card]` is read strictly, tables of other programs (`[insurance]`) are skipped. Days may be relative to
//! the day on which the card is made: see the crate `persona-day`.
//! ```toml
//! id = "valid"                       # a-z 0-9 - _ ; the card's keys hang on it
//! story = "有効なカード"
//! [card]
//! kind = "my_number"                 # face_only | phone | juki, or without any other field:
//!                                    # not_my_number | driving_licence | residence_card | payment_card | transit
//!                                    # transit_f011 | storage_card | desfire
//! name = "診療　太郎"
//! name_kana = "シンリョウ　タロウ"
//! address = "東京都練習区受付町一丁目２番３号"
//! birth = "1980-02-17"
//! sex = "male"                       # female | not_applicable
//! code = "2285"                      # security code, part of 照合番号B
//! card_expiry = { birthday = 8 }     # the eighth birthday from now
//! certificate_not_after = { days = -20 } # or a date; ends at 23:59:59 JST
//! serial = "227B13"                  # hex; links to the insurance record
//! auth_pin = "1234"                  # not on face_only
//! auth_pin_tries = 3                 # 0..=3, default 3
//! items_pin = "5678"                 # optional: the PIN of 券面事項入力補助 where it is not the same
//! items_pin_tries = 3                # 0..=3, default 3
//! sign_password = "PRACTICE1"        # optional; not on face_only
//! code_b_tries = 10                  # 0..=10, default 10
//! code_b_year = "era"               # or gregorian: how 照合番号B counts the year of birth
//! recorded_birth = "19990229"        # optional: what the records say, where no calendar does
//! portrait = "faces/taro.jpg"        # optional, relative to the file
//! ```
//!
//! # Misfortune
//! [`script`] makes a card slow, mute, damaged, forged or pulled, from a TOML file.

mod apdu;
mod card;
mod drawn;
mod era;
mod files;
#[cfg(all(feature = "pcscd-harness", target_os = "linux"))]
pub mod harness;
mod jp2;
mod keys;
mod layout;
mod persona;
mod picture;
mod portrait;
mod records;
mod reference;
mod roots;
pub mod script;
mod secret;
mod signing;
mod speed;
mod tlv;
mod vpcd;
mod x509;

pub use card::VirtualCard;
pub use persona::{CodeYear, Holder, Kind, Persona, PersonaError, Sex};
pub use portrait::{PORTRAIT_HEIGHT, PORTRAIT_WIDTH, Portrait, PortraitError};
pub use roots::{PracticeCvCa, practice_auth_ca, practice_cv_ca, practice_sign_ca};
pub use secret::Secret;
pub use speed::{Link, Speed};
pub use vpcd::{SharedCard, SharedScript, VPCD_PORT, connect, serve_scripted};
