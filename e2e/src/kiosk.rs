//! The kiosk page as a person meets it: which screen it shows, and what can be pressed on it.
//!
//! Everything that depends on names in the page is in this file.

use std::cmp::Ordering;
use std::path::PathBuf;
use std::sync::atomic::{self, AtomicU32};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use checkin::era::Era;
use serde_json::{Value, json};
use virtual_card::Holder;

use crate::bridge::PASSCODE;
use crate::cdp::Page;

/// Time for a screen that follows from a press.
pub const SOON: Duration = Duration::from_secs(10);
/// Time for the first screen: the page may have to load its models first.
pub const LOADING: Duration = Duration::from_mins(1);
/// Time for one face attempt on a slow machine.
pub const LOOKING: Duration = Duration::from_secs(40);

/// True while the face screen shows the camera's picture.
pub const CAMERA_RUNS: &str = "document.querySelector('video')?.videoWidth > 0";
/// Name of the screen: that of the protocol (`idle`, `method`, …), or the page's own (`offline`).
const SCREEN: &str = "document.querySelector('[data-screen]')?.dataset.screen ?? ''";

/// One kiosk page, with a folder for its screenshots.
pub struct Kiosk {
    /// The page itself.
    pub page: Page,
    folder: PathBuf,
    journey: String,
    n_shots: AtomicU32,
}

impl Kiosk {
    /// Takes a page over; screenshots go to `<folder>/<journey>-<nn>-<screen>.png`.
    /// Pictures of an earlier walk of the same journey are removed.
    pub fn new(page: Page, folder: PathBuf, journey: &str) -> Self {
        let old =
            std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let is_ours = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with(&format!("{journey}-")))
        };
        // One that stays is older than the others and does no harm.
        old.filter(is_ours).for_each(|path| drop(std::fs::remove_file(path)));
        Self { page, folder, journey: journey.to_owned(), n_shots: AtomicU32::new(0) }
    }

    /// The screen that is shown now; empty while the page loads.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn screen(&self) -> Result<String> {
        Ok(self.page.evaluate(SCREEN).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits for a screen and takes its picture.
    ///
    /// # Errors
    /// When it is not shown in time; the message names the screen that is.
    pub async fn at(&self, screen: &str, deadline: Duration) -> Result<()> {
        self.wait_screen(&[screen], deadline).await?;
        self.shoot(screen).await
    }

    /// Waits for one of several screens and gives its name.
    ///
    /// # Errors
    /// As [`Self::at`].
    pub async fn wait_screen(&self, screens: &[&str], deadline: Duration) -> Result<String> {
        let expression = format!("(s => {}.includes(s) && s)({SCREEN})", json!(screens));
        if let Ok(name) = self.page.wait_for("a screen", &expression, deadline).await {
            return Ok(name.as_str().unwrap_or_default().to_owned());
        }
        let shown = self.screen().await.unwrap_or_else(|error| format!("{error:#}"));
        bail!(
            "waited {:.1} s for screen {}, shown is `{shown}`",
            deadline.as_secs_f64(),
            screens.join(" or ")
        )
    }

    /// Which of several screens is shown, and how many milliseconds after `since`.
    ///
    /// # Errors
    /// When none is shown in ten seconds.
    pub async fn ms_until(&self, screens: &[&str], since: Instant) -> Result<(String, f64)> {
        let screen = self.wait_screen(screens, SOON).await?;
        Ok((screen, since.elapsed().as_secs_f64() * 1e3))
    }

    /// Takes a picture of what is shown, named after it.
    ///
    /// # Errors
    /// When the page is gone or the disk is full.
    pub async fn shoot(&self, name: &str) -> Result<()> {
        let file = self.next_picture(name).await?;
        self.page.screenshot(&file).await
    }

    /// As [`Self::shoot`], with what has to be scrolled to.
    ///
    /// # Errors
    /// As [`Self::shoot`].
    pub async fn shoot_whole(&self, name: &str) -> Result<()> {
        let file = self.next_picture(name).await?;
        self.page.screenshot_whole(&file).await
    }

    async fn next_picture(&self, name: &str) -> Result<PathBuf> {
        self.page.drawn().await?;
        let number = self.n_shots.fetch_add(1, atomic::Ordering::Relaxed) + 1;
        std::fs::create_dir_all(&self.folder)?;
        Ok(self.folder.join(format!("{}-{number:02}-{name}.png", self.journey)))
    }

    /// Presses what has this `data-test`.
    ///
    /// # Errors
    /// When a person could not press it.
    pub async fn press(&self, data_test: &str) -> Result<()> {
        let screen = self.screen().await.unwrap_or_default();
        self.page.click(data_test, SOON).await.with_context(|| format!("on screen `{screen}`"))
    }

    /// Text of the whole screen, as shown.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn text(&self) -> Result<String> {
        Ok(self
            .page
            .evaluate("document.body.innerText")
            .await?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Whether something with this `data-test` is there and can be pressed.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn offers(&self, data_test: &str) -> Result<bool> {
        let expression = format!(
            "(e => !!e && !e.matches(':disabled') && e.getAttribute('aria-disabled') !== 'true')(document.querySelector({}))",
            json!(format!("[data-test=\"{data_test}\"]"))
        );
        Ok(self.page.evaluate(&expression).await? == Value::Bool(true))
    }

    /// Chooses a method on the method screen: `face`, `pin` or `visual`.
    ///
    /// # Errors
    /// When it is not offered.
    pub async fn choose(&self, method: &str) -> Result<()> {
        self.wait_screen(&["method"], SOON).await?;
        self.press(&format!("choose-{method}")).await
    }

    /// Presses digit keys on the keypad.
    ///
    /// # Errors
    /// When there is no such key.
    pub async fn press_digits(&self, digits: &str) -> Result<()> {
        for digit in digits.chars() {
            self.press(&format!("key-{digit}")).await?;
        }
        Ok(())
    }

    /// Types what is printed on the card front, without sending it.
    ///
    /// # Errors
    /// When the keypad does not work.
    pub async fn fill_code(&self, holder: &Holder) -> Result<()> {
        self.wait_screen(&["code"], SOON).await?;
        if self.offers("type-code").await? {
            self.press("type-code").await?;
        }
        self.press(&format!("era-{}", era(holder))).await?;
        self.press_digits(holder.verification_code_b().reveal()).await
    }

    /// Types and sends what is printed on the card front.
    ///
    /// # Errors
    /// When the keypad does not work.
    pub async fn enter_code(&self, holder: &Holder) -> Result<()> {
        self.fill_code(holder).await?;
        self.press("confirm").await
    }

    /// Types and sends a PIN.
    ///
    /// # Errors
    /// When the keypad does not work.
    pub async fn enter_pin(&self, pin: &str) -> Result<()> {
        self.wait_screen(&["pin"], SOON).await?;
        self.press_digits(pin).await?;
        self.press("confirm").await
    }

    /// Agrees to everything and gives the number that the person is told.
    ///
    /// # Errors
    /// When the visit does not come to its end.
    pub async fn consent(&self) -> Result<String> {
        // A page behind another one is not drawn, and cannot be pressed.
        self.page.bring_to_front().await?;
        self.wait_screen(&["consent_all"], SOON).await?;
        self.press("consent-all").await?;
        self.at("finished", SOON).await?;
        let number = "document.querySelector('[data-test=reception-number]')?.innerText ?? ''";
        let number = self.page.wait_for("a number", number, SOON).await?;
        Ok(number.as_str().unwrap_or_default().trim().to_owned())
    }

    /// Staff: types the passcode and picks a reason, without which nothing can be confirmed.
    ///
    /// # Errors
    /// When the screen does not offer it, or confirms without a reason.
    pub async fn enter_passcode(&self, reason: &str) -> Result<()> {
        self.wait_screen(&["staff"], SOON).await?;
        self.press_digits(PASSCODE).await?;
        ensure!(!self.offers("confirm").await?, "confirmed by eye without a chosen reason");
        self.press(&format!("reason-{reason}")).await?;
        self.press("confirm").await
    }

    /// Sets the size of the type in percent with the page's own control: 100 or 200.
    ///
    /// # Errors
    /// When the control does not get there.
    pub async fn set_text_size(&self, percent: u32) -> Result<()> {
        self.open_settings().await?;
        let shown = "parseInt(document.querySelector('[data-test=\"text-size\"]').innerText)";
        for _ in 0..12 {
            let now = self.page.evaluate(shown).await?.as_u64().unwrap_or_default();
            match now.cmp(&u64::from(percent)) {
                Ordering::Equal => return Ok(()),
                Ordering::Less => self.press("text-larger").await?,
                Ordering::Greater => self.press("text-smaller").await?,
            }
        }
        bail!("the size of the type does not become {percent} %")
    }

    /// Brings the settings into sight, which lie behind one button where there is little room.
    async fn open_settings(&self) -> Result<()> {
        let is_behind = "(() => { const open = document.querySelector('[data-test=\"settings-open\"]'); return open.checkVisibility() && open.ariaExpanded === 'false'; })()";
        if self.page.evaluate(is_behind).await? == true {
            self.press("settings-open").await?;
        }
        Ok(())
    }

    /// From the screen of a method to another one: `face`, `pin` or `visual`.
    ///
    /// # Errors
    /// When the screen does not offer it.
    pub async fn change_to(&self, method: &str) -> Result<()> {
        if self.offers("other-methods").await? {
            self.press("other-methods").await?;
        }
        self.press(&format!("choose-{method}")).await
    }

    /// Sets the language with the page's own control.
    ///
    /// # Errors
    /// When the control does not get there.
    pub async fn set_english(&self, english: bool) -> Result<()> {
        let wanted = if english { "en" } else { "ja" };
        if self.page.evaluate("document.documentElement.lang").await? != wanted {
            self.open_settings().await?;
            self.press(&format!("language-{wanted}")).await?;
        }
        let is_set = format!("document.documentElement.lang === '{wanted}'");
        self.page.wait_for("the language", &is_set, SOON).await.map(drop)
    }
}

/// The key of the era that stands on the card.
fn era(holder: &Holder) -> &'static str {
    match Era::of(holder.birth).map(|(era, _)| era) {
        Some(Era::Reiwa) => "reiwa",
        Some(Era::Heisei) => "heisei",
        Some(Era::Showa) => "showa",
        Some(Era::Taisho) => "taisho",
        Some(Era::Meiji | Era::Gregorian) | None => "meiji",
    }
}
