//! What a program spoke, made ready: without the silence around it, as loud as every other clip, and neither empty nor endless.

use std::io::Cursor;

use anyhow::{Context as _, Result, bail};
use hound::{SampleFormat, WavReader, WavWriter};

/// Shortest and longest clip, in seconds, with the silence at both ends: 「千」 alone takes less than 0.4.
const LENGTH_S: (f32, f32) = (0.3, 12.0);
/// Loudest sample of every clip; 1 = the most there is.
const PEAK: f32 = 0.7;
/// Below this a sample is silence, 1 = the most there is.
const SILENCE: f32 = 0.01;
/// Silence that is left at both ends, in seconds.
const MARGIN_S: f32 = 0.06;
/// Quietest clip: root of the mean square of its samples, 1 = the most there is.
const QUIETEST: f32 = 0.02;

/// Takes a WAV file (mono, 16 bits) and gives it back trimmed and levelled.
///
/// # Errors
/// When it is something else, silent, too short or too long.
pub(super) fn ready(wav: &[u8]) -> Result<Vec<u8>> {
    let mut reader = WavReader::new(wav).context("the program wrote no sound")?;
    let spec = reader.spec();
    if (spec.channels, spec.bits_per_sample, spec.sample_format) != (1, 16, SampleFormat::Int) {
        bail!("the program wrote a kind of sound that is not expected: {spec:?}");
    }
    let samples: Vec<i16> = reader.samples().collect::<Result<_, _>>()?;
    let samples: Vec<f32> = samples.into_iter().map(|s| f32::from(s) / 32_768.0).collect();
    let rate = f32::from(u16::try_from(spec.sample_rate).context("a strange rate of samples")?);
    let voiced = level(trim(&samples, rate));
    judge(&voiced, rate)?;
    let mut ready = Vec::new();
    let mut writer = WavWriter::new(Cursor::new(&mut ready), spec)?;
    for sample in voiced {
        // The peak keeps it inside of what 16 bits hold.
        #[expect(clippy::cast_possible_truncation, reason = "within ±32768 by the peak")]
        writer.write_sample((sample * 32_767.0).round() as i16)?;
    }
    writer.finalize()?;
    Ok(ready)
}

/// From the first sound to the last, with a little silence at both ends.
fn trim(samples: &[f32], rate: f32) -> &[f32] {
    let sounds = |sample: &f32| sample.abs() > SILENCE;
    let (Some(first), Some(last)) =
        (samples.iter().position(sounds), samples.iter().rposition(sounds))
    else {
        return &[];
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
    let margin = (MARGIN_S * rate) as usize;
    &samples[first.saturating_sub(margin)..(last + margin).min(samples.len())]
}

fn level(samples: &[f32]) -> Vec<f32> {
    let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    samples.iter().map(|sample| sample * PEAK / peak).collect()
}

fn judge(samples: &[f32], rate: f32) -> Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "some seconds of samples")]
    let count = samples.len() as f32;
    let seconds = count / rate;
    if !(LENGTH_S.0..=LENGTH_S.1).contains(&seconds) {
        bail!("it is {seconds:.1} s long, not {} to {} s", LENGTH_S.0, LENGTH_S.1);
    }
    let loudness = (samples.iter().map(|sample| sample * sample).sum::<f32>() / count).sqrt();
    if loudness < QUIETEST {
        bail!("it is almost silent");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `quiet` milliseconds of silence around `loud` ones of a tone.
    fn wav(quiet: u32, loud: u32, volume: i16) -> Vec<u8> {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 8000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut bytes = Vec::new();
        let mut writer = WavWriter::new(Cursor::new(&mut bytes), spec).unwrap();
        for at in 0..8 * (2 * quiet + loud) {
            let is_loud = (8 * quiet..8 * (quiet + loud)).contains(&at);
            let wave = if at % 16 < 8 { volume } else { -volume };
            writer.write_sample(if is_loud { wave } else { 0 }).unwrap();
        }
        writer.finalize().unwrap();
        bytes
    }

    #[test]
    fn silence_is_cut_and_a_quiet_voice_becomes_as_loud_as_others() {
        let ready = ready(&wav(1000, 2000, 3000)).unwrap();
        let samples: Vec<i16> =
            WavReader::new(&ready[..]).unwrap().samples().collect::<Result<_, _>>().unwrap();
        assert!((2000..2200).contains(&(samples.len() / 8)), "{} samples", samples.len());
        let peak = samples.iter().map(|s| s.unsigned_abs()).max().unwrap();
        assert!((22_800..=22_950).contains(&peak), "{peak}");
    }

    #[test]
    fn the_shortest_number_is_a_clip() {
        assert!(ready(&wav(1000, 250, 9000)).is_ok());
    }

    #[test]
    fn silent_short_endless_and_damaged_ones_are_refused() {
        assert!(ready(&wav(1000, 0, 0)).unwrap_err().to_string().contains("0.0 s long"));
        assert!(ready(&wav(1000, 100, 9000)).unwrap_err().to_string().contains("s long"));
        assert!(ready(&wav(0, 13_000, 9000)).unwrap_err().to_string().contains("13.0 s long"));
        assert!(ready(b"RIFF").is_err());
        // One click in a second of nothing.
        let mut click = vec![0.0_f32; 8000];
        (click[0], click[7999]) = (0.5, 0.5);
        assert!(judge(&level(&click), 8000.0).unwrap_err().to_string().contains("silent"));
    }
}
