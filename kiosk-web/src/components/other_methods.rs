//! The other ways to be identified, as far as they can be chosen.

use super::button::{Button, Kind};
use crate::shell::Shell;
use crate::words::{language, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use protocol::Action;
use protocol::screen::Method;

/// A button for every method but one. What the method screen refused last is left out.
#[component]
pub(crate) fn OtherMethods(
    /// The method that is being used.
    except: Method,
) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let button = move |method: Method| {
        let test = match method {
            Method::Face => "choose-face",
            Method::Pin => "choose-pin",
            Method::Visual => "choose-visual",
        };
        let words = move || match method {
            Method::Face => td_string!(language.0.get(), pin.choose_face),
            Method::Pin => td_string!(language.0.get(), pin.choose_pin),
            Method::Visual => td_string!(language.0.get(), pin.choose_visual),
        };
        view! { <Button kind=Kind::Secondary test on_press=move || shell.act(Action::Choose { method })>{words}</Button> }
    };
    let methods = [Method::Face, Method::Pin, Method::Visual]
        .into_iter()
        .filter(|method| *method != except && shell.offers(*method));
    view! {
        <div class="others" role="group" aria-label=say!(common.other_method)>{methods.map(button).collect_view()}</div>
    }
}
