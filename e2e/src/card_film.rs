//! A camera film in which a card front is shown first and then a person looks into the camera. A browser has one fake camera,
//! which begins anew whenever it is opened.

use std::path::{Path, PathBuf};

use anyhow::Result;
use card_front::Reading;
use card_front::render::{Fonts, Front, Scene, card, frame};
use checkin::era::Era;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use virtual_card::Holder;

use crate::camera::{MARGIN, Portrait};
use crate::film::{self, Film};

/// Size of the film in pixels, frames per second, and frames of each part: 3 s of the card, 5 s of the person.
const SIZE: (u32, u32) = (1280, 720);
const FRAMES_PER_S: u32 = 10;
const PARTS: (usize, usize) = (30, 50);
/// How card and scene are drawn.
const SEED: u64 = 11;

/// Writes the film into `folder` unless it is there, and gives its path.
///
/// # Errors
/// When fonts or the portrait are missing or the disk is full.
pub fn card_then_person(holder: &Holder, person: &Portrait, folder: &Path) -> Result<PathBuf> {
    let file = folder.join(format!("card-{}", person.file)).with_extension("y4m");
    film::kept(file, SIZE, FRAMES_PER_S, |film| shoot(holder, person, film))
}

fn shoot(holder: &Holder, person: &Portrait, film: &mut Film) -> Result<()> {
    let fonts = Fonts::load(&crate::root().join("crates/card-front/files/fonts"), |_| true)?;
    let picture = card(&Front::of(reading(holder)?, SEED), &fonts);
    let mut scene = Scene::new(SEED);
    for _ in 0..PARTS.0 {
        let grey = frame(&picture, &mut scene);
        // Limited range, as cameras send it; no colour.
        let luma = |value: &u8| 16 + u8::try_from(u16::from(*value) * 219 / 255).unwrap_or(219);
        let mut planes: Vec<u8> = grey.data.iter().map(luma).collect();
        planes.resize(planes.len() * 3 / 2, 128);
        film.add(&planes)?;
    }
    let wall = person.before_a_wall(&person.open()?);
    let large = (
        wall.width() * SIZE.1 / (wall.height() - 2 * MARGIN),
        wall.height() * SIZE.1 / (wall.height() - 2 * MARGIN),
    );
    let wall = imageops::resize(&wall, large.0, large.1, FilterType::Triangle);
    for number in 0..PARTS.1 {
        let mut shown = RgbImage::from_pixel(SIZE.0, SIZE.1, Rgb([186, 184, 178]));
        // A slow sway.
        let sway = i64::try_from(number % 10).unwrap_or(0) - 5;
        let left = (i64::from(SIZE.0) - i64::from(wall.width())) / 2 + sway;
        let top = (i64::from(SIZE.1) - i64::from(wall.height())) / 2;
        imageops::overlay(&mut shown, &wall, left, top);
        film.add_picture(&shown, 1.0)?;
    }
    Ok(())
}

/// What is printed on the holder's card.
fn reading(holder: &Holder) -> Result<Reading> {
    let code = holder.verification_code_b();
    let digits: Vec<u8> = code.reveal().bytes().map(|digit| digit - b'0').collect();
    let two = |at: usize| 10 * digits[at] + digits[at + 1];
    let era = Era::of(holder.birth).map_or(Era::Meiji, |(era, _)| era);
    let era = Era::JAPANESE.iter().position(|other| *other == era).unwrap_or(0);
    Ok(Reading {
        era: u8::try_from(era)?,
        era_year: two(0),
        month: two(2),
        day: two(4),
        expiry_year: u16::try_from(holder.card_expiry.year())?,
        code: std::array::from_fn(|at| digits[10 + at]),
    })
}
