//! The list as bytes, to be encrypted by whoever keeps it.

use crate::list::List;
use crate::patient::{Insurance, Patient, text};
use crate::read::MAX_ROWS;
use checkin::birth::Birth;
use checkin::eligibility::Sex;
use checkin::patient::ChartNumber;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The form in which lists are written.
const VERSION: u8 = 1;

/// Bytes that are no list, or one of another version of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no patient list of this version of the program")]
pub struct StoredError;

#[derive(Serialize, Deserialize)]
struct Row<'a> {
    chart: &'a str,
    name: &'a str,
    kana: &'a str,
    /// `yyyyMMdd`.
    birth: &'a str,
    /// `Sex1`.
    sex: u8,
    /// 保険者番号, 記号, 番号, 枝番.
    #[serde(borrow)]
    insurance: Option<(&'a str, &'a str, &'a str, Option<&'a str>)>,
    next: Option<&'a str>,
}

impl List {
    /// To keep.
    ///
    /// # Panics
    /// Never: rows are texts and numbers.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let births: Vec<String> = self.patients.iter().map(|one| one.birth.digits()).collect();
        let rows: Vec<Row<'_>> = self.patients.iter().zip(&births).map(row).collect();
        let mut bytes = vec![VERSION];
        bytes = postcard::to_extend(&rows, bytes).expect("texts and numbers can be written");
        Zeroizing::new(bytes)
    }

    /// As it was kept.
    ///
    /// # Errors
    /// [`StoredError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoredError> {
        let Some((&VERSION, rows)) = bytes.split_first() else { return Err(StoredError) };
        let rows: Vec<Row<'_>> = postcard::from_bytes(rows).map_err(|_| StoredError)?;
        if rows.len() > MAX_ROWS {
            return Err(StoredError);
        }
        let mut list = Self::default();
        for row in rows {
            list.add(patient(&row).ok_or(StoredError)?);
        }
        Ok(list)
    }
}

fn row<'a>((one, birth): (&'a Patient, &'a String)) -> Row<'a> {
    let Patient { chart, name, kana, sex, insurance, next, .. } = one;
    let sex = match sex {
        Sex::Male => 1,
        Sex::Female => 2,
        Sex::NotSet => 3,
    };
    let insurance = insurance.as_ref().map(|insurance| {
        let Insurance { insurer_number, symbol, number, branch } = insurance;
        (&***insurer_number, &***symbol, &***number, branch.as_ref().map(|branch| &***branch))
    });
    let next = next.as_ref().map(|next| &***next);
    Row { chart, name, kana, birth, sex, insurance, next }
}

fn patient(row: &Row<'_>) -> Option<Patient> {
    ChartNumber::new(row.chart).ok()?;
    Some(Patient {
        chart: text(row.chart),
        name: text(row.name),
        kana: text(row.kana),
        birth: Birth::parse(row.birth)?,
        sex: match row.sex {
            1 => Sex::Male,
            2 => Sex::Female,
            3 => Sex::NotSet,
            _ => return None,
        },
        insurance: row.insurance.map(|(insurer_number, symbol, number, branch)| Insurance {
            insurer_number: text(insurer_number),
            symbol: text(symbol),
            number: text(number),
            branch: branch.map(text),
        }),
        next: row.next.map(text),
    })
}
