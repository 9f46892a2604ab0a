//! A page to print, held as a blob: its address is of no use outside this page, and ends with it.

use super::page;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Response, Url};

/// Freed when dropped.
pub(crate) struct Sheet(String);

impl Sheet {
    /// Fetches it with the page's token.
    ///
    /// # Errors
    /// What the browser says.
    pub(crate) async fn fetch(path: &str) -> Result<Self, JsValue> {
        let headers = [("x-uketsuke-token", &*page::token())];
        Self::of(&page::fetch(path, "GET", &headers, JsValue::UNDEFINED).await?).await
    }

    /// The page that was answered.
    ///
    /// # Errors
    /// What the browser says.
    pub(crate) async fn of(response: &Response) -> Result<Self, JsValue> {
        let blob: Blob = JsFuture::from(response.blob()?).await?.dyn_into()?;
        Url::create_object_url_with_blob(&blob).map(Self)
    }

    /// Address for a picture.
    pub(crate) fn address(&self) -> String {
        self.0.clone()
    }
}

impl Drop for Sheet {
    fn drop(&mut self) {
        let _: Result<(), JsValue> = Url::revoke_object_url(&self.0);
    }
}
