//! Where are you going today?

use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::way::WayButton;
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, language, say};
use leptos::prelude::*;
use protocol::{Action, Name};

/// The names of the site as large buttons.
#[component]
pub(crate) fn Destination(names: Vec<Name>) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let buttons = (0_u8..).zip(names).map(|(index, name)| {
        let shown = Memo::new(move |_| words::named(language.0.get(), &name));
        let (name, lang) = (move || shown.get().0, move || Some(shown.get().1));
        view! {
            <WayButton test=format!("destination-{index}") name=Signal::derive(name) lang=Signal::derive(lang)
                on_press=move || shell.act(Action::Destination { index })/>
        }
    });
    let buttons = buttons.collect_view();
    let ways = move || {
        view! { <Button kind=Kind::Secondary test="continue" on_press=move || shell.act(Action::Continue)>{say!(destination.ask_desk)}</Button> }
    };
    view! {
        <Frame name="destination" loses=true step=Step::Result title=Signal::derive(say!(destination.title)) can_stop=false ways>
            <p class="lead">{say!(destination.lead)}</p>
            <div class="ways ways--names">{buttons}</div>
        </Frame>
    }
}
