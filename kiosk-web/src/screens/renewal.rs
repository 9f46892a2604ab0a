//! How to renew the certificate: where, with what, until when. The visit knows nothing of it.

use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::qr::Qr;
use crate::model::shown::Step;
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::screen::CertificateAlert;

/// The card's official site, by the Japan Agency for Local Authority Information Systems.
const OFFICIAL: &str = "https://www.kojinbango-card.go.jp/";

/// Help over the screen that told of the end of the certificate.
#[component]
pub(super) fn Renewal(
    /// `None`: it ended too long ago.
    alert: Option<CertificateAlert>,
    /// Whether the help is shown.
    open: RwSignal<bool>,
    /// Where the help was opened.
    step: Step,
) -> impl IntoView {
    let language = language();
    let until = move || {
        let locale = language.0.get();
        match &alert {
            None => text!(locale, renewal.until_expired).to_owned(),
            Some(CertificateAlert::Expiring { until }) => {
                text!(locale, renewal.until_expiring, date = words::date(locale, until))
            }
            Some(CertificateAlert::Grace { until }) => {
                text!(locale, renewal.until_grace, date = words::date(locale, until))
            }
        }
    };
    let ways = move || {
        view! { <Button kind=Kind::Primary test="renewal-close" on_press=move || open.set(false)>{say!(ways.back)}</Button> }
    };
    view! {
        <Frame name="renewal" step title=Signal::derive(say!(renewal.title)) ways>
            <div class="split">
                <section class="panel">
                    <dl class="facts">
                        <div><dt>{say!(renewal.place)}</dt><dd>{say!(renewal.place_text)}</dd></div>
                        <div>
                            <dt>{say!(renewal.bring)}</dt>
                            <dd><ul class="plain"><li>{say!(renewal.bring_1)}</li><li>{say!(renewal.bring_2)}</li><li>{say!(renewal.bring_3)}</li></ul></dd>
                        </div>
                        <div><dt>{say!(renewal.until)}</dt><dd data-test="renewal-until">{until}</dd></div>
                    </dl>
                </section>
                <section class="panel stack panel--centre">
                    <h2 class="panel__title">{say!(renewal.qr)}</h2>
                    <Qr address=OFFICIAL label=Signal::derive(say!(renewal.qr))/>
                    <p class="small">{say!(renewal.qr_note)}</p>
                </section>
            </div>
            <p>{say!(renewal.cost)}</p>
        </Frame>
    }
}
