//! The programs that speak, and what is checked before a clip is kept.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::sound;
use crate::command::{command, exists, output};
use crate::files;

/// Debian's dictionary for `open_jtalk`.
const DICTIONARY: &str = "/var/lib/mecab/dic/open-jtalk/naist-jdic";
/// Where clips are made.
const WORKSHOP: &str = "target/voice";
/// Kilobits a second: speech stays clear, and all clips together stay below some megabytes.
const KILOBITS: &str = "20";
/// Goes up when this code makes other clips of the same words.
const VERSION: &str = "1";

/// Which program speaks a language, and how it is called.
#[derive(Clone, Deserialize)]
#[serde(tag = "program", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Manner {
    /// `open_jtalk`, for Japanese.
    OpenJtalk {
        /// 1: as the voice was recorded.
        rate: String,
    },
    /// `espeak-ng`, for anything else.
    EspeakNg {
        /// Name of its voice.
        voice: String,
        /// Words a minute.
        speed: String,
    },
}

/// Names of the programs and files that are missing.
pub(super) fn missing() -> Vec<&'static str> {
    let mut missing: Vec<&str> =
        ["open_jtalk", "espeak-ng", "opusenc"].into_iter().filter(|name| !exists(name)).collect();
    if !Path::new(DICTIONARY).is_dir() {
        missing.push("open_jtalk's dictionary");
    }
    missing
}

/// A sentence to be spoken.
pub(super) struct Clip {
    /// By the name of its file in `locales/`.
    pub(super) language: String,
    /// As it stands on the screen.
    pub(super) sentence: String,
    /// Hash of all that makes the clip.
    pub(super) recipe: String,
    manner: Manner,
    /// As the program gets it.
    said: String,
    /// Katakana that must be heard, and how often.
    heard: Vec<(String, usize)>,
}

impl Clip {
    /// Applies the readings, and notes what must be heard.
    pub(super) fn new(
        language: &str,
        sentence: String,
        readings: &[(String, String)],
        heard: &BTreeMap<String, String>,
        manner: &Manner,
        voice_sha256: &str,
    ) -> Self {
        let said = readings
            .iter()
            .fold(sentence.clone(), |said, (written, read)| said.replace(written.as_str(), read));
        let heard: Vec<(String, usize)> = heard
            .iter()
            .map(|(word, kana)| (kana.clone(), sentence.matches(word.as_str()).count()))
            .filter(|(_, count)| *count > 0)
            .collect();
        let how = match manner {
            Manner::OpenJtalk { rate } => format!("{rate} {voice_sha256} {heard:?}"),
            Manner::EspeakNg { voice, speed } => format!("{voice} {speed}"),
        };
        let recipe = files::sha256(format!("{VERSION}\n{language}\n{how}\n{said}").as_bytes());
        let (language, manner) = (language.to_owned(), manner.clone());
        Self { language, sentence, recipe, manner, said, heard }
    }
}

/// Who speaks.
pub(super) struct Speaker<'a> {
    /// File of the Japanese voice.
    pub(super) voice: &'a Path,
}

impl Speaker<'_> {
    /// Ogg Opus files of some clips in their order, made on every core. Instead of a clip, why there is none: a program failed, a
    /// word is read wrong, or the clip is silent or of a strange length.
    ///
    /// # Errors
    /// When the disk is full.
    pub(super) fn speak(&self, clips: &[&Clip]) -> Result<Vec<Result<Vec<u8>>>> {
        files::create_folder(Path::new(WORKSHOP))?;
        let next = AtomicUsize::new(0);
        let work = || {
            let mut made = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(clip) = clips.get(at) else { break made };
                made.push((at, self.clip(clip)));
            }
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let mut made: Vec<(usize, Result<Vec<u8>>)> = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
        });
        made.sort_by_key(|(at, _)| *at);
        files::remove_folder(Path::new(WORKSHOP))?;
        if made.len() != clips.len() {
            bail!("a thread that speaks has died");
        }
        Ok(made.into_iter().map(|(_, clip)| clip).collect())
    }

    fn clip(&self, clip: &Clip) -> Result<Vec<u8>> {
        let file = |kind: &str| Path::new(WORKSHOP).join(&clip.recipe).with_extension(kind);
        let make = || -> Result<Vec<u8>> {
            match &clip.manner {
                Manner::OpenJtalk { rate } => {
                    self.open_jtalk(rate, clip, &file("wav"), &file("txt"))?;
                }
                Manner::EspeakNg { voice, speed } => espeak_ng(voice, speed, clip, &file("wav"))?,
            }
            let ready = sound::ready(&files::read(&file("wav"))?)?;
            encode(&ready, &file("opus"))
        };
        make().with_context(|| format!("cannot speak 「{}」", clip.sentence))
    }

    fn open_jtalk(&self, rate: &str, clip: &Clip, wav: &Path, trace: &Path) -> Result<()> {
        let mut program = Command::new("open_jtalk");
        program.args(["-x", DICTIONARY, "-r", rate, "-m"]).arg(self.voice);
        program.arg("-ow").arg(wav).arg("-ot").arg(trace);
        feed(&mut program, clip.said.as_bytes())?;
        let kana = kana(&files::read_text(trace)?);
        for (wanted, count) in &clip.heard {
            if kana.matches(wanted.as_str()).count() < *count {
                bail!("it is read {kana}, without {wanted}: mend `readings` or `heard`");
            }
        }
        Ok(())
    }
}

fn espeak_ng(voice: &str, speed: &str, clip: &Clip, wav: &Path) -> Result<()> {
    let mut program = command("espeak-ng", ["-v", voice]);
    program.args(["-s", speed, "-w"]).arg(wav);
    output(program.arg("--").arg(&clip.said)).map(drop)
}

/// The same sound gives the same file: the serial number of the stream is fixed.
fn encode(wav: &[u8], opus: &Path) -> Result<Vec<u8>> {
    let mut program = Command::new("opusenc");
    program.args(["--quiet", "--bitrate", KILOBITS, "--comp", "5", "--serial", "1", "-"]).arg(opus);
    feed(&mut program, wav)?;
    files::read(opus)
}

/// Runs a program to the end with some bytes as its standard input.
fn feed(program: &mut Command, bytes: &[u8]) -> Result<()> {
    let name = program.get_program().to_string_lossy().into_owned();
    program.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = program.spawn().with_context(|| format!("cannot start {name}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // What it did not read, it answers for by its status.
        let _: std::io::Result<()> = stdin.write_all(bytes);
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(());
    }
    bail!("{name} failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim())
}

/// How a sentence is said, out of `open_jtalk`'s trace: word by word, in the tenth column, with marks (’) where a vowel is
/// lost.
pub(super) fn kana(trace: &str) -> String {
    let words = trace.lines().skip(1).take_while(|line| !line.starts_with("[Output"));
    words.filter_map(|word| word.split(',').nth(9)).map(|kana| kana.replace('’', "")).collect()
}
