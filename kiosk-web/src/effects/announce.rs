//! Says a call: chime, then the clips of its sentences one after another. What cannot sound now is left out.

use super::page;
use super::sound::{Sound, Tone};
use super::voice::{BEFORE, Clips, NOW, fetch};
use wasm_bindgen::JsValue;
use web_sys::AudioContext;

/// Between the chime and the first word, in seconds.
const AFTER_CHIME_S: f64 = 0.2;
/// Between two pieces of a number, and before the place.
const PIECE_S: f64 = 0.03;
const PLACE_S: f64 = 0.25;

/// Says it; comes back when all of it was heard. `sentences`: the last one says where to go.
pub(crate) async fn announce(sound: &Sound, clips: &Clips, sentences: &[String]) {
    sound.play(Tone::Call);
    let text = sentences.join(" ");
    page::mark_root(NOW, Some(&text));
    if say(sound, clips, sentences).await.is_err() {
        leptos::logging::warn!("no voice");
    }
    page::mark_root(NOW, None);
    page::mark_root(BEFORE, Some(&text));
}

async fn say(sound: &Sound, clips: &Clips, sentences: &[String]) -> Result<(), JsValue> {
    let Some(context) = sound.running() else { return Ok(()) };
    let mut spoken = Vec::new();
    for sentence in sentences {
        if let Some(address) = clips.address(sentence) {
            spoken.push(fetch(&context, &address).await?);
        }
    }
    let last = spoken.len().saturating_sub(1);
    let mut at = sound.free_at(&context, AFTER_CHIME_S);
    for (place, clip) in spoken.iter().enumerate() {
        if place > 0 {
            at += if place == last { PLACE_S } else { PIECE_S };
        }
        let source = context.create_buffer_source()?;
        source.set_buffer(Some(clip));
        source.connect_with_audio_node(&context.destination())?;
        source.start_with_when(at)?;
        at += clip.duration();
    }
    page::pause(until_ms(&context, at)).await;
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few seconds, clamped"
)]
fn until_ms(context: &AudioContext, end_s: f64) -> u32 {
    ((end_s - context.current_time()) * 1000.0).clamp(0.0, 30_000.0) as u32
}
