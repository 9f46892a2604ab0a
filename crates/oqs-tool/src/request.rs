//! A new request.

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use jiff::Timestamp;
use oqs::{
    Answer, Body, Branch, Day, Header, InstitutionCode, InsurerNumber, Kind, Line, Message,
    SearchInfo, Short,
};
use std::path::PathBuf;

/// About whom is asked.
#[derive(Args)]
pub(crate) struct Options {
    /// 医療機関コード, 10 digits
    #[arg(long)]
    institution: String,
    /// 保険者番号, 6 or 8 digits
    #[arg(long)]
    insurer: String,
    /// 記号, if there is one
    #[arg(long)]
    symbol: Option<String>,
    /// 番号
    #[arg(long)]
    number: String,
    /// 枝番; none in 後期高齢者医療
    #[arg(long)]
    branch: Option<String>,
    /// Birth day, yyyyMMdd
    #[arg(long)]
    birth: String,
    /// Day for which is asked, yyyyMMdd; today without it
    #[arg(long)]
    day: Option<String>,
    /// The person lets 限度額適用認定証 be shown
    #[arg(long)]
    limit_certificate: bool,
    /// Comes back in the answer
    #[arg(long)]
    identifier: Option<String>,
    /// The new file, `OQSsiquc01req_….xml`; nothing is overwritten
    pub(crate) file: PathBuf,
}

impl Options {
    pub(crate) fn message(&self) -> Result<Message> {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        ensure!(
            Kind::of_name(&name) == Some(Kind::Request) && name.ends_with(".xml"),
            "a request is called OQSsiquc01req_….xml: its answer gets the same name with res for req"
        );
        let day = match &self.day {
            Some(day) => Day::written(day),
            None => Day::new(checkin::time::in_japan(Timestamp::now()).date()),
        };
        let search = SearchInfo {
            insurer_number: Some(
                InsurerNumber::new(&self.insurer).context("--insurer has 6 or 8 digits")?,
            ),
            symbol: match self.symbol.as_deref().map(Short::new) {
                Some(symbol) => Some(symbol.context("--symbol has at most 20 characters")?),
                None => None,
            },
            number: Some(Short::new(&self.number).context("--number has at most 20 characters")?),
            branch: match self.branch.as_deref().map(Branch::new) {
                Some(branch) => Some(branch.context("--branch has 2 digits")?),
                None => None,
            },
            birth: Some(Day::written(&self.birth).context("--birth has 8 digits, yyyyMMdd")?),
            limit_certificate: self.limit_certificate.then_some(Answer::Agreed),
            ..SearchInfo::default()
        };
        let header = Header {
            confirmed_on: Some(day.context("--day has 8 digits, yyyyMMdd")?),
            institution: Some(
                InstitutionCode::new(&self.institution).context("--institution has 10 digits")?,
            ),
            file_identifier: self.identifier.as_deref().and_then(Line::new),
            ..Header::default()
        };
        let body = Body { searches: vec![search], ..Body::default() };
        Ok(Message { header: Some(header), body: Some(body), ..Message::default() })
    }
}
