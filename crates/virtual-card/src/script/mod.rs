//! Scripted misfortune: what a card can do to a reader, written down in TOML, so that it can be rehearsed.
//!
//! ```toml
//! [link]                        # pace; without it the program's --speed
//! bits_per_second = 106000      # 9600 to 10000000
//! command_ms = 6                # reader and card around each command
//! signature_ms = 350            # RSA-2048 inside the card
//! jitter_ms = 0
//!
//! [card]
//! certificate_of = "other.toml" # authentication certificate of another persona
//! records_of = "other.toml"     # card face of another persona, copied: the key in it is not this chip's
//! auth_pin_tries = 1            # 0 to 3
//! code_b_tries = 6              # 0 to 10
//!
//! [[fault]]                     # as many as wanted; the first one that fits happens
//! on = "read"                   # any select read counter verify sign challenge other
//! app = "face"                  # jpki face text; any if absent
//! file = "0002"                 # any if absent
//! nth = 2                       # happens at the second such command; 1 if absent
//! times = 1                     # so often; 0 = from then on always; 1 if absent
//! after_bytes = 0               # only after so many bytes since power-up
//! do = "corrupt"                # see below
//! at = 10
//! ```
//! | `do` | with | what happens |
//! |---|---|---|
//! | `mute` | | never answers, until the reader takes its power away |
//! | `pull` | | taken out in the middle of the command |
//! | `status` | `status = "6F00"` | the command is not carried out, this is answered |
//! | `refuse_after` | `status = "6F00"` | the command is carried out, this is answered |
//! | `cut` | `bytes = 10` | only the first bytes of the answer arrive, the status word too |
//! | `corrupt` | `at = 10`, `xor = 1` | one byte of the answer is changed |
//! | `empty` | | an answer without a status word |
//! | `long` | `bytes = 300` | an answer longer than any short one |
//! | `delay` | `ms = 500` | as always, but later |
//! | `more` | | `61FF` for ever |
//! | `length` | | `6C10` for ever |

mod fault;
mod file;
mod scripted;
mod trace;

pub use fault::{Effect, Fault, On, Target};
pub use file::{Script, ScriptError, Swap};
pub use scripted::{Reply, ScriptedCard};
pub use trace::{Entry, masked};
