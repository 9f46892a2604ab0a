//! The pipeline with the real models on public-domain portraits, and on bytes that are no photo at all.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(clippy::many_single_char_names, reason = "coordinates")]

mod damaged;
mod golden;
mod hints;
mod honest;
mod portraits;
mod presence;
mod scene;
