//! Questions answered by one touch.

use super::FormState;
use crate::components::way::WayButton;
use crate::words::{self, language, say};
use leptos::prelude::*;
use protocol::action::{Insurance, Sex, StatementReason};

/// Why the qualification cannot be shown.
#[component]
pub(super) fn Reason(state: FormState) -> impl IntoView {
    let (language, now) = (language(), state.form.with_untracked(|form| form.reason));
    let options = [
        (StatementReason::NotRegisteredYet, "not_registered_yet"),
        (StatementReason::NotConfirmed, "not_confirmed"),
        (StatementReason::CertificateExpired, "certificate_expired"),
        (StatementReason::CardUnreadable, "card_unreadable"),
        (StatementReason::SystemDown, "system_down"),
        (StatementReason::Other, "other"),
    ];
    let options = options.map(|(reason, test)| {
        let name = Signal::derive(move || words::statement_reason(language.0.get(), reason).to_owned());
        let choose = move || {
            state.change(|form| form.reason = Some(reason));
            state.next();
        };
        view! { <WayButton test=format!("answer-{test}") name chosen=now == Some(reason) on_press=choose/> }
    });
    view! {
        <p class="strong" data-test="usual-share">{say!(common.usual_share)}</p>
        <div class="ways">{options}</div>
    }
}

/// 保険種別.
#[component]
pub(super) fn Kinds(state: FormState) -> impl IntoView {
    let (language, now) = (language(), state.form.with_untracked(|form| form.insurance));
    let options = [
        (Insurance::Work, "work"),
        (Insurance::National, "national"),
        (Insurance::Elderly, "elderly"),
        (Insurance::Unknown, "unknown"),
    ];
    let options = options.map(|(kind, test)| {
        let name = Signal::derive(move || words::insurance(language.0.get(), kind).to_owned());
        let note = Signal::derive(move || words::insurance_note(language.0.get(), kind).map(str::to_owned));
        let choose = move || {
            state.change(|form| form.insurance = Some(kind));
            state.next();
        };
        view! { <WayButton test=format!("answer-{test}") name note chosen=now == Some(kind) on_press=choose/> }
    });
    view! { <div class="ways">{options}</div> }
}

/// 一部負担金の割合.
#[component]
pub(super) fn Share(state: FormState) -> impl IntoView {
    let (language, now) = (language(), state.form.with_untracked(|form| form.share));
    let options = [(Some(10), "10"), (Some(20), "20"), (Some(30), "30"), (None, "unknown")];
    let options = options.map(|(share, test)| {
        let name = Signal::derive(move || words::usual_share(language.0.get(), share).to_owned());
        let choose = move || {
            state.change(|form| form.share = Some(share));
            state.next();
        };
        view! { <WayButton test=format!("answer-{test}") name chosen=now == Some(share) on_press=choose/> }
    });
    view! { <div class="ways">{options}</div> }
}

/// 性別.
#[component]
pub(super) fn Sexes(state: FormState) -> impl IntoView {
    let (language, now) = (language(), state.form.with_untracked(|form| form.sex));
    let options = [(Sex::Male, "male"), (Sex::Female, "female"), (Sex::NotSet, "not_set")];
    let options = options.map(|(sex, test)| {
        let name = Signal::derive(move || words::sex(language.0.get(), sex).to_owned());
        let choose = move || {
            state.change(|form| form.sex = Some(sex));
            state.next();
        };
        view! { <WayButton test=format!("answer-{test}") name chosen=now == Some(sex) on_press=choose/> }
    });
    view! { <div class="ways">{options}</div> }
}
