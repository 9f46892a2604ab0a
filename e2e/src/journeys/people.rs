//! (h) The ten people who differ most, each to an end that can be claimed; and somebody without a card.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use virtual_card::Speed;

use crate::card::PIN;
use crate::kiosk::SOON;
use crate::stage::Stage;

/// What is done and seen.
enum Step {
    /// This screen is shown.
    At(&'static str),
    /// Something with this `data-test` is on it.
    Has(&'static str),
    /// Press it.
    Press(&'static str),
    /// Choose the PIN and type it.
    Pin,
    /// Staff confirm by eye, for this reason.
    Staff(&'static str),
    /// Agree to one topic after another.
    AgreeOneByOne,
}
use Step::{AgreeOneByOne, At, Has, Pin, Press, Staff};

/// A practice card, and the way to the result screen.
struct Visitor {
    persona: &'static str,
    steps: &'static [Step],
}

const ALL: Step = Press("consent-all");
const NONE: Step = Press("consent-none");

const VISITORS: [Visitor; 10] = [
    Visitor {
        persona: "not-registered",
        steps: &[At("application"), Press("continue"), Pin, At("consent_all"), ALL],
    },
    Visitor {
        persona: "expired-grace",
        steps: &[
            At("method"),
            Has("certificate-alert"),
            Pin,
            At("consent_skipped"),
            Press("continue"),
        ],
    },
    Visitor {
        persona: "expired-long",
        steps: &[
            At("card_problem"),
            Press("other-ways"),
            At("fallback"),
            Has("usual-share"),
            Press("way-oral"),
        ],
    },
    Visitor {
        persona: "pin-locked",
        steps: &[At("method"), Staff("pin_unavailable"), At("consent_all"), NONE],
    },
    Visitor { persona: "circle-in-name", steps: &[Pin, At("consent_all"), NONE] },
    Visitor {
        persona: "invalid",
        steps: &[Pin, At("consent_all"), ALL, At("fallback"), Press("way-desk")],
    },
    Visitor {
        persona: "two-qualifications",
        steps: &[Pin, At("consent_all"), ALL, At("fallback"), Press("way-desk")],
    },
    Visitor {
        persona: "down-query",
        steps: &[Pin, At("consent_all"), ALL, At("fallback"), Press("way-desk")],
    },
    Visitor {
        persona: "specific-disease",
        steps: &[Pin, At("consent_all"), Press("consent-choose"), AgreeOneByOne],
    },
    Visitor { persona: "revoked", steps: &[At("fallback"), Press("way-desk")] },
];

/// What the result screen has to show beside the number, for some.
const SHOWN: [(&str, &str); 3] =
    [("circle-in-name", "person-kana"), ("down-query", "parked"), ("specific-disease", "consents")];

pub(super) async fn each_to_an_end(stage: &mut Stage) -> Result<()> {
    for (number, visitor) in (1..).zip(&VISITORS) {
        let persona = visitor.persona;
        visit(stage, visitor, number).await.with_context(|| persona.to_owned())?;
        println!("  {persona}: number {number}");
    }
    without_a_card(stage).await
}

async fn visit(stage: &mut Stage, visitor: &Visitor, number: u16) -> Result<()> {
    let card = Stage::card(visitor.persona)?;
    stage.place(&card, Speed::Instant)?;
    for step in visitor.steps {
        walk(stage, step).await?;
    }
    stage.kiosk.wait_screen(&["finished"], SOON).await?;
    stage.kiosk.shoot(&format!("{}-finished", visitor.persona)).await?;
    let shown = "document.querySelector('[data-test=\"reception-number\"]')?.innerText?.trim()";
    let shown = stage.kiosk.page.evaluate(shown).await?;
    ensure!(shown == json!(number.to_string()), "the number is {shown}, not {number}");
    for (_, test) in SHOWN.iter().filter(|(persona, _)| *persona == visitor.persona) {
        has(stage, test).await?;
    }
    stage.kiosk.press("continue").await?;
    stage.kiosk.wait_screen(&["take_card"], SOON).await?;
    stage.take().await
}

async fn walk(stage: &Stage, step: &Step) -> Result<()> {
    let kiosk = &stage.kiosk;
    match step {
        At(screen) => kiosk.at(screen, SOON).await,
        Has(test) => has(stage, test).await,
        Press(test) => kiosk.press(test).await,
        Pin => {
            kiosk.choose("pin").await?;
            kiosk.enter_pin(PIN).await
        }
        Staff(reason) => {
            kiosk.choose("visual").await?;
            kiosk.enter_passcode(reason).await
        }
        AgreeOneByOne => agree_one_by_one(stage).await,
    }
}

async fn agree_one_by_one(stage: &Stage) -> Result<()> {
    let mut answered = String::new();
    for _ in 0..=4 {
        // The screen's name at the end, else where the person is: another place than before.
        let asked = format!(
            "((s, at) => s === 'finished' ? s : s === 'consent_one' && at && at !== {} && at)(document.querySelector('[data-screen]')?.dataset.screen, document.querySelector('[data-test=\"position\"]')?.innerText)",
            json!(answered)
        );
        let shown = stage.kiosk.page.wait_for("the next topic", &asked, SOON).await?;
        if shown == "finished" {
            return Ok(());
        }
        answered = shown.as_str().unwrap_or_default().to_owned();
        stage.kiosk.press("agree").await?;
    }
    bail!("more topics than there are")
}

async fn has(stage: &Stage, test: &str) -> Result<()> {
    let there = format!("!!document.querySelector('[data-test=\"{test}\"]')");
    match stage.kiosk.page.evaluate(&there).await? {
        Value::Bool(true) => Ok(()),
        _ => bail!("`{test}` is not on the screen"),
    }
}

async fn without_a_card(stage: &Stage) -> Result<()> {
    let kiosk = &stage.kiosk;
    kiosk.press("other-ways").await?;
    kiosk.at("fallback", SOON).await?;
    kiosk.press("way-eligibility_certificate").await?;
    kiosk.at("numbers", SOON).await?;
    kiosk.press("back").await?;
    kiosk.wait_screen(&["fallback"], SOON).await?;
    kiosk.press("back").await?;
    kiosk.wait_screen(&["idle"], SOON).await.map(drop)
}
