//! From [`ResultFile`] to bytes, in the form of the terminal's own files.

use crate::MAX_BYTES;
use crate::codes;
use crate::encoding::Encoding;
use crate::error::WriteError;
use crate::fields::Short;
use crate::file::{Consent, Header, Reference, ResultFile, ResultOfQualification};
use crate::tree::{Content, Element, is_name, is_xml_char};
use checkin::eligibility::{MedicalTicket, Qualification};
use checkin::limit::{LimitCategory, LimitCertificate, LimitClass};
use jiff::Timestamp;
use jiff::civil::Date;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A written file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Xml {
    /// The file's content, at most [`MAX_BYTES`].
    pub bytes: Vec<u8>,
    /// Texts that the encoding cannot hold whole, in the order of the file. Empty for UTF-8.
    pub lost: Vec<Lost>,
}

/// A text in which `●` stands for what the encoding lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Name of its element.
    pub element: String,
    /// Its characters that the encoding lacks, each once.
    pub characters: Vec<char>,
}

/// Writes a result file: `InsurerNumber` padded with blanks to 8 characters, times in Japan,
/// consents as asked, kept elements behind the known ones.
///
/// # Errors
/// [`WriteError`] names the element whose value does not fit the interface.
pub fn to_xml(file: &ResultFile, encoding: Encoding) -> Result<Xml, WriteError> {
    let root = Element::parent("XmlMsg", vec![header(&file.header, encoding)?, body(file)?]);
    let mut lost = Vec::new();
    lose(&root, encoding, false, &mut lost)?;
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 4);
    let declaration = BytesDecl::new("1.0", Some(encoding.label()), Some("no"));
    let written = writer
        .write_event(Event::Decl(declaration))
        .and_then(|()| write_element(&mut writer, &root));
    written.expect("a vector takes every byte");
    let text = String::from_utf8(writer.into_inner()).expect("the writer was given only text");
    let (bytes, _) = encoding.encode(&text);
    if bytes.len() > MAX_BYTES {
        return Err(WriteError::TooLarge { bytes: bytes.len() });
    }
    Ok(Xml { bytes, lost })
}

/// Elements that hold numbers.
const NUMBERS: [&str; 3] = ["InsuredCardSymbol", "InsuredIdentificationNumber", "PostNumber"];

/// Finds what the encoding lacks. A name may arrive with ●; a claim on a number with ● is another one's,
/// or nobody's. What is in a 医療券 may be a number, and a lost digit is one anywhere.
fn lose(
    element: &Element,
    encoding: Encoding,
    in_ticket: bool,
    lost: &mut Vec<Lost>,
) -> Result<(), WriteError> {
    let name = element.name();
    match element.content() {
        Content::Children(children) => {
            let in_ticket = in_ticket || name == "MedicalTicketInfo";
            children.iter().try_for_each(|child| lose(child, encoding, in_ticket, lost))
        }
        Content::Text(text) => {
            let characters = encoding.encode(text).1;
            if characters.is_empty() {
                return Ok(());
            }
            let digit = characters.iter().any(|character| character.is_numeric());
            if in_ticket || digit || NUMBERS.contains(&name) {
                return Err(wrong(name, "only characters that Shift_JIS has"));
            }
            lost.push(Lost { element: name.to_owned(), characters });
            Ok(())
        }
    }
}

fn header(header: &Header, encoding: Encoding) -> Result<Element, WriteError> {
    let mut fields = Written::default();
    fields.time("ProcessExecutionTime", Some(header.executed_at))?;
    fields.push("CharacterCodeIdentifier", encoding.identifier());
    fields.push("SegmentOfResult", "1");
    fields.date("QualificationConfirmationDate", Some(header.confirmed_on))?;
    match header.reference {
        Some(Reference::Card) => fields.push("ReferenceClassification", "1"),
        Some(Reference::Number) => fields.push("ReferenceClassification", "2"),
        Some(Reference::Other(code @ 3..=9)) => {
            fields.push("ReferenceClassification", code.to_string());
        }
        Some(Reference::Other(_)) => {
            return Err(wrong("ReferenceClassification", "one digit from 1 to 9"));
        }
        None => {}
    }
    fields.line("ArbitraryFileIdentifier", &header.file_identifier)?;
    fields.push("MedicalInstitutionCode", header.institution.as_str());
    Ok(fields.into_element("MessageHeader", &header.rest))
}

fn body(file: &ResultFile) -> Result<Element, WriteError> {
    let results = file.results.iter().map(result).collect::<Result<_, _>>()?;
    let mut fields = Written(vec![Element::parent("ResultList", results)]);
    fields.push("ProcessingResultStatus", "1");
    fields.push("QualificationValidity", codes::validity_code(file.validity));
    Ok(fields.into_element("MessageBody", &file.rest))
}

fn result(result: &ResultOfQualification) -> Result<Element, WriteError> {
    let mut fields = Written::default();
    qualification(&mut fields, &result.qualification)?;
    for entry in &result.consents {
        consent(&mut fields, entry)?;
    }
    // What was kept whole stands for what is known of it.
    fields.0.retain(|known| result.rest.iter().all(|kept| kept.name() != known.name()));
    Ok(fields.into_element("ResultOfQualificationConfirmation", &result.rest))
}

fn qualification(fields: &mut Written, q: &Qualification) -> Result<(), WriteError> {
    if let Some(class) = &q.class {
        let right = codes::class(class).filter(|read| read == class);
        right.ok_or(wrong("InsuredCardClassification", "2 digits or upper-case letters"))?;
        fields.push("InsuredCardClassification", class);
    }
    if !(q.insurer_number.is_empty() && q.has_medical_assistance()) {
        let insurer = codes::insurer_number(&q.insurer_number)
            .filter(|unpadded| *unpadded == q.insurer_number)
            .ok_or(wrong("InsurerNumber", "6 or 8 digits"))?;
        fields.push("InsurerNumber", format!("{insurer:>8}"));
    }
    fields.number("InsuredCardSymbol", &q.symbol)?;
    fields.number("InsuredIdentificationNumber", &q.number)?;
    if let Some(branch) = &q.branch {
        codes::digits(branch, 2).ok_or(wrong("InsuredBranchNumber", "2 digits"))?;
        fields.push("InsuredBranchNumber", branch);
    }
    if let Some(kind) = q.kind {
        fields.push("PersonalFamilyClassification", codes::kind_code(kind));
    }
    if q.name.trim_ascii().is_empty() {
        return Err(wrong("Name", "at least one character"));
    }
    fields.line("Name", &q.name)?;
    fields.line("NameKana", &q.name_kana)?;
    fields.push("Sex1", codes::sex_code(q.sex));
    let birth =
        codes::birth(&q.birth.digits()).ok_or(wrong("Birthdate", "a year of four digits"))?;
    fields.push("Birthdate", birth.digits());
    fields.line("Address", q.address.as_deref().unwrap_or_default())?;
    fields.number("PostNumber", q.post_number.as_deref().unwrap_or_default())?;
    fields.date("InsuredCardValidDate", q.valid_from)?;
    fields.date("InsuredCardExpirationDate", q.valid_to)?;
    fields.date("DisqualificationDate", q.lost_on)?;
    fields.percent("InsuredPartialContributionRatio", q.share_percent)?;
    if let Some(certificate) = &q.elderly_recipient {
        let mut inner = Written::default();
        inner.date("ElderlyRecipientCertificateDate", certificate.issued_on)?;
        inner.date("ElderlyRecipientValidStartDate", certificate.valid_from)?;
        inner.date("ElderlyRecipientValidEndDate", certificate.valid_to)?;
        inner.percent("ElderlyRecipientContributionRatio", certificate.share_percent)?;
        fields.0.push(inner.into_element("ElderlyRecipientCertificateInfo", &[]));
    }
    if let Some(certificate) = &q.limit_certificate {
        fields.0.push(limit_certificate(certificate)?);
    }
    if !q.medical_tickets.is_empty() {
        let tickets = q.medical_tickets.iter().map(ticket).collect::<Result<_, _>>()?;
        fields.0.push(Element::parent("PublicExpenseResultList", tickets));
    }
    fields.line("InsurerName", &q.insurer_name)
}

fn limit_certificate(certificate: &LimitCertificate) -> Result<Element, WriteError> {
    let mut fields = Written::default();
    if let Some(class) = certificate.class.map(LimitClass::code) {
        fields.push("LimitApplicationCertificateClassification", class);
    }
    if let Some(category) = certificate.category.map(LimitCategory::code) {
        fields.push("LimitApplicationCertificateClassificationFlag", category);
    }
    fields.date("LimitApplicationCertificateDate", certificate.issued_on)?;
    fields.date("LimitApplicationCertificateValidStartDate", certificate.valid_from)?;
    fields.date("LimitApplicationCertificateValidEndDate", certificate.valid_to)?;
    fields.date("LimitApplicationCertificateLongTermDate", certificate.long_term_from)?;
    Ok(fields.into_element("LimitApplicationCertificateRelatedInfo", &[]))
}

fn ticket(ticket: &MedicalTicket) -> Result<Element, WriteError> {
    let mut fields = Written::default();
    for (name, text) in &ticket.0 {
        if !is_name(name) || !text.chars().all(is_xml_char) {
            return Err(wrong("MedicalTicketInfo", "names and texts of elements"));
        }
        fields.push(name, text);
    }
    Ok(fields.into_element("MedicalTicketInfo", &[]))
}

fn consent(fields: &mut Written, consent: &Consent) -> Result<(), WriteError> {
    let name = |end| format!("{}{end}", consent.item.prefix());
    fields.push(name("ConsFlg"), if consent.agreed { "1" } else { "0" });
    fields.time(&name("ConsTime"), consent.answered_at)?;
    let may_end = consent.agreed && consent.item.ends();
    if consent.available_until.is_some() && !may_end {
        return Err(wrong(&name("AvailableTime"), "none for this consent"));
    }
    fields.time(&name("AvailableTime"), consent.available_until)
}

/// Elements written so far.
#[derive(Default)]
struct Written(Vec<Element>);

impl Written {
    fn push(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.0.push(Element::text(name, text));
    }

    fn line(&mut self, name: &str, text: &str) -> Result<(), WriteError> {
        self.text(name, text, Short::Line)
    }

    fn number(&mut self, name: &str, text: &str) -> Result<(), WriteError> {
        self.text(name, text, Short::Number)
    }

    /// Leaves the element out when it would be empty, as terminals do.
    fn text(&mut self, name: &str, text: &str, most: Short) -> Result<(), WriteError> {
        let text = text.trim_ascii();
        if text.chars().count() > most.characters() {
            return Err(wrong(name, most.expected()));
        }
        if !text.chars().all(is_xml_char) {
            return Err(wrong(name, "no control characters"));
        }
        if !text.is_empty() {
            self.push(name, text);
        }
        Ok(())
    }

    fn percent(&mut self, name: &str, percent: Option<u8>) -> Result<(), WriteError> {
        let Some(percent) = percent else { return Ok(()) };
        if percent > 100 {
            return Err(wrong(name, "percent from 0 to 100"));
        }
        self.push(name, format!("{percent:03}"));
        Ok(())
    }

    fn date(&mut self, name: &str, date: Option<Date>) -> Result<(), WriteError> {
        let Some(date) = date else { return Ok(()) };
        if !(0..=9999).contains(&date.year()) {
            return Err(wrong(name, "a year of four digits"));
        }
        self.push(name, codes::date_text(date));
        Ok(())
    }

    fn time(&mut self, name: &str, time: Option<Timestamp>) -> Result<(), WriteError> {
        let Some(time) = time else { return Ok(()) };
        let text = codes::time_text(time);
        codes::time(&text).ok_or(wrong(name, "a year of four digits"))?;
        self.push(name, text);
        Ok(())
    }

    fn into_element(mut self, name: &str, rest: &[Element]) -> Element {
        self.0.extend_from_slice(rest);
        Element::parent(name, self.0)
    }
}

fn wrong(element: &str, expected: &'static str) -> WriteError {
    WriteError::Value { element: element.to_owned(), expected }
}

fn write_element(writer: &mut Writer<Vec<u8>>, element: &Element) -> std::io::Result<()> {
    let start = BytesStart::new(element.name());
    match element.content() {
        Content::Text(text) if text.is_empty() => return writer.write_event(Event::Empty(start)),
        Content::Text(text) => {
            writer.write_event(Event::Start(start))?;
            // A bare carriage return would be read back as a line feed (XML 1.0 section 2.11).
            let escaped = quick_xml::escape::escape(text.as_str()).replace('\r', "&#13;");
            writer.write_event(Event::Text(BytesText::from_escaped(escaped)))?;
        }
        Content::Children(children) => {
            writer.write_event(Event::Start(start))?;
            for child in children {
                write_element(writer, child)?;
            }
        }
    }
    writer.write_event(Event::End(BytesEnd::new(element.name())))
}
