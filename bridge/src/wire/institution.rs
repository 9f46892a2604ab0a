//! What kind of institution the kiosk stands in.

/// What the 点数表 of an institution's code makes it.
pub fn institution_kind(table: oqs::ScoreTable) -> protocol::InstitutionKind {
    match table {
        oqs::ScoreTable::Medical => protocol::InstitutionKind::Medical,
        oqs::ScoreTable::Dental => protocol::InstitutionKind::Dental,
        oqs::ScoreTable::Dispensing => protocol::InstitutionKind::Pharmacy,
    }
}
