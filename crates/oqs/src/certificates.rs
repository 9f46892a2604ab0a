//! What an answer tells beside the insurance itself: certificates and 医療券, between files and the types of a visit.

use crate::answer::{day, percent, text, wrong};
use crate::codes::Code;
use crate::cursor::Cursor;
use crate::element::Element;
use crate::encoding::Encoding;
use crate::error::WriteError;
use crate::message::{
    ElderlyRecipient, LimitCertificate, MedicalTicket, SpecificDisease, SpecificDiseases,
};
use crate::out::Out;
use crate::record::{Record as _, Value as _, write_record};
use crate::values::{Day, Percent};
use checkin::eligibility;
use checkin::limit::{LimitCategory, LimitClass};

impl ElderlyRecipient {
    pub(crate) fn of(certificate: eligibility::ElderlyRecipient) -> Result<Self, WriteError> {
        Ok(Self {
            issued_on: day("ElderlyRecipientCertificateDate", certificate.issued_on)?,
            valid_from: day("ElderlyRecipientValidStartDate", certificate.valid_from)?,
            valid_to: day("ElderlyRecipientValidEndDate", certificate.valid_to)?,
            share: percent("ElderlyRecipientContributionRatio", certificate.share_percent)?,
            ..Self::default()
        })
    }

    pub(crate) fn domain(&self) -> Option<eligibility::ElderlyRecipient> {
        let read = eligibility::ElderlyRecipient {
            issued_on: self.issued_on.and_then(Day::nearest),
            valid_from: self.valid_from.and_then(Day::nearest),
            valid_to: self.valid_to.and_then(Day::nearest),
            share_percent: self.share.map(Percent::get),
        };
        (read != eligibility::ElderlyRecipient::default()).then_some(read)
    }
}

impl LimitCertificate {
    pub(crate) fn of(certificate: checkin::limit::LimitCertificate) -> Result<Self, WriteError> {
        let long_term = "LimitApplicationCertificateLongTermDate";
        Ok(Self {
            class: certificate.class.and_then(|class| Code::new(class.code())),
            category: certificate.category.and_then(|category| Code::new(category.code())),
            issued_on: day("LimitApplicationCertificateDate", certificate.issued_on)?,
            valid_from: day("LimitApplicationCertificateValidStartDate", certificate.valid_from)?,
            valid_to: day("LimitApplicationCertificateValidEndDate", certificate.valid_to)?,
            long_term_from: day(long_term, certificate.long_term_from)?,
            ..Self::default()
        })
    }

    pub(crate) fn domain(&self) -> Option<checkin::limit::LimitCertificate> {
        let read = checkin::limit::LimitCertificate {
            class: self.class.and_then(|code| LimitClass::of(code.as_str())),
            category: self.category.and_then(|code| LimitCategory::of(code.as_str())),
            issued_on: self.issued_on.and_then(Day::nearest),
            valid_from: self.valid_from.and_then(Day::nearest),
            valid_to: self.valid_to.and_then(Day::nearest),
            long_term_from: self.long_term_from.and_then(Day::nearest),
        };
        (read != checkin::limit::LimitCertificate::default()).then_some(read)
    }
}

impl SpecificDiseases {
    /// `None` without any.
    pub(crate) fn of(
        certificates: &[eligibility::SpecificDisease],
    ) -> Result<Option<Self>, WriteError> {
        let certificates: Vec<_> =
            certificates.iter().map(SpecificDisease::of).collect::<Result<_, _>>()?;
        Ok((!certificates.is_empty()).then(|| Self { certificates, ..Self::default() }))
    }

    /// Without those that tell nothing.
    pub(crate) fn domain(&self) -> Vec<eligibility::SpecificDisease> {
        let read = self.certificates.iter().map(SpecificDisease::domain);
        read.filter(|read| *read != eligibility::SpecificDisease::default()).collect()
    }
}

impl SpecificDisease {
    fn of(certificate: &eligibility::SpecificDisease) -> Result<Self, WriteError> {
        let disease = certificate.disease.as_ref().map(|code| {
            let read = Code::parse(code).filter(|read| read.as_str() == code);
            read.ok_or_else(|| wrong("SpecificDiseasesDiseaseCategory", Code::EXPECTED))
        });
        Ok(Self {
            disease: disease.transpose()?,
            issued_on: day("SpecificDiseasesCertificateDate", certificate.issued_on)?,
            valid_from: day("SpecificDiseasesValidStartDate", certificate.valid_from)?,
            valid_to: day("SpecificDiseasesValidEndDate", certificate.valid_to)?,
            self_pay: text(
                "SpecificDiseasesSelfPay",
                certificate.self_pay.as_deref().unwrap_or_default(),
            )?,
            ..Self::default()
        })
    }

    fn domain(&self) -> eligibility::SpecificDisease {
        eligibility::SpecificDisease {
            disease: self.disease.map(|code| code.as_str().to_owned()),
            issued_on: self.issued_on.and_then(Day::nearest),
            valid_from: self.valid_from.and_then(Day::nearest),
            valid_to: self.valid_to.and_then(Day::nearest),
            self_pay: self.self_pay.as_deref().map(ToOwned::to_owned),
        }
    }
}

impl MedicalTicket {
    /// Its elements go the way of a file, so that those that are known by name become fields.
    pub(crate) fn of(ticket: &eligibility::MedicalTicket) -> Result<Self, WriteError> {
        let refused = || wrong("MedicalTicketInfo", "names and texts of elements");
        let mut out = Out::new(Encoding::Utf8);
        out.inside("MedicalTicketInfo", |out| {
            for (name, text) in &ticket.0 {
                if !crate::cursor::is_name(name) || !crate::cursor::is_xml(text) {
                    return Err(refused());
                }
                out.leaf(name, text)?;
            }
            Ok(())
        })?;
        let mut cursor = Cursor::new(&out.text);
        let mut read = Self::default();
        // The blank line in front, and the element itself.
        cursor.child().map_err(|_| refused())?;
        while let Some(name) = cursor.child().map_err(|_| refused())? {
            read.child(name, &mut cursor).map_err(|_| refused())?;
        }
        Ok(read)
    }

    /// Names and texts of its elements, whatever they are.
    pub(crate) fn domain(&self) -> eligibility::MedicalTicket {
        let mut out = Out::new(Encoding::Utf8);
        let mut texts = Vec::new();
        if write_record(self, "MedicalTicketInfo", &mut out).is_ok()
            && let Ok(element) = Element::of(&out.text)
        {
            leaves(&element, &mut texts);
        }
        eligibility::MedicalTicket(texts)
    }
}

fn leaves(element: &Element, texts: &mut Vec<(String, String)>) {
    for child in element.children() {
        match child.content() {
            crate::Content::Text(text) => {
                texts.push((child.name().to_owned(), text.trim_ascii().to_owned()));
            }
            crate::Content::Children(_) => leaves(child, texts),
        }
    }
}
