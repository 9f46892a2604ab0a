//! What the clinic's patient list says about the person of a visit. It is found by what the visit brings, one fact after the other;
//! where more than one fits, staff say which it is.

use super::Board;
use crate::store::{Actor, Batch, Op};
use checkin::number::{same_number, same_symbol};
use checkin::{Record, VisitId};
use jiff::Timestamp;
use jiff::civil::Date;
use patients::{Fits, Patient};
use protocol::screen::AtClinic;
use serde::{Deserialize, Serialize};

/// Those of the list who fit. No `Debug`: it names people.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// It is certain: the only one in `fits`, or where staff said so, none of the list.
    pub sure: bool,
    /// Staff said so, and nothing that comes later changes it.
    pub chosen: bool,
    /// Who it is or may be.
    pub fits: Vec<Fit>,
}

/// One of the list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fit {
    /// 患者番号.
    pub chart: String,
    /// Kana as the receipt computer has them, or the name where there are none.
    pub reading: String,
    /// Next appointment, `YYYY-MM-DD` or with ` HH:MM`; none of days that are over.
    pub next: Option<String>,
    /// The insurance that was known last.
    pub insurance: Option<Insured>,
}

/// An insurance as the list has it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insured {
    /// 保険者番号.
    pub insurer_number: String,
    /// 記号; may be empty.
    pub symbol: String,
    /// 番号.
    pub number: String,
    /// 枝番.
    pub branch: Option<String>,
}

/// Why nobody was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotChosen {
    /// There is no such visit, or nobody of the list fits it.
    Gone,
    /// It is certain by now, or the chart number is not among those that fit.
    Changed,
}

impl Listed {
    /// As the list found them on that day.
    pub(crate) fn of(fits: &Fits<'_>, today: Date) -> Self {
        let fit = |patient: &&Patient| Fit::of(patient, today);
        Self { sure: fits.sure, chosen: false, fits: fits.patients.iter().map(fit).collect() }
    }

    /// Who it is, if that is certain.
    pub fn patient(&self) -> Option<&Fit> {
        self.fits.first().filter(|_| self.sure)
    }

    /// With what another fact found. What is certain stays, unless the other one is certain of somebody else.
    fn and(self, other: Self) -> Self {
        match (self.patient(), other.patient()) {
            _ if self.chosen => self,
            (Some(one), Some(another)) if one.chart != another.chart => {
                let fits = self.fits.into_iter().chain(other.fits).collect();
                Self { sure: false, chosen: false, fits }
            }
            (Some(_), None) => self,
            _ => other,
        }
    }
}

impl Fit {
    fn of(patient: &Patient, today: Date) -> Self {
        let today = today.to_string();
        let next = patient.next_appointment().filter(|next| *next >= today.as_str());
        let insurance = patient.insurance().map(|known| Insured {
            insurer_number: known.insurer_number.to_string(),
            symbol: known.symbol.to_string(),
            number: known.number.to_string(),
            branch: known.branch.as_ref().map(|branch| branch.to_string()),
        });
        Self {
            chart: patient.chart().to_owned(),
            reading: patient.reading().to_owned(),
            next: next.map(str::to_owned),
            insurance,
        }
    }

    /// Whether a claim on these numbers is one on the insurance that the list has; `None`: one of the two is not there. 枝番 is
    /// left out: older papers do not show it.
    pub(crate) fn agrees(&self, insurer_number: &str, symbol: &str, number: &str) -> Option<bool> {
        let known = self.insurance.as_ref().filter(|_| !insurer_number.is_empty())?;
        Some(
            known.insurer_number == insurer_number
                && same_symbol(&known.symbol, symbol)
                && same_number(&known.number, number),
        )
    }
}

impl Board {
    /// The list knows whose visit it is, or who may have been here.
    pub fn recognised(&self, visit: VisitId, listed: Listed) {
        self.change(visit, |entry| {
            let listed = match entry.row.listed.take() {
                Some(before) => before.and(listed),
                None => listed,
            };
            entry.row.listed = Some(listed);
        });
    }

    /// The chart number of the person, if it is certain.
    pub fn chart(&self, visit: VisitId) -> Option<String> {
        let entries = self.entries();
        let listed = entries.visits.get(&visit)?.row.listed.as_ref()?;
        listed.patient().map(|patient| patient.chart.clone())
    }

    /// How the list reads the person's name, if it is certain who it is.
    pub(crate) fn reading(&self, visit: VisitId) -> Option<zeroize::Zeroizing<String>> {
        let entries = self.entries();
        let listed = entries.visits.get(&visit)?.row.listed.as_ref()?;
        listed.patient().map(|patient| patient.reading.clone().into())
    }

    /// What the person may be told of it, if it is certain.
    pub fn at_clinic(&self, visit: VisitId) -> Option<AtClinic> {
        let entries = self.entries();
        let patient = entries.visits.get(&visit)?.row.listed.as_ref()?.patient()?;
        Some(AtClinic { chart: patient.chart.clone(), next: patient.next.clone() })
    }

    /// Staff say who of those that fit it is, `None` = none of them; kept together with its audit line, which names nobody.
    ///
    /// # Errors
    /// [`NotChosen`].
    pub fn choose(&self, visit: VisitId, chart: Option<&str>, by: &Actor) -> Result<(), NotChosen> {
        let mut done = Ok(());
        self.writer.send(|| {
            let mut entries = self.entries_to_change();
            let there = entries.visits.get_mut(&visit).filter(|entry| entry.told);
            let Some((entry, listed)) =
                there.and_then(|entry| entry.row.listed.clone().map(|listed| (entry, listed)))
            else {
                done = Err(NotChosen::Gone);
                return Batch::default();
            };
            let is_it = |fit: &Fit| chart == Some(fit.chart.as_str());
            let fits: Vec<_> = listed.fits.into_iter().filter(is_it).collect();
            if listed.sure || fits.len() != usize::from(chart.is_some()) {
                done = Err(NotChosen::Changed);
                return Batch::default();
            }
            entry.row.listed = Some(Listed { sure: true, chosen: true, fits });
            let (at, by) = (Timestamp::now(), Some(by.clone()));
            let record = Record::PatientChosen { listed: chart.is_some() };
            let ops = [Some(Op::Record { visit, at, record, by }), entry.op(visit)];
            Batch { ops: ops.into_iter().flatten().collect(), ..Batch::default() }
        });
        done
    }
}
