//! Builds attack sets from portraits: `evaluate attacks PORTRAITS OUT` writes frames and `list.csv` into OUT.
//!
//! Drawn, not photographed: they show whether a cue reacts at all, not how real attacks fare.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::many_single_char_names,
    reason = "pixels of small pictures"
)]

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

/// Frames drawn for one presentation.
const FRAMES: u32 = 6;
const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;

/// How one frame is drawn: the photograph on a 640×480 canvas, and the number of the frame.
type Draw = fn(&RgbImage, u32) -> RgbImage;

const LIVE: Draw = |photo, n| moved(photo, n);
const SPECIES: [(&str, Draw); 7] = [
    ("print_border", |photo, n| sheet(photo, 0.62, Some(Rgb([238, 236, 230])), n)),
    ("print_no_border", |photo, n| printed(&moved(photo, n))),
    ("print_bent", |photo, n| bent(&sheet(photo, 0.8, None, n))),
    ("screen_phone", |photo, n| screen(photo, 0.5, 2.3, n)),
    ("screen_tablet", |photo, n| screen(photo, 0.75, 3.1, n)),
    ("screen_monitor", |photo, n| grid(&moved(photo, n), 4.4)),
    ("mask_cut_out", mask),
];

/// Draws every species from every JPEG in `portraits`.
///
/// # Errors
/// When there is no portrait, or the disk is full.
pub(crate) fn build(portraits: &Path, out: &Path) -> Result<()> {
    let mut files: Vec<_> = std::fs::read_dir(portraits)
        .with_context(|| format!("cannot list {}", portraits.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .collect();
    files.sort();
    ensure!(!files.is_empty(), "no .jpg in {}", portraits.display());
    std::fs::create_dir_all(out)?;
    let mut list = "path,label,species\n".to_owned();
    for file in &files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let photo = canvas(&image::open(file)?.to_rgb8());
        let live = frames(&photo, LIVE, out, &format!("{name}-live"))?;
        let _ = writeln!(list, "{},live,", live.join("|"));
        for (species, draw) in SPECIES {
            let drawn = frames(&photo, draw, out, &format!("{name}-{species}"))?;
            let _ = writeln!(list, "{},attack,{species}", drawn.join("|"));
        }
        let looped: Vec<String> = live.iter().cycle().take(30).cloned().collect();
        let _ = writeln!(list, "{},attack,video_looped", looped.join("|"));
        let _ = writeln!(list, "{},attack,still_injected", vec![live[0].clone(); 30].join("|"));
    }
    std::fs::write(out.join("list.csv"), list).context("cannot write the list")
}

fn frames(photo: &RgbImage, draw: Draw, out: &Path, name: &str) -> Result<Vec<String>> {
    let one = |n: u32| -> Result<String> {
        let file = format!("{name}-{n}.jpg");
        let seen = sensor(&draw(photo, n), n);
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 94).encode_image(&seen)?;
        std::fs::write(out.join(&file), bytes.into_inner())?;
        Ok(file)
    };
    (0..FRAMES).map(one).collect()
}

/// The photograph as a person before the camera: scaled to fill 640×480, from its upper part.
fn canvas(photo: &RgbImage) -> RgbImage {
    let scale = (f64::from(WIDTH) / f64::from(photo.width()))
        .max(f64::from(HEIGHT) / f64::from(photo.height()));
    let side = |length: u32| (f64::from(length) * scale).ceil() as u32;
    let scaled =
        imageops::resize(photo, side(photo.width()), side(photo.height()), FilterType::Triangle);
    let left = (scaled.width() - WIDTH) / 2;
    let top = (scaled.height() - HEIGHT) / 4;
    imageops::crop_imm(&scaled, left, top, WIDTH, HEIGHT).to_image()
}

/// A few pixels of movement.
fn moved(photo: &RgbImage, n: u32) -> RgbImage {
    let (dx, dy) = shift(n);
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let at =
            |value: u32, by: i32, side: u32| (value as i32 + by).clamp(0, side as i32 - 1) as u32;
        *photo.get_pixel(at(x, dx, WIDTH), at(y, dy, HEIGHT))
    })
}

fn shift(n: u32) -> (i32, i32) {
    let phase = n as f32 * 1.1;
    ((phase.sin() * 4.0) as i32, (phase.cos() * 3.0) as i32)
}

/// Noise of a sensor, other in every frame.
fn sensor(picture: &RgbImage, n: u32) -> RgbImage {
    let mut state = n.wrapping_mul(7919).wrapping_add(17);
    let mut noisy = picture.clone();
    for value in noisy.iter_mut() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let by = i32::from((state >> 24) as u8) % 7 - 3;
        *value = (i32::from(*value) + by).clamp(0, 255) as u8;
    }
    noisy
}

/// Ink: less contrast, a little yellow.
fn printed(picture: &RgbImage) -> RgbImage {
    let mut ink = picture.clone();
    for pixel in ink.pixels_mut() {
        let [r, g, b] = pixel.0.map(f32::from);
        pixel.0 = [28.0 + r * 0.78, 26.0 + g * 0.76, 24.0 + b * 0.68].map(|value| value as u8);
    }
    ink
}

/// A room: a grey wall, brighter on one side.
fn room() -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let light = 110.0 + x as f32 * 0.08 + y as f32 * 0.02;
        Rgb([light as u8, (light * 0.98) as u8, (light * 0.93) as u8])
    })
}

/// A print held before the camera, with or without a margin.
fn sheet(photo: &RgbImage, scale: f32, margin: Option<Rgb<u8>>, n: u32) -> RgbImage {
    let ink = printed(photo);
    let (width, height) = ((WIDTH as f32 * scale) as u32, (HEIGHT as f32 * scale) as u32);
    let ink = imageops::resize(&ink, width, height, FilterType::Triangle);
    let mut scene = room();
    let (dx, dy) = shift(n);
    let (x, y) = (
        i64::from((WIDTH - width) / 2) + i64::from(dx),
        i64::from((HEIGHT - height) / 2) + i64::from(dy),
    );
    if let Some(paper) = margin {
        let edge = width / 14;
        let sheet = RgbImage::from_pixel(width + 2 * edge, height + 2 * edge, paper);
        imageops::overlay(&mut scene, &sheet, x - i64::from(edge), y - i64::from(edge));
    }
    imageops::overlay(&mut scene, &ink, x, y);
    scene
}

/// Bent round an upright axis, with the shade that goes with it.
fn bent(picture: &RgbImage) -> RgbImage {
    let half = WIDTH as f32 / 2.0;
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let u = (x as f32 - half) / half;
        let from = (half + half * (u * 1.1).sin() / 1.1_f32.sin()).clamp(0.0, WIDTH as f32 - 1.0);
        let shade = 0.72 + 0.28 * (u * 1.1).cos();
        Rgb(picture.get_pixel(from as u32, y).0.map(|value| (f32::from(value) * shade) as u8))
    })
}

/// A lit screen with a dark bezel.
fn screen(photo: &RgbImage, scale: f32, period: f32, n: u32) -> RgbImage {
    let (width, height) = ((WIDTH as f32 * scale) as u32, (HEIGHT as f32 * scale) as u32);
    let shown = imageops::resize(photo, width, height, FilterType::Triangle);
    let shown = grid(&shown, period);
    let mut scene = room();
    let (dx, dy) = shift(n);
    let (x, y) = (
        i64::from((WIDTH - width) / 2) + i64::from(dx),
        i64::from((HEIGHT - height) / 2) + i64::from(dy),
    );
    let bezel = RgbImage::from_pixel(width + 24, height + 24, Rgb([14, 14, 16]));
    imageops::overlay(&mut scene, &bezel, x - 12, y - 12);
    imageops::overlay(&mut scene, &shown, x, y);
    scene
}

/// Pixels of a screen as a camera sees them: a fine lattice, a little turned, brighter and bluer than paper.
fn grid(picture: &RgbImage, period: f32) -> RgbImage {
    let mut lit = picture.clone();
    for (x, y, pixel) in lit.enumerate_pixels_mut() {
        let (u, v) = (x as f32 * 0.998 + y as f32 * 0.05, y as f32 * 0.998 - x as f32 * 0.05);
        let wave = |at: f32| 0.5 + 0.5 * (at * std::f32::consts::TAU / period).cos();
        let gate = 0.78 + 0.16 * wave(u) + 0.10 * wave(v);
        let [r, g, b] = pixel.0.map(f32::from);
        pixel.0 = [r * gate, g * gate * 1.02, (b * gate * 1.08) + 6.0]
            .map(|value| value.clamp(0.0, 255.0) as u8);
    }
    lit
}

/// The face cut out of a print and held before a dark pullover.
fn mask(photo: &RgbImage, n: u32) -> RgbImage {
    let ink = printed(&moved(photo, n));
    let mut scene = room();
    let (dx, _) = shift(n);
    for (x, y, pixel) in scene.enumerate_pixels_mut() {
        let u = (x as f32 - 320.0 - dx as f32) / 130.0;
        let v = (y as f32 - 210.0) / 175.0;
        if u * u + v * v < 1.0 {
            *pixel = *ink.get_pixel(x, y);
        } else if y > 330 && (x as f32 - 320.0).abs() < 120.0 + (y as f32 - 330.0) * 1.2 {
            *pixel = Rgb([36, 40, 52]);
        }
    }
    scene
}
