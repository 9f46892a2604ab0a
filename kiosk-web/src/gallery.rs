//! Example views for screenshots, without a bridge: `?view=method&lang=en&text=200`. Not compiled into what is served.

use crate::effects::page;
use crate::model::shown::Shown;
use crate::shell::Shell;
use crate::words::Tongue;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::UrlSearchParams;

/// Shows the view that the address names.
pub(crate) fn show(shell: Shell, set_shown: WriteSignal<Shown>) {
    let search = page::window().location().search().unwrap_or_default();
    let Ok(wish) = UrlSearchParams::new_with_str(&search) else { return };
    if let Some(language) =
        wish.get("lang").and_then(|lang| Tongue::OWN.into_iter().find(|own| own.tag() == lang))
    {
        shell.settings.language.0.set(language);
    }
    if let Some(percent) = wish.get("text").and_then(|percent| percent.parse().ok()) {
        shell.settings.text_percent.set(percent);
    }
    match wish.get("view").as_deref() {
        None | Some("offline") => {}
        Some("taken_over") => set_shown.set(Shown::TakenOver),
        Some("outdated") => set_shown.set(Shown::Outdated),
        Some(name) => {
            let path = format!("/views/{name}.json");
            spawn_local(async move {
                match page::fetch_text(&path, &[]).await.map(|text| serde_json::from_str(&text)) {
                    Ok(Ok(view)) => set_shown.set(Shown::View(Box::new(view))),
                    failed => leptos::logging::error!("{path}: {failed:?}"),
                }
            });
        }
    }
}
