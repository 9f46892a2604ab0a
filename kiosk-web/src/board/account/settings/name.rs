//! A name of the site, typed in each language of the pages.

use crate::words::{Tongue, language, text};
use leptos::prelude::*;
use protocol::Name;
use std::collections::BTreeMap;

/// See the module.
#[derive(Clone, PartialEq)]
pub(super) struct Typed {
    texts: Vec<(Tongue, RwSignal<String>)>,
    /// Names in languages that these pages do not have stay as they are.
    others: BTreeMap<String, String>,
}

impl Typed {
    pub(super) fn of(name: Option<&Name>) -> Self {
        let field = |locale: Tongue| {
            let tag = locale.tag();
            let text = name.and_then(|name| match tag {
                "ja" => Some(&name.ja),
                tag => name.others.get(tag),
            });
            (locale, RwSignal::new(text.cloned().unwrap_or_default()))
        };
        let texts = Tongue::OWN.map(field).into();
        Self { texts, others: name.map(|name| name.others.clone()).unwrap_or_default() }
    }

    /// What stands there now; what was left empty is none.
    pub(super) fn name(&self) -> Name {
        let (mut ja, mut others) = (String::new(), self.others.clone());
        for (locale, text) in &self.texts {
            match locale.tag() {
                "ja" => ja = text.get_untracked(),
                tag => {
                    others.insert(tag.to_owned(), text.get_untracked());
                }
            }
        }
        Name { ja, others }
    }

    /// Nothing is typed in any language.
    pub(super) fn is_empty(&self) -> bool {
        self.texts.iter().all(|(_, text)| text.with_untracked(|text| text.trim().is_empty()))
    }
}

/// One field a language.
#[component]
pub(super) fn NameFields(
    typed: Typed,
    /// `data-test`, before the tag of the language.
    test: String,
) -> impl IntoView {
    let language = language();
    let field = move |(locale, text): (Tongue, RwSignal<String>)| {
        let tag = locale.tag();
        let own = text!(locale, header.own_name);
        let label = move || text!(language.0.get(), settings.name_in, name = own);
        view! {
            <label class="field field--line">
                <span class="label">{label}</span>
                <input class="field__box field__box--text" type="text" lang=tag autocomplete="off" maxlength="60" data-test=format!("{test}-{tag}")
                    prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
            </label>
        }
    };
    typed.texts.into_iter().map(field).collect_view()
}
