//! A result as the file that receipt computers take. What they demand of it: `contract` in the tests.

use crate::config::{Config, PRACTICE_INSTITUTION};
use checkin::effect::Handover;
use jiff::Timestamp;
use oqs::{FileName, InstitutionCode, Kind, Message};

/// `ArbitraryFileIdentifier` of practice; no institution has its code, either.
const PRACTICE: &str = "PRACTICE";

/// Writes the files of one ledger.
pub(crate) struct Writer {
    institution: InstitutionCode,
    /// `ArbitraryFileIdentifier`.
    mark: &'static str,
    encoding: oqs::Encoding,
}

/// A file with a name that no other one has.
pub(crate) struct File {
    pub(crate) name: FileName,
    pub(crate) content: Vec<u8>,
    /// Texts in which ● stands for characters that the encoding lacks.
    pub(crate) lost: Vec<oqs::Lost>,
}

impl Writer {
    /// In the institution's name, or in practice's: its files say what they are.
    pub(crate) fn new(config: &Config, practice: bool) -> Self {
        let (institution, mark) = if practice {
            let nobody = InstitutionCode::new(PRACTICE_INSTITUTION);
            (nobody.expect("10 digits"), PRACTICE)
        } else {
            (config.institution.clone(), "")
        };
        Self { institution, mark, encoding: config.encoding }
    }

    /// Whose files they are.
    pub(crate) fn institution(&self) -> &InstitutionCode {
        &self.institution
    }

    /// The file of a result, with the clinic's own number of the patient where it knows one.
    ///
    /// # Errors
    /// Why no file can take it, without repeating a value: staff enter it by hand.
    pub(crate) fn write(
        &self,
        handover: &Handover,
        chart: Option<&str>,
        now: Timestamp,
    ) -> Result<File, String> {
        let mut file = Message::of_check_in(self.institution.clone(), self.mark, handover, now)
            .map_err(|error| refused(&error))?;
        if let Some(chart) = chart {
            file.name_patient(chart);
        }
        self.file(&file, now)
    }

    /// The same of a message that is one already.
    fn file(&self, message: &Message, now: Timestamp) -> Result<File, String> {
        if let Some(problem) = message.check(Kind::Face).first() {
            tracing::warn!(%problem, "no receipt computer takes the result: staff enter it by hand");
            return Err(problem.to_string());
        }
        let xml = oqs::to_xml(message, self.encoding).map_err(|error| refused(&error))?;
        let id: [u8; 10] = rand::random();
        let name = FileName::face(self.institution.clone(), &hex::encode(id), now);
        let name = name.expect("20 hex digits and the present time make a name");
        Ok(File { name, content: xml.bytes, lost: xml.lost })
    }
}

/// Values come from the gateway; the errors name the element, not its value.
fn refused(error: &oqs::WriteError) -> String {
    tracing::error!(%error, "the result does not fit the file: staff enter it by hand");
    error.to_string()
}
