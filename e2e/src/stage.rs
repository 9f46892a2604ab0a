//! Everything one journey needs: reader, card, bridge, browser with a film, and the kiosk page.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use virtual_card::Speed;
use virtual_card::harness::{InsertedCard, Pcscd, Slot};

use crate::bridge::{Bridge, Serves, Settings};
use crate::camera::OBAMA;
use crate::card::{Card, Digits};
use crate::cdp::Browser;
use crate::kiosk::{Kiosk, SOON};

/// Folder of everything that the journeys leave behind.
pub fn output() -> PathBuf {
    crate::root().join("target/e2e")
}

/// A running kiosk with nobody before it, or a person with a face.
pub struct Stage {
    /// Where cards are placed.
    reader: Slot,
    /// Those of further kiosks, where the bridge has them: the other slot of this reader, and the first one of another.
    pub further: [Slot; 2],
    /// The bridge under test.
    pub bridge: Bridge,
    /// The browser; it must outlive the page.
    pub browser: Browser,
    /// The kiosk page.
    pub kiosk: Kiosk,
    placed: Option<InsertedCard>,
}

impl Stage {
    /// How many readers a stage needs.
    pub const READERS: usize = 2;

    /// Starts bridge and browser, its camera showing `film`, and opens the kiosk page.
    ///
    /// # Errors
    /// When a part does not start.
    pub async fn set(
        pcscd: &Pcscd,
        journey: &str,
        serves: Serves,
        settings: Settings,
        film: &Path,
    ) -> Result<Self> {
        let log = output().join(format!("logs/{journey}.log"));
        let bridge = Bridge::start(log, serves, settings).await?;
        let browser = Browser::launch(film, bridge.network_key()?.as_deref()).await?;
        let page = browser.page().await?;
        // The whole of a usual kiosk screen; the window itself has a frame.
        page.resize(1280, 800).await?;
        let kiosk = Kiosk::new(page, output().join("screens"), journey);
        let (reader, further) = (pcscd.slot(0, 0), [pcscd.slot(0, 1), pcscd.slot(1, 0)]);
        let stage = Self { reader, further, bridge, browser, kiosk, placed: None };
        stage.kiosk.page.navigate(&stage.bridge.url()).await?;
        Ok(stage)
    }

    /// The test person's card with the portrait on it.
    ///
    /// # Errors
    /// When the persona or the portrait is missing.
    pub fn card(persona: &str) -> Result<Card> {
        Self::card_served(persona, Serves::Practice)
    }

    /// The same person's card with a certificate that the simulator does not know.
    ///
    /// # Errors
    /// As [`Self::card`].
    pub fn unknown_card(persona: &str) -> Result<Card> {
        let card = Card::unknown(persona, &OBAMA, Serves::Practice, &output().join("cards"))?;
        card.warm_up();
        Ok(card)
    }

    /// The same for a bridge that serves patients.
    ///
    /// # Errors
    /// As [`Self::card`].
    pub fn patient_card(persona: &str) -> Result<Card> {
        Self::card_served(persona, Serves::Patients)
    }

    /// The test person's card with other digits than usual.
    ///
    /// # Errors
    /// As [`Self::card`].
    pub fn card_with(persona: &str, digits: &Digits) -> Result<Card> {
        let folder = output().join("cards");
        let card = Card::with(persona, Some(digits), &OBAMA, Serves::Practice, &folder)?;
        card.warm_up();
        Ok(card)
    }

    fn card_served(persona: &str, served: Serves) -> Result<Card> {
        let card = Card::new(persona, &OBAMA, served, &output().join("cards"))?;
        card.warm_up();
        Ok(card)
    }

    /// Lays the card on the reader.
    ///
    /// # Errors
    /// When one lies there already.
    pub fn place(&mut self, card: &Card, speed: Speed) -> Result<Instant> {
        if self.placed.is_some() {
            bail!("a card lies on the reader already");
        }
        let now = Instant::now();
        self.placed = Some(card.place(&self.reader, speed));
        Ok(now)
    }

    /// Pulls the card, and gives the moment at which it began to move.
    ///
    /// # Errors
    /// When there is none.
    pub fn pull(&mut self) -> Result<Instant> {
        let card = self.placed.take().context("no card lies on the reader")?;
        let now = Instant::now();
        card.pull();
        Ok(now)
    }

    /// Takes the card and ends what is still open, until the idle screen is there.
    ///
    /// # Errors
    /// When the screen does not come.
    pub async fn take(&mut self) -> Result<()> {
        self.pull()?;
        self.settle().await
    }

    /// From any screen without its card to the idle screen.
    ///
    /// # Errors
    /// When the screen does not come.
    pub async fn settle(&mut self) -> Result<()> {
        match self.kiosk.wait_screen(&["card_away", "farewell", "idle"], SOON).await?.as_str() {
            "card_away" => self.kiosk.press("stop").await?,
            "farewell" => self.kiosk.press("continue").await?,
            _ => {}
        }
        self.kiosk.wait_screen(&["idle"], SOON).await.map(drop)
    }

    /// For a failed journey: screen, console, end of the bridge's log, and a picture of every page.
    pub async fn confess(&self) -> String {
        let screen = self.kiosk.screen().await.unwrap_or_else(|error| format!("({error:#})"));
        let pictures = match self.pictures().await {
            Ok(pictures) => pictures.join(" "),
            Err(error) => format!("none ({error:#})"),
        };
        let console = self.kiosk.page.console();
        let console = console[console.len().saturating_sub(20)..].join("\n    ");
        let log = self.bridge.log_tail(20).replace('\n', "\n    ");
        format!(
            "  screen: {screen}\n  pictures: {pictures}\n  console:\n    {console}\n  bridge:\n    {log}"
        )
    }

    async fn pictures(&self) -> Result<Vec<String>> {
        let mut files = Vec::new();
        for (number, page) in (1..).zip(self.browser.open_pages().await?) {
            // A page behind another one is not drawn.
            page.bring_to_front().await?;
            let file = output().join(format!("screens/failure-{number}.png"));
            page.screenshot(&file).await?;
            files.push(file.display().to_string());
        }
        Ok(files)
    }
}
