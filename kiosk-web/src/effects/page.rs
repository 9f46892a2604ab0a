//! The page itself: token, clock, reload, text size, language of the document.

use super::js;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, Document, HtmlElement, RequestInit, Response, ScrollIntoViewOptions,
    ScrollLogicalPosition, Window,
};

const RELOADED: &str = "uketsuke-reloaded";

/// The window; a page always has one.
pub(crate) fn window() -> Window {
    web_sys::window().expect("this runs in a page")
}

/// Its document.
pub(crate) fn document() -> Document {
    window().document().expect("a page has a document")
}

/// Milliseconds since the page began, never going back.
pub(crate) fn now_ms() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |clock| clock.now())
}

/// Date with weekday, and the time to the minute, in Japan: the browser knows how each language writes them.
pub(crate) fn date_and_time(language: &str) -> (String, String) {
    let now = js_sys::Date::new_0();
    let write = |wishes: &[(&str, &str)]| {
        let zone = [("timeZone", "Asia/Tokyo")];
        let wishes =
            zone.iter().chain(wishes).map(|(name, value)| (*name, JsValue::from_str(value)));
        let wishes: Vec<(&str, JsValue)> = wishes.collect();
        String::from(now.to_locale_string(language, &js::object(&wishes)))
    };
    (
        write(&[("month", "long"), ("day", "numeric"), ("weekday", "short")]),
        write(&[("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")]),
    )
}

/// What the bridge wrote into the page under this name.
fn told(name: &str) -> String {
    let meta = document().query_selector(&format!("meta[name={name}]")).ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

/// The per-boot token.
pub(crate) fn token() -> String {
    told("uketsuke-token")
}

/// The address of something that each kiosk has for itself, at the kiosk of this page.
pub(crate) fn of_kiosk(path: &str) -> String {
    told("uketsuke-kiosk") + path
}

/// Whether this is the page for the board of practice.
pub(crate) fn is_board_of_practice() -> bool {
    told("uketsuke-board") == "practice"
}

/// Address of the kiosk socket: same host as the page.
pub(crate) fn socket_url() -> String {
    let location = window().location();
    let scheme =
        if location.protocol().is_ok_and(|protocol| protocol == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}{}", location.host().unwrap_or_default(), of_kiosk("/kiosk"))
}

/// Loads the page anew, once, and only while the bridge answers, so that the browser's own error page is never seen.
/// `false` when that was done already and did not help.
pub(crate) fn reload_once() -> bool {
    let storage = window().session_storage().ok().flatten();
    let before = storage.as_ref().and_then(|storage| storage.get_item(RELOADED).ok().flatten());
    if before.is_some() {
        return false;
    }
    spawn_local(async move {
        if fetch("/", "GET", &[], JsValue::UNDEFINED).await.is_ok() {
            if let Some(storage) = storage {
                let _: Result<(), JsValue> = storage.set_item(RELOADED, "1");
            }
            reload();
        }
    });
    true
}

/// Loads the page anew.
pub(crate) fn reload() {
    let _: Result<(), JsValue> = window().location().reload();
}

/// Page and bridge fit: a later misfit may reload again.
pub(crate) fn forget_reload() {
    if let Ok(Some(storage)) = window().session_storage() {
        let _: Result<(), JsValue> = storage.remove_item(RELOADED);
    }
}

/// Sets the language of the document, for screen readers, hyphenation and fonts.
pub(crate) fn set_language(code: &str) {
    if let Some(root) = document().document_element() {
        let _: Result<(), JsValue> = root.set_attribute("lang", code);
    }
}

/// Adds a style sheet to the document.
pub(crate) fn add_style_sheet(path: &str) {
    let add = || -> Result<(), JsValue> {
        let link = document().create_element("link")?;
        link.set_attribute("rel", "stylesheet")?;
        link.set_attribute("href", path)?;
        let head = document().query_selector("head")?.ok_or(JsValue::NULL)?;
        head.append_child(&link).map(drop)
    };
    // Without it the letters of the system are there.
    let _: Result<(), JsValue> = add();
}

/// Sets an attribute of the document's root; none removes it.
pub(crate) fn mark_root(name: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        let _: Result<(), JsValue> = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// A wish in the page's own address, `?name=…`.
pub(crate) fn wish(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// The path of the page's own address.
pub(crate) fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// What this tab keeps over a reload.
pub(crate) fn kept(name: &str) -> Option<String> {
    window().session_storage().ok()??.get_item(name).ok()?
}

/// See [`kept`].
pub(crate) fn keep(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _: Result<(), JsValue> = storage.set_item(name, value);
    }
}

/// Waits.
pub(crate) async fn pause(ms: u32) {
    let waited = js_sys::Promise::new(&mut |resolve, _| {
        gloo_timers::callback::Timeout::new(ms, move || {
            // Takes any value.
            let _: Result<JsValue, JsValue> = resolve.call0(&JsValue::NULL);
        })
        .forget();
    });
    // Nobody breaks this promise.
    let _: Result<JsValue, JsValue> = JsFuture::from(waited).await;
}

/// Sets the text size by a class of the root, because every size is in `rem`.
pub(crate) fn set_text_size(percent: u16) {
    if let Some(root) = document().document_element() {
        root.set_class_name(&format!("text-{percent}"));
    }
}

/// Sets the title of the page, which its tab shows.
pub(crate) fn set_title(title: &str) {
    document().set_title(title);
}

/// Title of the page.
pub(crate) fn title() -> String {
    document().title()
}

/// What this browser was told to keep under a name, over days.
pub(crate) fn kept_for_days(name: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(name).ok().flatten()
}

/// Has the browser keep a short text that is about nobody.
pub(crate) fn keep_for_days(name: &str, text: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _: Result<(), JsValue> = storage.set_item(name, text);
    }
}

/// Moves the focus to the first element that matches.
pub(crate) fn focus(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _: Result<(), JsValue> = element.focus();
    }
}

/// What has the keyboard now.
pub(crate) fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Gives the keyboard back to what had it, or to the page's title where that is gone or nothing had it.
pub(crate) fn focus_again(element: Option<HtmlElement>) {
    let holds = |element: &HtmlElement| element.is_connected() && element.tag_name() != "BODY";
    match element.filter(holds) {
        Some(element) => {
            let _: Result<(), JsValue> = element.focus();
        }
        None => focus("main h1"),
    }
}

/// Prints this page; the stylesheet leaves only the paper.
///
/// # Errors
/// When the browser cannot.
pub(crate) fn print() -> Result<(), JsValue> {
    window().print()
}

/// Scrolls as little as needed for the first element that matches to be seen whole.
pub(crate) fn scroll_into_view(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Puts text on the clipboard.
///
/// # Errors
/// What the browser says, for instance that it is not allowed here.
pub(crate) async fn copy(text: &str) -> Result<(), JsValue> {
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.map(|_| ())
}

/// Scrolls to the top: a new screen begins there.
pub(crate) fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Further down by most of the window, so that the last line is still in sight.
pub(crate) fn scroll_on() {
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0);
    let by = web_sys::ScrollToOptions::new();
    by.set_top(height * 0.7);
    by.set_behavior(web_sys::ScrollBehavior::Smooth);
    window().scroll_by_with_scroll_to_options(&by);
}

/// Same-origin request, whatever its answer.
///
/// # Errors
/// What the browser says when there was none.
pub(crate) async fn request(
    path: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: JsValue,
) -> Result<Response, JsValue> {
    ask(&RequestInit::new(), path, method, headers, body).await
}

/// The same, given up when no answer has begun in time.
///
/// # Errors
/// What the browser says when there was none.
pub(crate) async fn request_within(
    deadline_ms: u32,
    path: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: JsValue,
) -> Result<Response, JsValue> {
    let (abort, options) = (AbortController::new()?, RequestInit::new());
    options.set_signal(Some(&abort.signal()));
    let _deadline = gloo_timers::callback::Timeout::new(deadline_ms, move || abort.abort());
    ask(&options, path, method, headers, body).await
}

/// The same, with what the options say besides.
///
/// # Errors
/// What the browser says when there was none.
pub(super) async fn ask(
    options: &RequestInit,
    path: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: JsValue,
) -> Result<Response, JsValue> {
    options.set_method(method);
    options.set_cache(web_sys::RequestCache::NoStore);
    if !body.is_undefined() {
        options.set_body(&body);
    }
    let properties: Vec<(&str, JsValue)> =
        headers.iter().map(|(name, value)| (*name, JsValue::from_str(value))).collect();
    options.set_headers(&js::object(&properties));
    JsFuture::from(window().fetch_with_str_and_init(path, options)).await?.dyn_into()
}

/// Same-origin request that fails unless the answer is a success.
///
/// # Errors
/// What the browser says, or the HTTP status as text.
pub(crate) async fn fetch(
    path: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: JsValue,
) -> Result<Response, JsValue> {
    let response = request(path, method, headers, body).await?;
    if response.ok() {
        Ok(response)
    } else {
        Err(JsValue::from_str(&format!("{path}: status {}", response.status())))
    }
}

/// Text of an answer.
///
/// # Errors
/// What the browser says.
pub(crate) async fn text(response: &Response) -> Result<String, JsValue> {
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().ok_or(JsValue::NULL)
}

/// A small text file of the bridge.
///
/// # Errors
/// What the browser says.
pub(crate) async fn fetch_text(path: &str, headers: &[(&str, &str)]) -> Result<String, JsValue> {
    text(&fetch(path, "GET", headers, JsValue::UNDEFINED).await?).await
}
