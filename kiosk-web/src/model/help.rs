//! Which visit staff can help with at a kiosk.

use protocol::staff::{FormUp, Kiosk, KioskState};

/// The visit that is there now; `None` where nobody is, or only a card is waited for.
pub(crate) fn visit_at(kiosks: &[Kiosk], name: &str) -> Option<u64> {
    match &kiosks.iter().find(|kiosk| kiosk.name == name)?.state {
        KioskState::InUse { visit, .. } => *visit,
        KioskState::Idle | KioskState::OutOfService { .. } => None,
    }
}

/// The form that is up there, for this visit.
pub(crate) fn form_at(kiosks: &[Kiosk], name: &str) -> Option<FormUp> {
    match &kiosks.iter().find(|kiosk| kiosk.name == name)?.state {
        KioskState::InUse { form, .. } => *form,
        KioskState::Idle | KioskState::OutOfService { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::staff::Step;

    #[test]
    fn whoever_comes_next_is_another_visit() {
        let at = |name: &str, visit| {
            let since = "2027-02-16T09:05:00+09:00".into();
            let state =
                KioskState::InUse { since, step: Step::Numbers, needs: None, visit, form: None };
            Kiosk { name: name.into(), title: name.into(), state }
        };
        let idle = Kiosk { name: "b".into(), title: "b".into(), state: KioskState::Idle };
        let kiosks = [at("a", Some(7)), idle, at("c", None)];
        assert_eq!(visit_at(&kiosks, "a"), Some(7));
        assert_eq!(["b", "c", "d"].map(|name| visit_at(&kiosks, name)), [None; 3]);
    }
}
