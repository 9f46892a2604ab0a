//! Whom a search found.

use crate::letters::Alike;
use crate::patient::Patient;
use checkin::patient::Found;

/// So many are told at most: more than that nobody chooses among.
const MOST: usize = 9;

/// Those who fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fits<'a> {
    /// There is exactly one, in everything that was compared.
    pub sure: bool,
    /// Who: one if `sure`; otherwise 9 at most, of whom staff say which it is.
    pub patients: Vec<&'a Patient>,
}

impl<'a> Fits<'a> {
    /// Of patients and how each compares: one who is the same is it; several, or some who differ by one letter, leave it open.
    pub(crate) fn of(compared: impl Iterator<Item = (&'a Patient, Alike)>) -> Self {
        let (mut same, mut close) = (Vec::new(), Vec::new());
        for (patient, alike) in compared {
            match alike {
                Alike::Same => same.push(patient),
                Alike::ButForOne => close.push(patient),
                Alike::Not => {}
            }
        }
        let sure = same.len() == 1;
        let mut patients = if same.is_empty() { close } else { same };
        patients.truncate(MOST);
        Self { sure, patients }
    }

    /// For a visit.
    #[must_use]
    pub fn found(&self) -> Found {
        match self.patients.first() {
            Some(patient) if self.sure => Found::One(Box::new(patient.known())),
            Some(_) => Found::Unsure,
            None => Found::Nobody,
        }
    }
}
