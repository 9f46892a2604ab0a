//! How long things may take, in milliseconds: the one table. How long a visit waits is decided here (`visit/wait.rs` says which
//! state waits how long); those who carry its effects out take theirs from here, shorter or longer on purpose, as the
//! assertions at the end say.

/// An act counts only on a question that has been up for so long. The second tap of a
/// double tap comes 250 to 800 ms after the first one and would answer a question that nobody has
/// read; nobody reads one sooner. `docs/rules.md` says where the number comes from.
pub const ACTS_AFTER_MS: u64 = 700;

/// Reading screens ask 「操作を続けますか」 after this, unless the site says otherwise.
pub const READING_MS: u64 = 60_000;
/// What a site may say at least and at most. WCAG 2.2, 2.2.1 asks for 20 seconds to answer the question itself: [`ASKING_MS`].
pub const READING_ALLOWED_MS: (u64, u64) = (30_000, 300_000);
/// The PIN pad asks sooner, unless the site says otherwise.
pub const PIN_MS: u64 = 30_000;
/// What a site may say at least and at most.
pub const PIN_ALLOWED_MS: (u64, u64) = (20_000, 120_000);
/// How long the question stays before the visit ends.
pub const ASKING_MS: u64 = 30_000;
/// The person left the card: remind again.
pub const REMIND_MS: u64 = 10_000;
/// The card was taken: so long its visit waits for it.
pub const AWAY_MS: u64 = 60_000;
/// Long enough to read a number and a place twice.
pub const FAREWELL_MS: u64 = 15_000;

/// The card answers within a second; a slow contactless card within three.
pub const CARD_MS: u64 = 12_000;
/// The face worker may have to load its models first.
pub const WORKER_MS: u64 = 20_000;
/// A file and a passcode check.
pub const LOCAL_MS: u64 = 8_000;
/// The clinic's patient list is asked on this machine: a thousand patients are looked through in a moment.
pub const LIST_MS: u64 = 5_000;
/// What a person's visit waits for to be kept: the consents before they are told, a result that staff enter by hand.
pub const KEEPING_MS: u64 = 5_000;

/// So long the person waits for the eligibility system, whatever it is asked. It aims at 3 to 7 seconds; what it was asked
/// about a card goes on in the background afterwards.
pub const SYSTEM_MS: u64 = 10_000;
/// Look-up, registration and withdrawal are given up by then: the person hears of it, nobody waits for them any more.
pub const SMALL_LATE_MS: u64 = SYSTEM_MS - 2_000;
/// Questions for the qualification are given up by then: the answer to one that goes on in the background is still taken.
pub const QUERY_LATE_MS: u64 = SYSTEM_MS + 8_000;
/// So long the person waits for a terminal that is asked by files: it aims at the same 3 to 7 seconds (domain-facts B1), and two
/// programs look into folders on top of that.
pub const TERMINAL_SHOWN_MS: u64 = 20_000;
/// So long an answer file is waited for, unless the site says otherwise; one that comes later still is taken when the question is
/// put again.
pub const TERMINAL_MS: u64 = 60_000;
/// What a site may say at least and at most (domain-facts B9: seen in a program of the field).
pub const TERMINAL_ALLOWED_MS: (u64, u64) = (15_000, 300_000);
/// So much longer the bridge waits for the thread that looks into the folders: that one tells by itself when an answer is late.
pub const TERMINAL_STUCK_MS: u64 = 2_000;
/// A question to a terminal is lost when it is not answered by then.
pub const TERMINAL_LOST_MS: u64 = TERMINAL_ALLOWED_MS.1 + LOST_MS;
/// What is asked in the background, and a withdrawal, is lost when it is not answered by then.
pub const LOST_MS: u64 = 60_000;
/// A question goes on in the background so long. The surgery is closed by then: staff look it up by hand.
pub const GIVE_UP_MS: u64 = 8 * 3_600_000;

/// A number at the kiosk and a file of the official reader beside it belong to one errand if no more than this lies between the
/// two. So old is the oldest file that is taken when the program starts.
pub const BESIDE_MS: u64 = 30 * 60_000;
/// A file that appears while the program runs is taken if it is not older than this: the share may have been away.
pub const BESIDE_PAST_MS: u64 = 12 * 3_600_000;
/// A file of the official reader is whole that was the same twice, so far apart (domain-facts B3).
pub const BESIDE_SETTLED_MS: u64 = 300;
/// A file of the official reader that cannot be read may be replaced for so long; then it is left alone.
pub const BESIDE_UNREADABLE_MS: u64 = 60_000;

const _: () = {
    assert!(READING_ALLOWED_MS.0 <= READING_MS && READING_MS <= READING_ALLOWED_MS.1);
    assert!(PIN_ALLOWED_MS.0 <= PIN_MS && PIN_MS <= PIN_ALLOWED_MS.1);
    assert!(BESIDE_MS < BESIDE_PAST_MS && BESIDE_SETTLED_MS < BESIDE_UNREADABLE_MS);
    assert!(SMALL_LATE_MS < SYSTEM_MS, "the visit is told of trouble before it gives up itself");
    assert!(QUERY_LATE_MS > SYSTEM_MS, "a late answer is still taken in the background");
    assert!(KEEPING_MS + QUERY_LATE_MS < LOST_MS, "every try ends before the next one begins");
    assert!(TERMINAL_ALLOWED_MS.0 <= TERMINAL_MS && TERMINAL_MS <= TERMINAL_ALLOWED_MS.1);
    assert!(
        TERMINAL_ALLOWED_MS.1 + TERMINAL_STUCK_MS < TERMINAL_LOST_MS,
        "every try ends before the next one begins"
    );
    assert!(KEEPING_MS < SYSTEM_MS && KEEPING_MS < LOCAL_MS, "the visit is told what was not kept");
};
