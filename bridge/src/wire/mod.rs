//! What is translated into the words of the wire and is neither of a visit nor of the staff board.

mod institution;

pub use institution::institution_kind;
