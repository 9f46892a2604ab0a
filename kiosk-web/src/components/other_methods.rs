//! The other ways to be identified, as far as they can be chosen.

use super::button::{Button, Kind};
use crate::shell::Shell;
use crate::words::{language, say, text};
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::Method;

/// A way to every method but one: its button where there is one, otherwise a button that opens them. What the method screen refused
/// last is left out.
#[component]
pub(crate) fn OtherMethods(
    /// The method that is being used.
    except: Method,
    /// All are in sight, the first as the way that is advised.
    #[prop(optional)]
    advised: bool,
) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let button = move |kind: Kind, method: Method| {
        let test = match method {
            Method::Face => "choose-face",
            Method::Pin => "choose-pin",
            Method::Visual => "choose-visual",
        };
        let words = move || match method {
            Method::Face => text!(language.0.get(), pin.choose_face),
            Method::Pin => text!(language.0.get(), pin.choose_pin),
            Method::Visual => text!(language.0.get(), pin.choose_visual),
        };
        view! { <Button kind test on_press=move || shell.act(Action::Choose { method })>{words}</Button> }
    };
    let methods: Vec<_> = [Method::Face, Method::Pin, Method::Visual]
        .into_iter()
        .filter(|method| *method != except && shell.offers(*method))
        .collect();
    if advised || methods.len() < 2 {
        let kind = |at| if advised && at == 0 { Kind::Primary } else { Kind::Secondary };
        let shown = methods.into_iter().enumerate().map(|(at, method)| button(kind(at), method));
        return shown.collect_view().into_any();
    }
    let open = RwSignal::new(false);
    // One button for all of them keeps the way on alone beside 「やめる」.
    view! {
        <div class="others">
            <button type="button" class="button button--secondary" data-test="other-methods" aria-controls="other-methods"
                aria-expanded=move || if open.get() { "true" } else { "false" } on:click=move |_| open.update(|open| *open = !*open)>
                {say!(common.other_method)}
            </button>
            <Show when=move || open.get()>
                <div class="others__list" id="other-methods" role="group" aria-label=say!(common.other_method)>
                    {methods.iter().map(|method| button(Kind::Secondary, *method)).collect_view()}
                </div>
            </Show>
        </div>
    }
    .into_any()
}
