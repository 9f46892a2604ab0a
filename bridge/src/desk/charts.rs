//! After a visit that the terminal has answered: by which number the clinic knows the person, where the site has it told.

use super::Desk;
use crate::store::{Batch, Deed, Op};
use checkin::VisitId;
use checkin::effect::Handover;
use checkin::eligibility::Asked;
use checkin::number::Numbers;
use checkin::time::in_japan;
use jiff::Timestamp;
use std::sync::Arc;

impl Desk {
    /// Has the gateway told, beside everything else; what became of it goes into log and audit, and nobody waits for it. The person has to
    /// be certain in the clinic's list, and one insurance has to hold.
    pub(super) fn register_chart(&self, visit: VisitId, handover: &Handover) {
        let gateway = self.site.gateways.of(self.kind);
        if !gateway.registers_charts() {
            return;
        }
        let ledger = Arc::clone(self.ledger());
        let (Some(numbers), Some(chart)) = (insured(handover), ledger.board.chart(visit)) else {
            return;
        };
        let told = gateway.register_chart(chart, numbers);
        tokio::spawn(async move {
            let outcome = told.await;
            tracing::info!(
                visit = visit.0,
                outcome = outcome.word(),
                "chart number at the terminal"
            );
            let deed = Deed::ChartRegistered { visit, outcome };
            let op = Op::Deed { at: Timestamp::now(), deed, by: None };
            ledger.writer.send(|| Batch { ops: vec![op], ..Batch::default() });
        });
    }
}

/// The insurance by which the person was found at the terminal; 医療扶助 is none.
fn insured(handover: &Handover) -> Option<Numbers> {
    let found = &handover.eligibility;
    if !matches!(handover.asked, Asked::Numbers { .. }) || !found.is_valid() {
        return None;
    }
    let holding = found.holding(in_japan(Timestamp::now()).date());
    let mut insurances = holding.into_iter().filter(|q| q.is_insurance());
    let (Some(q), None) = (insurances.next(), insurances.next()) else { return None };
    Some(Numbers {
        insurer_number: q.insurer_number.clone(),
        symbol: q.symbol.clone(),
        number: q.number.clone(),
        branch: q.branch.clone(),
        birth: q.birth,
    })
}
